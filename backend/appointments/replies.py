"""What somebody answers to a reminder: written down at once, and a practitioner told as soon as it is near (D1, D12).

Whoever holds the phone may answer, so nothing here loosens anything; a time is only ever taken from those offered.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from sqlalchemy import select, update

from backend.alerts.service import raise_alert
from backend.appointments import service
from backend.appointments.asking import offers_of
from backend.appointments.clashes import clashes_at
from backend.appointments.records import Appointment, Booking, find
from backend.conversations.acting import Acting, Slots
from backend.conversations.asking import ABOUT
from backend.store.support import Reminder
from backend.tasks.service import make_task
from backend.tasks.working_days import next_working_end

NEAR = timedelta(hours=24)
"""Within this time before it, a practitioner hears of a change soon."""
Reply = Callable[[Acting, Slots, Appointment], None]


def _about_it(reply: Reply) -> Callable[[Acting, Slots], None]:
    """An action on the appointment that the session is about. Where that has changed since, a practitioner is told and
    nothing else happens: an answer to one time says nothing about another."""

    @wraps(reply)
    def act(a: Acting, slots: Slots) -> None:
        row = _asked(a)
        found = find(a.c, a.talk, row.appointment_id) if row else None
        if row is None or found is None or found.version != row.version or not found.is_ahead:
            raise_alert(a.c, a.house, a.talk.id, "reminder_answered_late", "soon")
            return
        a.c.execute(update(Reminder).where(Reminder.id == row.id).values(state="answered"))
        reply(a, slots, found)

    return act


@_about_it
def confirm(a: Acting, _slots: Slots, appointment: Appointment) -> None:
    """The time is fine; the calendar shows it, and nobody is woken."""
    service.confirm(a.c, a.talk, appointment.id)


@_about_it
def cannot_come(a: Acting, _slots: Slots, appointment: Appointment) -> None:
    """It does not suit. A person hears of it, also where times were entered that the flow offers next: they may choose
    none."""
    service.end(a.c, a.house, a.talk, appointment.id, "cannot")
    raise_alert(a.c, a.house, a.talk.id, "cannot_come", _urgency(a, appointment.starts_at))
    _task(a, appointment)


def choose_time(a: Acting, slots: Slots) -> None:
    """One of the offered times, if it is still free; else the task to find one stands (D4)."""
    appointment = _declined(a)
    if appointment is None:
        raise_alert(a.c, a.house, a.talk.id, "reminder_answered_late", "soon")
        return
    at = _chosen(slots, offers_of(appointment, a.house.clock()))
    if at is None:
        return
    booking = _at(appointment, at)
    if clashes_at(a.c, booking, appointment.id):
        raise_alert(a.c, a.house, a.talk.id, "cannot_come", "soon")
        return
    service.move(a.c, a.house, a.talk, appointment.id, booking, "confirmed")
    raise_alert(a.c, a.house, a.talk.id, "chose_another_time", _urgency(a, booking.starts_at))


@_about_it
def running_late(a: Acting, _slots: Slots, appointment: Appointment) -> None:
    """They come, and later."""
    service.confirm(a.c, a.talk, appointment.id)
    raise_alert(a.c, a.house, a.talk.id, "running_late", _urgency(a, appointment.starts_at))


@_about_it
def not_now(a: Acting, _slots: Slots, appointment: Appointment) -> None:
    """A call must not come now: somebody may be there. The one who would ring has minutes to hear of it."""
    service.end(a.c, a.house, a.talk, appointment.id, "cannot")
    raise_alert(a.c, a.house, a.talk.id, "do_not_ring", "urgent")
    _task(a, appointment)


@_about_it
def ring_later(a: Acting, _slots: Slots, appointment: Appointment) -> None:
    """A call is fine, a little later."""
    service.confirm(a.c, a.talk, appointment.id)
    raise_alert(a.c, a.house, a.talk.id, "ring_later", "soon")


def _asked(a: Acting) -> Any:
    """The reminder that this session answers; None: it is gone."""
    about = str(a.memory.get(ABOUT) or "")
    known = Reminder.id == int(about if about.isdigit() else 0)
    return a.c.execute(select(Reminder.__table__).where(known)).one_or_none()


def _declined(a: Acting) -> Appointment | None:
    """The appointment of which they have just said that it does not suit, unless it has changed since."""
    row = _asked(a)
    found = find(a.c, a.talk, row.appointment_id) if row else None
    return found if row and found and found.state == "cannot" and found.version == row.version + 1 else None


def _chosen(slots: Slots, offers: Sequence[datetime]) -> datetime | None:
    place = {"first": 0, "second": 1, "third": 2}.get(str(slots.get("other_time")), len(offers))
    return offers[place] if place < len(offers) else None


def _at(appointment: Appointment, at: datetime) -> Booking:
    """The same, at another time; that time is no longer on offer."""
    agreed = appointment.reminders
    left = agreed and replace(agreed, offers=tuple(other for other in agreed.offers if other != at))
    lasts = appointment.ends_at - appointment.starts_at
    return Booking(appointment.kind, at, at + lasts, appointment.staff_id, appointment.place, left)


def _task(a: Acting, appointment: Appointment) -> None:
    """A person offers other times (D4, D9)."""
    due, urgency = next_working_end(a.house.settings, a.house.clock()), _urgency(a, appointment.starts_at)
    make_task(a.c, a.house, a.talk.id, "other_times", due, urgency=urgency, staff_id=appointment.staff_id)


def _urgency(a: Acting, at: datetime) -> str:
    """The nearer, the sooner."""
    return "soon" if at - a.house.clock() <= NEAR else "routine"
