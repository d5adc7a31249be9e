"""The desk's pages about one person's appointments: made, moved, ended, and what came of them."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound
from starlette.responses import Response

from backend.access import GuardedRoute, StaffDoor, Visit
from backend.appointments import service
from backend.appointments.access import may_open, must_book_for
from backend.appointments.forms import LONGEST_PLACE, OFFERS, PROBLEMS, as_field, fields_of, read_booking
from backend.appointments.records import Appointment, find
from backend.appointments.rules import KINDS, OUTCOMES
from backend.appointments.sealed import WORDINGS
from backend.appointments.service import NotAheadError, RemindersOffError
from backend.appointments.views import Checked, check, choices, leads_words, open_one, open_talk, usual, zones
from backend.conversations.talk import Talk, load_talk
from backend.desk.handling import row_id
from backend.desk.pages import Pages
from backend.desk.person_pages import PersonPages
from backend.desk.queue import called
from backend.house import House
from backend.staff import Did, Right, record
from backend.tasks.pages import words_of

ENDS = {"cancelled": "Cancel it", "cannot": "They said that it does not suit"}
"""Ways in which it will not be held, as the page's buttons say them."""


def appointment_routes(house: House, pages: Pages, door: StaffDoor) -> list[GuardedRoute]:
    """Everything below a conversation's /appointments."""
    errors = {NotAheadError: "not_ahead", RemindersOffError: "reminders_off"}
    desk, one = _Appointments(house, pages, "appointments", PROBLEMS, errors), "/{appointment:int}"
    return desk.routes(
        door,
        [
            ("", desk.listed, Right.BOOK, "GET"),
            ("", desk.make, Right.BOOK, "POST"),
            ("/new", desk.ask_new, Right.BOOK, "GET"),
            (one, desk.one, Right.BOOK, "GET"),
            (f"{one}/move", desk.ask_move, Right.BOOK, "GET"),
            (f"{one}/move", desk.move, Right.BOOK, "POST"),
            (f"{one}/end", desk.end, Right.BOOK, "POST"),
            (f"{one}/outcome", desk.outcome, Right.ACT, "POST"),
        ],
    )


