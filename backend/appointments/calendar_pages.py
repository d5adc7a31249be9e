"""The desk's calendar, the link by which a calendar program reads it, and the file that it reads."""

from datetime import date

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from backend.access import GuardedRoute, StaffDoor, Visit, keyed
from backend.appointments.calendar import VIEWS, show, today
from backend.appointments.feed import end_links, has_link, make_link, whose, write_calendar
from backend.desk.handling import to
from backend.desk.pages import Pages
from backend.house import House
from backend.staff import Did, Right, record

TYPE = "text/calendar; charset=utf-8"


def calendar_routes(house: House, pages: Pages, door: StaffDoor) -> list[GuardedRoute]:
    """The calendar is for whoever sees the queue; the feed for whoever has its link."""
    desk = _Calendar(house, pages)
    return [
        door.route("/desk/calendar", desk.shown, right=Right.QUEUE),
        door.route("/desk/calendar/link", desk.link, right=Right.ACT),
        door.route("/desk/calendar/link", desk.make, right=Right.ACT, methods=["POST"]),
        door.route("/desk/calendar/link/end", desk.end, right=Right.ACT, methods=["POST"]),
        door.route("/desk/calendar/file", desk.file, right=Right.ACT),
        keyed("/calendar/{token}.ics", desk.feed, by="a practitioner's own link, which they can end"),
    ]


class _Calendar:
    def __init__(self, house: House, pages: Pages) -> None:
        self._house, self._pages = house, pages

    async def shown(self, visit: Visit) -> Response:
        """A day, a week, or what comes."""
        asked = visit.request.query_params
        view = asked.get("view", "week") if asked.get("view") in VIEWS else "week"
        mine = asked.get("who") != "all" and visit.actor.may(Right.ACT)
        on = _day(asked.get("on", "")) or today(self._house)
        page = await self._house.store.read(lambda c: show(c, self._house, visit.actor, view, on, mine=mine))
        return self._pages.show("calendar.html", visit, page=page, views=tuple(VIEWS), today=today(self._house))

    async def link(self, visit: Visit, address: str = "") -> Response:
        """What a link is, whether there is one, and how to make and end it."""
        there = await self._house.store.read(lambda c: has_link(c, visit.actor.staff_id))
        title = self._house.settings.calendar_title
        return self._pages.show("calendar_link.html", visit, address=address, there=there, title=title)

    async def make(self, visit: Visit) -> Response:
        """A new link, shown this once; the earlier one ends."""

        def work(c: Connection) -> str:
            record(c, self._house, visit.actor.staff_id, Did.MADE_LINK, "staff", visit.actor.staff_id)
            return make_link(c, self._house, visit.actor.staff_id)

        token = await self._house.store.write(work)
        base = self._house.settings.public_url or str(visit.request.base_url)
        return await self.link(visit, f"{base.rstrip('/')}/calendar/{token}.ics")

    async def end(self, visit: Visit) -> Response:
        """The link opens nothing any more."""

        def work(c: Connection) -> None:
            record(c, self._house, visit.actor.staff_id, Did.ENDED_LINK, "staff", visit.actor.staff_id)
            end_links(c, self._house, visit.actor.staff_id)

        await self._house.store.write(work)
        return to("/desk/calendar/link")

    async def file(self, visit: Visit) -> Response:
        """The same calendar once, to be opened by hand."""
        staff_id = visit.actor.staff_id
        made = await self._house.store.read(lambda c: write_calendar(c, self._house, staff_id))
        return Response(made, media_type=TYPE, headers={"content-disposition": 'attachment; filename="calendar.ics"'})

    async def feed(self, request: Request) -> Response:
        """The calendar of whoever made this link; without a link that is open, there is nothing."""
        token = request.path_params["token"]

        def work(c: Connection) -> bytes | None:
            staff_id = whose(c, self._house, token)
            return None if staff_id is None else write_calendar(c, self._house, staff_id)

        made = await self._house.store.read(work)
        return PlainTextResponse("Not found", 404) if made is None else Response(made, media_type=TYPE)


def _day(text: str) -> date | None:
    """A day from an address; None for what is no day, or lies beyond any calendar."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
