"""The desk's page of what is to be booked, and the presses that ask for a booking and say that it is done (D2)."""

from sqlalchemy import Connection, select
from sqlalchemy.exc import NoResultFound
from starlette.responses import Response

from backend.access import GuardedRoute, StaffDoor, Visit
from backend.appointments.access import TO_FIND
from backend.appointments.bookings import read_bookings
from backend.conversations.talk import load_talk
from backend.desk.handling import or_gone, row_id, to
from backend.desk.pages import Pages
from backend.house import House
from backend.staff import Did, Right, record
from backend.store.support import Task
from backend.tasks.pages import words_of
from backend.tasks.service import done, make_task, open_tasks
from backend.tasks.working_days import next_working_end

HERE = "/desk/bookings"


def booking_routes(house: House, pages: Pages, door: StaffDoor) -> list[GuardedRoute]:
    """`/desk/bookings`; a practitioner asks for a booking, and whoever books says that it is done."""
    desk = _Bookings(house, pages)
    return [
        door.route(HERE, desk.listed, right=Right.BOOK),
        door.route(f"{HERE}/{{id:int}}/done", or_gone(pages, desk.end), right=Right.BOOK, methods=["POST"]),
        door.route(
            "/desk/conversations/{id:int}/appointments/ask",
            or_gone(pages, desk.ask),
            right=Right.ACT,
            methods=["POST"],
        ),
    ]


class _Bookings:
    def __init__(self, house: House, pages: Pages) -> None:
        self._house, self._pages = house, pages

    async def listed(self, visit: Visit) -> Response:
        """Times that are to be found, and the texts beforehand; no name."""
        page = await self._house.store.read(lambda c: read_bookings(c, self._house))
        return self._pages.show("bookings.html", visit, page=page, words_of=words_of)

    async def ask(self, visit: Visit) -> Response:
        """Have a time found and booked, by the end of the next working day; asked twice it is one task."""
        talk_id, actor = row_id(visit), visit.actor.staff_id

        def work(c: Connection) -> None:
            load_talk(c, self._house, talk_id)
            if "to_book" not in {task.kind for task in open_tasks(c, self._house, talk_id)}:
                due = next_working_end(self._house.settings, self._house.clock())
                make_task(c, self._house, talk_id, "to_book", due, staff_id=actor)
                record(c, self._house, actor, Did.ASKED_BOOKING, "conversation", talk_id)

        await self._house.store.write(work)
        return to(f"/desk/conversations/{talk_id}/appointments")

    async def end(self, visit: Visit) -> Response:
        """A time was found, or none is wanted; any other task is not theirs to end."""

        def work(c: Connection) -> None:
            kind = c.execute(select(Task.kind).where(Task.id == row_id(visit))).scalar_one()
            if kind not in TO_FIND:
                raise NoResultFound
            done(c, self._house, row_id(visit), visit.actor.staff_id)

        await self._house.store.write(work)
        return to(HERE)
