"""Ranges of wall time out of marks.

Nothing is read wider than it was said: an open end stops at the edge of a service's day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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


ANY_HOURS = Hours(DAY_BEGINS, DAY_ENDS)
"""What `any time` stands for."""
_ANYTHING = (Is.PART, Is.ANY_TIME)


def hours_at(marks: Sequence[Mark], place: int) -> tuple[Hours, int] | None:
    """The range that begins at this mark, and the place after it; None when none does.

    A part of the day beside a range (`evenings after 7`, `10-11 mornings`) narrows it to what both allow.
    """
    if place >= len(marks):
        return None
    if marks[place].kind in _ANYTHING:
        return _within(marks, place, place + 1)
    found = _range_at(marks, place)
    if found is not None and found[1] < len(marks) and marks[found[1]].kind in _ANYTHING:
        narrowed = _within(marks[: found[1] + 1], found[1], place)
        return None if narrowed is None else (narrowed[0], found[1] + 1)
    return found


def _within(marks: Sequence[Mark], part_at: int, range_at: int) -> tuple[Hours, int] | None:
    """What the part of the day at one place and the range at another share; the part alone where no range is."""
    part = ANY_HOURS if marks[part_at].kind is Is.ANY_TIME else Hours(*marks[part_at].part)
    found = _range_at([_in_part(mark, part) for mark in marks], range_at)
    if found is None:
        return part, part_at + 1
    both = overlap(part, found[0])
    return None if both is None else (both, found[1])


def _in_part(mark: Mark, part: Hours) -> Mark:
    """An open am or pm is settled by the part of the day: 8 in `evenings after 8` is 20:00."""
    moment = mark.moment
    if mark.kind is not Is.TIME or moment.certain or part.start <= moment.minutes <= part.end:
        return mark
    other = other_half(moment)
    return replace(mark, moment=Moment(other.minutes, True)) if part.start <= other.minutes <= part.end else mark


def overlap(first: Hours, second: Hours) -> Hours | None:
    """What two ranges of one day share; None when that is nothing."""
    start, end = max(first.start, second.start), min(first.end, second.end)
    return Hours(start, end, first.certain and second.certain) if start < end else None


def _range_at(marks: Sequence[Mark], place: int) -> tuple[Hours, int] | None:
    kinds = [mark.kind for mark in marks[place : place + 4]]
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
    if kinds[:2] == [Is.TIME, Is.ONWARDS]:
        return after(marks[place].moment), place + 2
    if kinds[:1] == [Is.TIME]:
        return at(marks[place].moment), place + 1
    return None


def minus(hours: Hours, out: Hours) -> list[Hours]:
    """What is left of a range without another; nothing when either crosses midnight and they cannot be told apart."""
    if hours.end <= hours.start or out.end <= out.start:
        return []
    parts = [(hours.start, min(hours.end, out.start)), (max(hours.start, out.end), hours.end)]
    return [Hours(start, end, hours.certain and out.certain) for start, end in parts if start < end]


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
