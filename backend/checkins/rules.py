"""When a plan is due: a pure reckoning on the person's own wall clock (C13, C14, H6).

A day is a day of the person's calendar; a time is what their clock shows. A time that spring takes away comes as much
later as the clock jumps; a time that autumn brings twice comes the first time only. Instants are aware, in UTC.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LOOK_AHEAD = 800
"""Days; the rarest cadence, a month, with two years of pauses, is still found."""


class Every(StrEnum):
    """The kinds of cadence."""

    DAYS = "days"
    """Every `n` days, from the first day on; 1 is daily."""
    WEEKS = "weeks"
    """On `weekdays` (0 is Monday) of every `n`th week, from the first day's week on."""
    MONTHS = "months"
    """On the first day's number in every `n`th month, or the month's last day where it is shorter."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """On which days, before pauses and holidays. Raises ValueError for what would never be due."""

    every: Every = Every.DAYS
    n: int = 1
    weekdays: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not 1 <= self.n <= 60:
            raise ValueError("n must be from 1 to 60")
        if (self.every is Every.WEEKS) != bool(self.weekdays) or self.weekdays - set(range(7)):
            raise ValueError("weekdays, 0 to 6, go with weeks and with nothing else")


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is due from the first day to the last, both included; `last` None: until it is taken up again."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Between:
    """Once at some minute of these hours of one day, another one each day, so that no pattern shows."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("the hours must begin before they end, on one day")


@dataclass(frozen=True, slots=True)
class Rule:
    """What was agreed. `at` is one or more times of the day, or hours to choose a minute from.

    `tapers` make it rarer from a day on, up to none at all (H6); `until` is the last day.
    """

    cadence: Cadence
    at: tuple[time, ...] | Between
    zone: str
    first: date
    until: date | None = None
    pauses: tuple[Pause, ...] = ()
    tapers: tuple[tuple[date, Cadence], ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.at, Between) and (not self.at or len(set(self.at)) != len(self.at)):
            raise ValueError("say at least one time, and none twice")
        if self.until is not None and self.until < self.first:
            raise ValueError("it must not end before it begins")


def next_time(rule: Rule, after: datetime, seed: int = 0) -> datetime | None:
    """The first instant (UTC) after `after` (aware) at which the rule is due; None: it never is again.

    `seed` tells plans with hours apart, and is always the same for one plan.
    """
    day = max(rule.first, after.astimezone(ZoneInfo(rule.zone)).date() - DAY)
    for _ in range(LOOK_AHEAD):
        if rule.until is not None and day > rule.until:
            return None
        for instant in times_on(rule, day, seed):
            if instant > after:
                return instant
        day += DAY
    return None


def times_between(rule: Rule, after: datetime, until: datetime, seed: int = 0) -> Iterator[datetime]:
    """Every instant after `after` and up to `until` at which the rule is due, in order."""
    at = next_time(rule, after, seed)
    while at is not None and at <= until:
        yield at
        at = next_time(rule, at, seed)


def times_on(rule: Rule, day: date, seed: int = 0) -> list[datetime]:
    """The instants (UTC) of one day of the person's calendar, in order; none where the rule is not due on it."""
    if not is_due_on(rule, day):
        return []
    walls = [_chosen(rule.at, day, seed)] if isinstance(rule.at, Between) else rule.at
    where = ZoneInfo(rule.zone)
    return sorted({datetime.combine(day, wall, where).astimezone(UTC) for wall in walls})


def is_due_on(rule: Rule, day: date) -> bool:
    """Whether a day of the person's calendar is one of the rule's."""
    in_time = rule.first <= day and (rule.until is None or day <= rule.until)
    return in_time and not any(day in pause for pause in rule.pauses) and _falls_on(*cadence_on(rule, day), day)


def cadence_on(rule: Rule, day: date) -> tuple[Cadence, date]:
    """The cadence that holds on a day, and the day that it counts from."""
    begun = [(start, cadence) for start, cadence in sorted(rule.tapers, key=lambda taper: taper[0]) if start <= day]
    return (begun[-1][1], begun[-1][0]) if begun else (rule.cadence, rule.first)


def days_apart(cadence: Cadence) -> float:
    """How many days lie between two of its days, on average."""
    match cadence.every:
        case Every.DAYS:
            return cadence.n
        case Every.WEEKS:
            return 7 * cadence.n / len(cadence.weekdays)
        case Every.MONTHS:
            return 30.4 * cadence.n


def _falls_on(cadence: Cadence, first: date, day: date) -> bool:
    match cadence.every:
        case Every.DAYS:
            return (day - first).days % cadence.n == 0
        case Every.WEEKS:
            weeks = (_monday(day) - _monday(first)).days // 7
            return day.weekday() in cadence.weekdays and weeks % cadence.n == 0
        case Every.MONTHS:
            months = (day.year - first.year) * 12 + day.month - first.month
            return day.day == min(first.day, _days_in_month(day)) and months % cadence.n == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days_in_month(day: date) -> int:
    return (day.replace(day=28) + 4 * DAY).replace(day=1).toordinal() - day.replace(day=1).toordinal()


def _chosen(hours: Between, day: date, seed: int) -> time:
    """A minute of the hours, the same whenever it is reckoned."""
    start, end = (wall.hour * 60 + wall.minute for wall in (hours.start, hours.end))
    minute = start + zlib.crc32(f"{seed}:{day.toordinal()}".encode()) % (end - start)
    return time(minute // 60, minute % 60)
