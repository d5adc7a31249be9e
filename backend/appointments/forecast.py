"""What will become of each reminder, before it is agreed and after: a practitioner reads it, and tells the person (D1).

The gate itself is asked, for the instant at which a reminder falls due, with what is agreed today.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from backend.appointments.records import Appointment, Booking
from backend.appointments.reminders import TIMER, decision, window
from backend.conversations.talk import Talk
from backend.house import House
from backend.reasons import why_words
from backend.store.support import Reminder
from backend.store.talk import OutboundMessage, Timer
from safety.types import Drop, Hold

WENT: Mapping[str, str] = {
    "queued": "It is about to go.",
    "held": "It waits.",
    "sending": "It is going out.",
    "sent": "It went. Nobody knows whether it arrived.",
    "delivered": "It arrived.",
    "read": "It was read.",
    "failed": "It did not arrive.",
}
"""What became of one that was handed on, by the state of its message."""
PASSED = "Its time has passed already."


@dataclass(frozen=True, slots=True)
class Fate:
    """One reminder: when it is due (UTC), and what becomes of it. `goes`: None, it went; False: it did not, or will
    not."""

    lead: int
    due: datetime
    words: str
    goes: bool | None = None


def foresee(house: House, talk: Talk, booking: Booking) -> list[Fate]:
    """What would become of the reminders of a booking that is not made yet, by what is agreed now."""
    return [_ahead(house, talk, booking, lead, None) for lead in booking.leads]


def fates(c: Connection, house: House, talk: Talk, appointment: Appointment) -> list[Fate]:
    """What became, or will become, of each reminder of an appointment as it stands, the first one first."""
    been, timers = _been(c, appointment), _timers(c, appointment.id)
    return [
        _was(house, talk, appointment, lead, been[lead])
        if lead in been
        else _ahead(house, talk, appointment, lead, timers.get(lead))
        for lead in appointment.leads
    ]


def lead_words(lead: int) -> str:
    """A lead as people say it: `1 day before`, `2 hours before`."""
    for unit, size in (("week", 7 * 1440), ("day", 1440), ("hour", 60), ("minute", 1)):
        if lead % size == 0:
            count = lead // size
            return f"{count} {unit}{'s' if count > 1 else ''} before"
    return ""


def _ahead(house: House, talk: Talk, booking: Booking, lead: int, planned: datetime | None) -> Fate:
    """1. What is over does not go. 2. Else the gate says, at its time, or at the time to which it was put off."""
    when = window(house, talk, booking, lead)
    at = planned or when.due
    if at <= house.clock() and planned is None:
        return Fate(lead, when.due, PASSED, goes=False)
    match decision(house, talk, when.ends, at):
        case Drop(reason=reason):
            return Fate(lead, at, f"It will not go: {why_words(reason)}", goes=False)
        case Hold(until=until, reason=reason) if until >= when.ends:
            return Fate(lead, at, f"It will not go: {why_words(reason)}", goes=False)
        case Hold(until=until):
            return Fate(lead, until, "It waits for their safe hours, and goes then.", goes=True)
    return Fate(lead, at, "It goes then.", goes=True)


def _was(house: House, talk: Talk, appointment: Appointment, lead: int, row: Any) -> Fate:
    due = window(house, talk, appointment, lead).due
    if row.state == "answered":
        return Fate(lead, due, "They answered it.")
    if row.state == "not_sent":
        return Fate(lead, due, f"It did not go: {why_words(row.reason)}", goes=False)
    if went := WENT.get(row.outcome or "failed"):
        return Fate(lead, due, went, goes=False if row.outcome in (None, "failed") else None)
    return Fate(lead, due, f"It did not go: {why_words(row.why)}", goes=False)


def _been(c: Connection, appointment: Appointment) -> dict[int, Any]:
    """The reminders of this version that came due, by lead, each with what became of its message."""
    rows = (
        select(
            Reminder.lead,
            Reminder.state,
            Reminder.reason,
            OutboundMessage.state.label("outcome"),
            OutboundMessage.reason.label("why"),
        )
        .outerjoin(OutboundMessage, OutboundMessage.about_id == Reminder.id)
        .where(Reminder.appointment_id == appointment.id, Reminder.version == appointment.version)
    )
    return {row.lead: row for row in c.execute(rows)}


def _timers(c: Connection, appointment_id: int) -> dict[int, datetime]:
    rows = select(Timer.name, Timer.due_at).where(Timer.kind == TIMER, Timer.subject_id == appointment_id)
    return {int(row.name): row.due_at for row in c.execute(rows)}
