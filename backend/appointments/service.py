"""Appointments: made with the person, moved, answered, cancelled, and what came of them (D1, D3-D5, R9).

Every function works on the conversation's locked talk, as a claim does; so a reminder is either being offered already,
or taken back here.
"""

from datetime import UTC
from typing import Any

from sqlalchemy import Connection, insert, update

from backend.appointments.records import Appointment, Booking, find
from backend.appointments.reminders import plan, take_back
from backend.appointments.rules import OUTCOMES
from backend.appointments.sealed import seal_place, seal_reminders
from backend.contact_points.risks import note_missed_appointment
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.support import Appointment as Row
from backend.tasks.service import make_task
from backend.tasks.working_days import next_working_end


class RemindersOffError(Exception):
    """They have not said yes to reminders on this contact point at all (R9)."""


class NotAheadError(Exception):
    """This appointment is over, cancelled, or was answered in the meantime."""


def make(c: Connection, house: House, talk: Talk, booking: Booking) -> int:
    """A new appointment; its id. Raises RemindersOffError."""
    must_be_wanted(talk, booking)
    row_id = house.new_id()
    row = {"id": row_id, "conversation_id": talk.id, "state": "planned", "version": 0, "created_at": house.clock()}
    c.execute(insert(Row), row | _columns(talk, row_id, booking))
    plan(c, house, talk, find(c, talk, row_id))
    return row_id


def move(c: Connection, house: House, talk: Talk, row_id: int, booking: Booking, state: str = "planned") -> None:
    """Let it be as agreed now; what waits of it as it was does not go. Raises NotAheadError, RemindersOffError."""
    must_be_wanted(talk, booking)
    before = find(c, talk, row_id)
    if before.state in OUTCOMES:
        raise NotAheadError
    _change(c, row_id, before.version, state=state, **_columns(talk, row_id, booking))
    take_back(c, house, row_id)
    plan(c, house, talk, find(c, talk, row_id))


def confirm(c: Connection, talk: Talk, row_id: int) -> None:
    """They said that it is fine; what else was agreed about reminding goes on. Raises NotAheadError."""
    _must_be_ahead(find(c, talk, row_id))
    c.execute(update(Row).where(Row.id == row_id).values(state="confirmed"))


def end(c: Connection, house: House, talk: Talk, row_id: int, state: str) -> None:
    """`cancelled` by us or `cannot` by them: it will not be held, and nothing goes for it. Raises NotAheadError."""
    before = find(c, talk, row_id)
    _must_be_ahead(before)
    _change(c, row_id, before.version, state=state)
    take_back(c, house, row_id)


def write_outcome(c: Connection, house: House, talk: Talk, row_id: int, outcome: str, staff_id: int) -> None:
    """What came of it, one of OUTCOMES. If they did not come, somebody tries another way; nothing is closed by it, and
    what was agreed about reaching them is to be asked again (D3, D9, R10, R35). Raises NotAheadError."""
    before = find(c, talk, row_id)
    if before.state in OUTCOMES or before.starts_at > house.clock():
        raise NotAheadError
    _change(c, row_id, before.version, state=outcome)
    take_back(c, house, row_id)
    if outcome == "missed":
        due = next_working_end(house.settings, house.clock())
        make_task(c, house, talk.id, "try_another_way", due, urgency="soon", staff_id=before.staff_id)
        note_missed_appointment(c, house, talk.id, staff_id)


def must_be_wanted(talk: Talk, booking: Booking) -> None:
    """Nobody is reminded who has not said yes to it here (R9). Raises RemindersOffError."""
    if booking.reminders is not None and not talk.contact().reminders:
        raise RemindersOffError


def _must_be_ahead(appointment: Appointment) -> None:
    if not appointment.is_ahead:
        raise NotAheadError


def _columns(talk: Talk, row_id: int, booking: Booking) -> dict[str, Any]:
    return {
        "kind": booking.kind,
        "staff_id": booking.staff_id,
        "starts_at": booking.starts_at.astimezone(UTC),
        "ends_at": booking.ends_at.astimezone(UTC),
        "place": seal_place(talk.key, row_id, booking.place),
        "reminders": seal_reminders(talk.key, row_id, booking.reminders),
    }


def _change(c: Connection, row_id: int, version: int, **values: Any) -> None:
    c.execute(update(Row).where(Row.id == row_id).values(version=version + 1, **values))
