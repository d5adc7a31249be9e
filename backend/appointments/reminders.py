"""Reminders: a timer for each lead, the gate asked when it fires and when it goes, and a row of what became of it.

Nothing waits in the outbox for safe hours. The timer does, so the words are made when they go and "tomorrow" stays
true; a row in the outbox ends at midnight on the person's clock for the same reason.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from backend.alerts.service import raise_alert
from backend.appointments.asking import begin
from backend.appointments.records import Appointment, Booking
from backend.appointments.rules import day_ends, lead_due, lead_ends
from backend.appointments.versions import MOVED
from backend.conversations import statements
from backend.conversations.starting import decision_to_start
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.support import Reminder
from backend.store.talk import OutboundMessage, Timer
from safety.gate import Case
from safety.types import Decision, Drop, Hold, Kind, Outgoing, Send

TIMER = "reminder"
"""The kind of timer of one lead: its subject is the appointment, its name the lead, its fence the version."""


@dataclass(frozen=True, slots=True)
class Window:
    """When one reminder is due and until when it may go (UTC)."""

    due: datetime
    ends: datetime


def plan(c: Connection, house: House, talk: Talk, appointment: Appointment) -> None:
    """Set a timer for each lead whose time has not passed; the earlier version's are gone."""
    _forget_timers(c, appointment.id)
    for lead in appointment.leads:
        due = window(house, talk, appointment, lead).due
        if due > house.clock():
            _set(c, house, appointment, lead, due)


def take_back(c: Connection, house: House, appointment_id: int) -> None:
    """Nothing more goes for it: what waits is taken back, and what is being offered now is not offered again (R9)."""
    _forget_timers(c, appointment_id)
    mine = OutboundMessage.about_id.in_(select(Reminder.id).where(Reminder.appointment_id == appointment_id))
    waits = OutboundMessage.state.in_(("queued", "held"))
    c.execute(update(OutboundMessage).where(mine, waits).values(state="cancelled", reason=MOVED, due_at=None))
    under_way = OutboundMessage.state == "sending"
    c.execute(update(OutboundMessage).where(mine, under_way).values(not_after=house.clock()))


def fire(c: Connection, house: House, talk: Talk, appointment: Appointment, row: Any) -> None:
    """Carry out the timer `row`; one of an earlier version does nothing.

    1. Too late, because we were away or the hours were closed, or where somebody else has begun a talk of their own on
    that phone: it does not go. 2. Outside the hours it waits. 3. What the gate would drop is not begun. 4. In a talk
    that goes on it waits, so as not to break into it. 5. Else it goes.
    """
    if str(appointment.version) != row.fence or not appointment.is_ahead or appointment.reminders is None:
        return
    lead, now = int(row.name), house.clock()
    when = window(house, talk, appointment, lead)
    if now >= when.ends:
        _did_not_go(c, house, talk, appointment, lead, "we_were_away")
        return
    match decision(house, talk, when.ends, now):
        case Drop(reason=reason):
            _did_not_go(c, house, talk, appointment, lead, reason)
        case Hold(until=until, reason=reason):
            _wait(c, house, talk, appointment, lead, until, reason)
        case Send():
            _go(c, house, talk, appointment, lead, min(when.ends, _true_until(house, talk, appointment)))


def window(house: House, talk: Talk, appointment: Booking, lead: int) -> Window:
    """When a lead's reminder is due, and until when it may go."""
    zone, longest = talk.contact().time_zone, timedelta(minutes=house.settings.reminder_minutes)
    due = lead_due(appointment.starts_at, lead, zone)
    return Window(due, lead_ends(appointment.starts_at, lead, appointment.leads, zone, longest))


def decision(house: House, talk: Talk, ends: datetime, at: datetime) -> Decision:
    """What the rules say of a reminder at `at`, as the contact point stands now; a talk that goes on is let end."""
    case = Case(Outgoing(Kind.REMINDER, "", ends), talk.point(), house.rules, at)
    decided = decision_to_start(house, talk, Kind.REMINDER, ends, at)
    if isinstance(decided, Send) and case.in_talk and case.talk_ends:
        return Hold(case.talk_ends, "in_a_talk")
    return decided


def _go(c: Connection, house: House, talk: Talk, appointment: Appointment, lead: int, not_after: datetime) -> None:
    reminder_id = _write(c, house, appointment, lead, "queued", "")
    if begin(c, house, talk, appointment, lead, reminder_id, not_after) is None:
        raise_alert(c, house, talk.id, "reminder_not_sent", "soon")


def _wait(
    c: Connection, house: House, talk: Talk, appointment: Appointment, lead: int, until: datetime, reason: str
) -> None:
    if until >= window(house, talk, appointment, lead).ends:
        _did_not_go(c, house, talk, appointment, lead, reason)
    else:
        _set(c, house, appointment, lead, until)


def _did_not_go(c: Connection, house: House, talk: Talk, appointment: Appointment, lead: int, reason: str) -> None:
    """A practitioner is told, for the person now counts on something that does not come."""
    _write(c, house, appointment, lead, "not_sent", reason)
    raise_alert(c, house, talk.id, "reminder_not_sent", "soon")


def _true_until(house: House, talk: Talk, appointment: Appointment) -> datetime:
    """Words with a day in them are true until midnight."""
    named = appointment.reminders is None or appointment.reminders.wording != "no_time"
    return day_ends(house.clock(), talk.contact().time_zone) if named else appointment.starts_at


def _set(c: Connection, house: House, appointment: Appointment, lead: int, due: datetime) -> None:
    row = {"id": house.new_id(), "kind": TIMER, "subject_id": appointment.id, "name": str(lead)}
    c.execute(statements.SET_TIMER[c.dialect.name], row | {"fence": str(appointment.version), "due_at": due})


def _forget_timers(c: Connection, appointment_id: int) -> None:
    c.execute(delete(Timer).where(Timer.kind == TIMER, Timer.subject_id == appointment_id))


def _write(c: Connection, house: House, appointment: Appointment, lead: int, state: str, reason: str) -> int:
    row_id = house.new_id()
    row = {"id": row_id, "appointment_id": appointment.id, "version": appointment.version, "lead": lead}
    c.execute(insert(Reminder), row | {"state": state, "reason": reason, "at": house.clock()})
    return row_id
