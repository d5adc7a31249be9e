"""Safe hours: is a moment inside the hours that a person gave, in their own wall time, and when do they open next (R7).

Only the wall clock counts. When clocks go back, an hour that comes twice is inside twice; when they go forward, an hour
that does not exist never opens. Nothing here knows of bank holidays: a person's hours are the person's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from safety.types import Window

AHEAD = timedelta(days=15)
"""How far to look: two weeks and a day, for a weekly window may fall into the hour that spring takes away."""

DAY = timedelta(days=1)
DAY_MINUTES = 24 * 60
ALL_DAY = (1 << DAY_MINUTES) - 1


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo | None:
    """The time zone of that name, or None if there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_open(windows: Iterable[Window], where: ZoneInfo, now: datetime) -> bool:
    """Whether `now` (aware) lies in one of the windows, by the wall clock there."""
    wall = now.astimezone(where)
    return any(_holds(window, wall) for window in windows)


def closes(windows: Sequence[Window], where: ZoneInfo, now: datetime) -> datetime | None:
    """When (UTC) the hours that are open at `now` close; None if they never do."""
    return next((edge for edge in _edges(windows, where, now) if not is_open(windows, where, edge)), None)


def opens(windows: Sequence[Window], where: ZoneInfo, now: datetime) -> datetime | None:
    """When (UTC) the hours that are closed at `now` open; None if they never do."""
    return next((edge for edge in _edges(windows, where, now) if is_open(windows, where, edge)), None)


def minutes_of_week(windows: Iterable[Window]) -> int:
    """The minutes of a week, from Monday at midnight, that lie in a window: one bit for each, without seconds."""
    week = 0
    for window in windows:
        first, last = _minute(window.start), _minute(window.end)
        length = last - first if last > first else last - first + DAY_MINUTES
        for day in window.days:
            week |= ((1 << length) - 1) << (day * DAY_MINUTES + first)
    past_sunday = week >> 7 * DAY_MINUTES
    return (week | past_sunday) & ((1 << 7 * DAY_MINUTES) - 1)


def windows_of(week: int) -> tuple[Window, ...]:
    """The windows that hold exactly these minutes of a week, each within one day."""
    return tuple(
        Window(frozenset({day}), _time(run.start()), _time(run.end() % DAY_MINUTES))
        for day in range(7)
        for run in re.finditer("1+", f"{week >> day * DAY_MINUTES & ALL_DAY:0{DAY_MINUTES}b}"[::-1])
    )


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _holds(window: Window, wall: datetime) -> bool:
    today, at = wall.weekday(), wall.time()
    if window.start < window.end:
        return today in window.days and window.start <= at < window.end
    from_today = today in window.days and at >= window.start
    from_yesterday = (today - 1) % 7 in window.days and at < window.end
    return from_today or from_yesterday


def _edges(windows: Sequence[Window], where: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """Every moment (UTC, in order) after `now` at which the answer of `is_open` can change."""
    times = frozenset(moment for window in windows for moment in (window.start, window.end)) | {time(0)}
    first = now.astimezone(where).date() - DAY
    for offset in range((AHEAD + 2 * DAY).days):
        yield from (edge for edge in _edges_of(first + offset * DAY, times, where) if edge > now)


@lru_cache(maxsize=4096)
def _edges_of(day: date, times: frozenset[time], where: ZoneInfo) -> tuple[datetime, ...]:
    """The moments of one wall-clock day, in order, at which it is one of the times, or the clocks change.

    Kept, for many messages ask about the same few days.
    """
    walls = [datetime.combine(day, moment.replace(fold=fold), where) for moment in times for fold in (0, 1)]
    moments = {wall.astimezone(UTC) for wall in walls}
    begin, end = (datetime.combine(edge, time(0), where).astimezone(UTC) for edge in (day, day + DAY))
    if begin.astimezone(where).utcoffset() != end.astimezone(where).utcoffset():
        moments.add(_clock_change(begin, end, where))
    return tuple(sorted(moments))


def _clock_change(before: datetime, after: datetime, where: ZoneInfo) -> datetime:
    """The second at which the offset changes between two moments, found by halving."""
    old = before.astimezone(where).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(where).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after
