"""Ranges of wall time out of marks.

Nothing is read wider than it was said: an open end stops at the edge of a service's day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.understanding.clock import DAY, Moment, other_half
from bot.understanding.marks import Is, Mark

DAY_BEGINS, DAY_ENDS = 9 * 60, 21 * 60
"""Where `before 12` begins and `after 3` ends, in minutes after midnight."""
ONE_MOMENT = 60
"""How long a single time of day, such as `half 6ish`, is taken to last, in minutes."""
AT_THE_EDGE = 2 * 60
"""How long an open range lasts that begins late or ends early in the day, in minutes."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A range of wall time in minutes after midnight; an end at or before the start is on the next day."""

    start: int
    end: int
    certain: bool = True


def hours_at(marks: Sequence[Mark], place: int) -> tuple[Hours, int] | None:
    """The range that begins at this mark, and the place after it; None when none does."""
    kinds = [mark.kind for mark in marks[place : place + 4]]
    if kinds[:1] == [Is.PART]:
        return Hours(*marks[place].part), place + 1
    if kinds[:1] == [Is.ANY_TIME]:
        return Hours(DAY_BEGINS, DAY_ENDS), place + 1
    if kinds == [Is.BETWEEN, Is.TIME, Is.AND, Is.TIME] or kinds[:4] in (
        [Is.BETWEEN, Is.TIME, Is.TO, Is.TIME],
        [Is.FROM, Is.TIME, Is.TO, Is.TIME],
    ):
        return span(marks[place + 1].moment, marks[place + 3].moment), place + 4
    if kinds[:3] == [Is.TIME, Is.TO, Is.TIME]:
        return span(marks[place].moment, marks[place + 2].moment), place + 3
    if kinds[:2] in ([Is.AFTER, Is.TIME], [Is.FROM, Is.TIME]):
        return after(marks[place + 1].moment), place + 2
    if kinds[:2] == [Is.BEFORE, Is.TIME] or kinds[:2] == [Is.TO, Is.TIME]:
        return before(marks[place + 1].moment), place + 2
    if kinds[:1] == [Is.TIME]:
        return at(marks[place].moment), place + 1
    return None


def span(start: Moment, end: Moment) -> Hours:
    """From one time to another: where am or pm was left open, the reading that makes the shorter range."""
    if not start.certain and end.certain:
        start = min(start, other_half(start), key=lambda moment: (end.minutes - moment.minutes) % DAY or DAY)
    if not end.certain and (end.minutes - start.minutes) % DAY > DAY // 2:
        end = other_half(end)
    if start.minutes == end.minutes and not end.certain:
        end = other_half(end)
    return Hours(start.minutes, end.minutes, start.certain and end.certain)


def after(moment: Moment) -> Hours:
    """From a time to the end of the day; from late in the day for two hours."""
    start = moment.minutes
    end = DAY_ENDS if DAY_BEGINS - AT_THE_EDGE <= start <= DAY_ENDS - AT_THE_EDGE else (start + AT_THE_EDGE) % DAY
    return Hours(start, end, moment.certain)


def before(moment: Moment) -> Hours:
    """From the beginning of the day to a time; until early in the day for two hours."""
    end = moment.minutes
    start = DAY_BEGINS if end > DAY_BEGINS else (end - AT_THE_EDGE) % DAY
    return Hours(start, end, moment.certain)


def at(moment: Moment) -> Hours:
    """One time of day, and the hour that follows it."""
    return Hours(moment.minutes, (moment.minutes + ONE_MOMENT) % DAY, moment.certain)
