"""What speaks against a time: somebody is busy then, cannot get there, or nobody works (D4). None of it is a bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from backend.appointments.records import Booking
from backend.appointments.rules import AHEAD, KINDS, clock_words
from backend.appointments.sealed import open_place
from backend.house import House
from backend.store.sealing import key_of_talk
from backend.store.support import Appointment
from backend.tasks.working_days import england


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to think of before it is booked: a stable code, and the words for the desk."""

    code: str
    words: str


def warnings(c: Connection, house: House, booking: Booking, talk_id: int, row_id: int | None = None) -> list[Warned]:
    """Everything that speaks against a booking; `row_id` is the appointment that is being moved."""
    found = [*_hours(house, booking)]
    for row in clashes_at(c, booking, row_id, talk_id):
        whose = "They have" if row.conversation_id == talk_id else "Whoever it is with has"
        found.append(Warned("clash", f"{whose} another appointment then, {_span(house, row)}."))
    found += [
        Warned("travel", f"Another one, {_span(house, row)}, leaves less than {_minutes(house)} to get there.")
        for row in _too_near(c, house, booking, row_id)
    ]
    return found


def clashes_at(c: Connection, booking: Booking, row_id: int | None, talk_id: int | None = None) -> Sequence[Any]:
    """Other appointments, still to be held, of the same practitioner or person, that overlap it."""
    return _others(c, booking, row_id, timedelta(0), talk_id)


def _too_near(c: Connection, house: House, booking: Booking, row_id: int | None) -> list[Any]:
    """Those of the same practitioner that do not overlap and leave no time for the way, where both are somewhere."""
    gap = timedelta(minutes=house.settings.travel_minutes)
    overlaps = {row.id for row in _others(c, booking, row_id, timedelta(0), None)}
    near = [row for row in _others(c, booking, row_id, gap, None) if row.id not in overlaps]
    return [
        row
        for row in near
        if KINDS[booking.kind].elsewhere and KINDS[row.kind].elsewhere and not _same(c, house, booking, row)
    ]


def _same(c: Connection, house: House, booking: Booking, row: Any) -> bool:
    """Whether both are at one place, as far as it was written down."""
    place = open_place(key_of_talk(c, house, row.conversation_id), row)
    return bool(place) and place.casefold().split() == booking.place.casefold().split()


def _others(c: Connection, booking: Booking, row_id: int | None, gap: timedelta, talk_id: int | None) -> Sequence[Any]:
    near = (Appointment.starts_at < booking.ends_at + gap, Appointment.ends_at > booking.starts_at - gap)
    whose = or_(Appointment.staff_id == booking.staff_id, Appointment.conversation_id == talk_id)
    rows = select(Appointment.__table__).where(whose, *near, Appointment.state.in_(AHEAD))
    if row_id is not None:
        rows = rows.where(Appointment.id != row_id)
    return c.execute(rows.order_by(Appointment.starts_at, Appointment.id)).all()


def _hours(house: House, booking: Booking) -> list[Warned]:
    """1. It is past.  2. Nobody works that day, or then."""
    settings = house.settings
    start, end = (at.astimezone(ZoneInfo(settings.time_zone)) for at in (booking.starts_at, booking.ends_at))
    if booking.starts_at <= house.clock():
        return [Warned("past", "That time has passed already.")]
    if start.date() in england().holidays:
        return [Warned("holiday", "That is a bank holiday.")]
    if start.weekday() not in settings.staffed_days:
        return [Warned("day_off", "That is not a day on which practitioners work.")]
    if start.date() > england().known_until:
        return [Warned("unknown", "Bank holidays of that year are not known yet. Look at a calendar.")]
    at_work = settings.staffed_from <= start.time() and end.time() <= settings.staffed_to and start.date() == end.date()
    return [] if at_work else [Warned("hours", "That is outside working hours.")]


def _span(house: House, row: Any) -> str:
    where = ZoneInfo(house.settings.time_zone)
    start, end = (at.astimezone(where) for at in (row.starts_at, row.ends_at))
    return f"{start:%a} {start.day} {start:%b}, {clock_words(start)} to {clock_words(end)}"


def _minutes(house: House) -> str:
    return f"{house.settings.travel_minutes} minutes"