class _Appointments(PersonPages):
    async def listed(self, visit: Visit) -> Response:
        """All of one person's."""
        page = await self._house.store.write(lambda c: open_talk(c, self._house, visit.actor, row_id(visit)))
        return self.show(visit, "appointments.html", {"page": page, "words_of": words_of})

    async def one(self, visit: Visit, problem: str = "") -> Response:
        """One of them, with what becomes of each of its reminders."""
        page = await self._house.store.write(
            lambda c: open_one(c, self._house, visit.actor, row_id(visit), row_id(visit, "appointment"))
        )
        words = {"page": page, "outcomes": OUTCOMES, "ends": ENDS, "words_of": words_of}
        return self.show(visit, "appointment.html", words, problem)

    async def ask_new(self, visit: Visit) -> Response:
        """An empty form; no reminder is ticked (R9)."""
        return await self._form(visit, {}, None)

    async def ask_move(self, visit: Visit) -> Response:
        """The form as it was agreed."""

        def work(c: Connection) -> dict[str, str]:
            talk = self._talk(c, visit)
            return fields_of(self._find(c, visit, talk), zones(self._house, talk)[0])

        return await self._form(visit, await self._house.store.write(work), row_id(visit, "appointment"))

    async def make(self, visit: Visit) -> Response:
        """Book it, unless something speaks against it that nobody has looked at yet."""
        return await self._book(visit, None)

    async def move(self, visit: Visit) -> Response:
        """Let it be as agreed now; what waits of it as it was does not go."""
        return await self._book(visit, row_id(visit, "appointment"))

    async def end(self, visit: Visit) -> Response:
        """It will not be held."""
        state = visit.form.get("state", "")
        state = state if state in ENDS else "cancelled"
        return await self._press(
            visit, lambda c, talk, one: service.end(c, self._house, talk, one, state), Did.CANCELLED_APPOINTMENT
        )

    async def outcome(self, visit: Visit) -> Response:
        """What came of it."""
        outcome, actor = visit.form.get("outcome", ""), visit.actor.staff_id
        if outcome not in OUTCOMES:
            return await self.one(visit, "not_ahead")
        return await self._press(
            visit,
            lambda c, talk, one: service.write_outcome(c, self._house, talk, one, outcome, actor),
            Did.WROTE_OUTCOME,
        )

    async def _press(self, visit: Visit, act: Callable[[Connection, Talk, int], None], did: Did) -> Response:
        """One press is one transaction with its audit row."""
        one = row_id(visit, "appointment")

        def work(c: Connection) -> None:
            talk = self._talk(c, visit)
            self._find(c, visit, talk)
            act(c, talk, one)
            record(c, self._house, visit.actor.staff_id, did, "appointment", one)

        return await self.press(visit, work, lambda problem: self.one(visit, problem), lambda _: self._to(visit, one))

    async def _book(self, visit: Visit, moved: int | None) -> Response:
        async def looked_at(made: int | Checked) -> Response:
            if isinstance(made, Checked):
                return await self._form(visit, visit.form, moved, checked=made)
            return await self._to(visit, made)

        return await self.press(
            visit,
            lambda c: self._write(c, visit, moved),
            lambda problem: self._form(visit, visit.form, moved, problem),
            looked_at,
        )

    def _write(self, c: Connection, visit: Visit, moved: int | None) -> int | Checked:
        """Book or move it; what speaks against it, where nobody has said that they know."""
        house, talk = self._house, self._talk(c, visit)
        if moved is not None:
            self._find(c, visit, talk)
        booking = read_booking(visit.form, choices(c, house, talk), house.settings.call_ahead_minutes)
        service.must_be_wanted(talk, booking)
        checked = check(c, house, talk, booking, moved)
        if checked.warnings and visit.form.get("sure") != checked.sure:
            return checked
        if moved is None:
            made, did = service.make(c, house, talk, booking), Did.MADE_APPOINTMENT
        else:
            service.move(c, house, talk, moved, booking)
            made, did = moved, Did.MOVED_APPOINTMENT
        record(c, house, visit.actor.staff_id, did, "appointment", made)
        return made

    async def _form(
        self,
        visit: Visit,
        fields: Mapping[str, str],
        moved: int | None,
        problem: str = "",
        checked: Checked | None = None,
    ) -> Response:
        house, talk_id = self._house, row_id(visit)

        def work(c: Connection) -> dict[str, Any]:
            talk = self._talk(c, visit)
            return {
                "called": called(c, house, talk_id) if visit.actor.may(Right.READ) else "",
                "choices": choices(c, house, talk),
                "usual": usual(c, visit.actor, talk),
                "reminders_on": talk.contact().reminders,
            }

        words = {
            "talk_id": talk_id,
            "moved": moved,
            "fields": fields,
            "checked": checked,
            "kinds": KINDS,
            "wordings": WORDINGS,
            "offers": OFFERS,
            "as_field": as_field,
            "leads_words": leads_words,
            "ahead_minutes": house.settings.call_ahead_minutes,
            "longest": LONGEST_PLACE,
        }
        words |= await house.store.write(work)
        return self.show(visit, "appointment_form.html", words, problem, asks=checked is not None)

    def _talk(self, c: Connection, visit: Visit) -> Talk:
        """The conversation of the address, locked. Raises NoResultFound."""
        must_book_for(c, self._house, visit.actor, row_id(visit))
        return load_talk(c, self._house, row_id(visit))

    def _find(self, c: Connection, visit: Visit, talk: Talk) -> Appointment:
        """The appointment of the address, locked. Raises NoResultFound."""
        found = find(c, talk, row_id(visit, "appointment"))
        if not may_open(self._house, visit.actor, found):
            raise NoResultFound
        return found

    async def _to(self, visit: Visit, one: int) -> Response:
        return self.back(visit, f"/{one}")
