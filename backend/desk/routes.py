"""The addresses of the desk, and what happens at each. Ids in them are row ids, which mean nothing outside."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from backend.access import GuardedRoute, Refusal, StaffDoor, Visit, forget, public, remember
from backend.appointments.booking_pages import booking_routes
from backend.appointments.calendar_pages import calendar_routes
from backend.appointments.pages import appointment_routes
from backend.checkins.pages import plan_routes
from backend.conversations.ownership import show_writing
from backend.desk.acts import OwnerChangedError, accept_referral, acknowledge_alert, give_back, send_words, take
from backend.desk.compose import LONGEST, Preview
from backend.desk.contact_pages import waiting_items
from backend.desk.contact_routes import contact_routes
from backend.desk.handling import or_gone, row_id, to
from backend.desk.outages import read_outages
from backend.desk.pages import HERE, Pages
from backend.desk.queue import read_queue
from backend.desk.records import ConversationPage, open_conversation, open_referral, preview_draft
from backend.house import House
from backend.staff import Right, end_session, log_in
from backend.tasks.pages import task_routes
from channels.webchat.web import read_form
from safety.types import Drop

T = TypeVar("T")


def routes(house: House) -> list[GuardedRoute]:
    """Everything under /desk. Two of them are public: the log-in, and how the pages look."""
    desk = _Desk(house)
    door = StaffDoor(house, desk.pages.refuse)
    talk = "/desk/conversations/{id:int}"
    return [
        public("/desk/login", desk.ask_password, why="a practitioner logs in here"),
        public("/desk/login", desk.check_password, why="a practitioner logs in here", methods=["POST"]),
        public("/desk/static/{name}", _asset, why="a style sheet and a script, which hold nothing about anybody"),
        door.route("/desk", desk.now, right=None),
        door.route("/desk/logout", desk.leave, right=None, methods=["POST"]),
        door.route(
            "/desk/alerts/{id:int}/acknowledge",
            or_gone(desk.pages, desk.acknowledge),
            right=Right.ACKNOWLEDGE,
            methods=["POST"],
        ),
        door.route("/desk/referrals/{id:int}", or_gone(desk.pages, desk.referral), right=Right.READ),
        door.route(
            "/desk/referrals/{id:int}/accept", or_gone(desk.pages, desk.accept), right=Right.ACT, methods=["POST"]
        ),
        door.route(talk, or_gone(desk.pages, desk.conversation), right=Right.READ),
        door.route(f"{talk}/preview", or_gone(desk.pages, desk.preview), right=Right.ACT, methods=["POST"]),
        door.route(f"{talk}/send", or_gone(desk.pages, desk.send), right=Right.ACT, methods=["POST"]),
        door.route(f"{talk}/take", or_gone(desk.pages, desk.take_over), right=Right.ACT, methods=["POST"]),
        door.route(f"{talk}/hand-back", or_gone(desk.pages, desk.hand_back), right=Right.ACT, methods=["POST"]),
        *contact_routes(house, desk.pages, door),
        *plan_routes(house, desk.pages, door),
        *task_routes(house, desk.pages, door),
        *booking_routes(house, desk.pages, door),
        *appointment_routes(house, desk.pages, door),
        *calendar_routes(house, desk.pages, door),
    ]


async def _asset(request: Request) -> Response:
    folder, name = HERE / "static", request.path_params["name"]
    if name not in {entry.name for entry in folder.iterdir()}:
        raise HTTPException(404)
    return FileResponse(folder / name)


class _Desk:
    def __init__(self, house: House) -> None:
        self._house, self.pages = house, Pages(house)

    async def ask_password(self, _: Request) -> Response:
        """The log-in page."""
        return self.pages.login()

    async def check_password(self, request: Request) -> Response:
        """A right password opens the desk; everything else gets the same answer."""
        form = await read_form(request)
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return self.pages.refuse(request, Refusal.OLD_PAGE)
        token = await log_in(self._house, form.get("email", ""), form.get("password", ""))
        if token is None:
            return self.pages.login("wrong", 401)
        response = to("/desk")
        remember(response, self._house, token)
        return response

    async def leave(self, visit: Visit) -> Response:
        """Log out."""
        await self._house.store.write(lambda c: end_session(c, self._house, visit.actor))
        response = self.pages.login("left")
        forget(response, self._house)
        return response

    async def now(self, visit: Visit) -> Response:
        """What needs somebody now."""
        if not visit.actor.may(Right.QUEUE):
            return self.pages.show("nothing_here.html", visit)
        house, reads = self._house, visit.actor.may(Right.READ)
        queue, changes, outages = await house.store.read(
            lambda c: (
                read_queue(c, house, visit.actor),
                waiting_items(c, house) if reads else [],
                read_outages(c, house, self.pages.wall),
            )
        )
        return self.pages.show("now.html", visit, queue=queue, changes=changes, outages=outages)

    async def acknowledge(self, visit: Visit) -> Response:
        """One press: it stops repeating, and whoever may read is where it happens."""
        link = await self._write(visit, acknowledge_alert)
        self._house.wake.ring()
        return to(link)

    async def referral(self, visit: Visit, problem: str = "", status: int = 200) -> Response:
        """A referral, the safe-contact profile first."""
        page = await self._house.store.write(lambda c: open_referral(c, self._house, visit.actor, row_id(visit)))
        return self.pages.show("referral.html", visit, status, page=page, problem=problem)

    async def accept(self, visit: Visit) -> Response:
        """A practitioner makes a case of it, under the pathway they chose (R31)."""
        problem = await self._write(visit, accept_referral)
        if problem:
            return await self.referral(visit, problem, 409)
        return to(f"/desk/referrals/{row_id(visit)}")

    async def conversation(self, visit: Visit) -> Response:
        """The thread, and a place to write."""
        return await self._conversation(visit)

    async def preview(self, visit: Visit) -> Response:
        """What would become of the draft; nothing is sent. An open page shows that somebody is writing."""
        page = await self._conversation(visit, visit.form.get("text", "")[:LONGEST])
        await show_writing(self._house, row_id(visit), visit.actor.staff_id)
        return page

    async def send(self, visit: Visit) -> Response:
        """Queue the words; where the gate would drop them nothing happens, and the page says why."""
        draft = visit.form.get("text", "").strip()
        if not draft or len(draft) > LONGEST:
            return await self._conversation(visit, draft, "refused")
        try:
            decision = await self._write(visit, send_words)
        except OwnerChangedError:
            return await self._conversation(visit, draft, "taken")
        if isinstance(decision, Drop):
            return await self._conversation(visit, draft, "refused")
        return self._back(visit)

    async def take_over(self, visit: Visit) -> Response:
        """From now on the machine is quiet."""
        try:
            await self._write(visit, take)
        except OwnerChangedError:
            return await self._conversation(visit, "", "taken")
        return self._back(visit)

    async def hand_back(self, visit: Visit) -> Response:
        """The machine goes on where it stopped."""
        await self._write(visit, give_back)
        return self._back(visit)

    def _back(self, visit: Visit) -> Response:
        """To the newest message, and let what was queued go."""
        self._house.wake.ring()
        return to(f"/desk/conversations/{row_id(visit)}#newest")

    async def _conversation(self, visit: Visit, draft: str = "", problem: str = "") -> Response:
        """The page. `problem`: refused or taken; why a press did nothing."""
        house, talk_id = self._house, row_id(visit)

        def work(c: Connection) -> tuple[ConversationPage, Preview | None]:
            page = open_conversation(c, house, visit.actor, talk_id)
            return page, preview_draft(c, house, talk_id, draft) if draft else None

        page, drafted = await house.store.write(work)
        words = {"page": page, "draft": draft, "preview": drafted, "problem": problem, "longest": LONGEST}
        return self.pages.show("conversation.html", visit, 409 if problem else 200, **words)

    async def _write(self, visit: Visit, act: Callable[[Connection, House, Visit, int], T]) -> T:
        return await self._house.store.write(lambda c: act(c, self._house, visit, row_id(visit)))
