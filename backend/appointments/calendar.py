"""The calendar of practitioners: a day, a week, or what comes, in the service's wall time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from backend.appointments.access import may_open
from backend.appointments.records import link_to
from backend.appointments.reminders import TIMER
from backend.appointments.rules import AHEAD, KINDS, STATES
from backend.desk.queue import called, staff_names
from backend.house import House
from backend.staff import Actor, Right
from backend.store.support import Appointment
from backend.store.talk import Timer
from backend.tasks.working_days import england

DAY = timedelta(days=1)
VIEWS: Mapping[str, int] = {"day": 1, "week": 7, "list": 60}
"""How many days each view shows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One appointment. Whoever may not read conversations sees when and how, and not with whom (D2); whoever books may
    open it."""

    span: str
    words: str
    state: str
    off: bool
    reminder_at: datetime | None
    link: str = field(repr=False)
    called: str = field(repr=False)
    who: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar. `off` says why nobody works on it, if nobody does."""

    date: date
    words: str
    off: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of the calendar shows, and where its neighbours are."""

    view: str
    first: date
    before: date
    after: date
    mine: bool
    days: Sequence[Day]


def show(c: Connection, house: House, actor: Actor, view: str, on: date, *, mine: bool) -> Shown:
    """A page of the calendar. A week begins on Monday; the list leaves out days on which nothing is."""
    count = VIEWS[view]
    first = on - timedelta(days=on.weekday()) if view == "week" else on
    rows = _rows(c, house, first, first + count * DAY, actor.staff_id if mine else None)
    entries = _entries(c, house, actor, rows)
    days = [_day(house, first + n * DAY, entries) for n in range(count)]
    shown = [day for day in days if day.entries] if view == "list" else days
    return Shown(view, first, first - count * DAY, first + count * DAY, mine, shown)


def today(house: House) -> date:
    """The service's own day."""
    return house.clock().astimezone(ZoneInfo(house.settings.time_zone)).date()


def _rows(c: Connection, house: House, first: date, end: date, staff_id: int | None) -> Sequence[Any]:
    where = ZoneInfo(house.settings.time_zone)
    begins, ends = (datetime.combine(day, time(0), where) for day in (first, end))
    rows = select(Appointment.__table__).where(Appointment.starts_at >= begins, Appointment.starts_at < ends)
    if staff_id is not None:
        rows = rows.where(Appointment.staff_id == staff_id)
    return c.execute(rows.order_by(Appointment.starts_at, Appointment.id)).all()


def _entries(c: Connection, house: House, actor: Actor, rows: Sequence[Any]) -> list[tuple[date, Entry]]:
    names, due = staff_names(c, house, {row.staff_id for row in rows}), _reminders(c, [row.id for row in rows])
    reads, where = actor.may(Right.READ), ZoneInfo(house.settings.time_zone)
    made = []
    for row in rows:
        start, end = (at.astimezone(where) for at in (row.starts_at, row.ends_at))
        entry = Entry(
            span=f"{start:%H:%M} to {end:%H:%M}",
            words=KINDS[row.kind].words if row.kind in KINDS else row.kind,
            state=STATES.get(row.state, row.state),
            off=row.state in ("cancelled", "cannot"),
            reminder_at=due.get(row.id) if row.state in AHEAD else None,
            link=link_to(row) if may_open(house, actor, row) else "",
            called=called(c, house, row.conversation_id) if reads else "",
            who=names.get(row.staff_id, ""),
        )
        made.append((start.date(), entry))
    return made


def _reminders(c: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    """When the next reminder of each is due."""
    rows = select(Timer.subject_id, Timer.due_at).where(Timer.kind == TIMER, Timer.subject_id.in_(ids))
    found: dict[int, datetime] = {}
    for row in c.execute(rows):
        found[row.subject_id] = min(row.due_at, found.get(row.subject_id, row.due_at))
    return found


def _day(house: House, day: date, entries: Sequence[tuple[date, Entry]]) -> Day:
    off = ""
    if day in england().holidays:
        off = "Bank holiday"
    elif day.weekday() not in house.settings.staffed_days:
        off = "Not a working day"
    words = f"{day:%A} {day.day} {day:%B}"
    return Day(day, words, off, [entry for at, entry in entries if at == day])
