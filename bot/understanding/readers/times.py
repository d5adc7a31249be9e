"""When somebody can be reached: `days`, `hours`, and `times`, which is both in one answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.contract import Json
from bot.understanding.clock import hh_mm
from bot.understanding.hours import DAY_BEGINS, DAY_ENDS, Hours, hours_at
from bot.understanding.marks import Is, Mark, marks_of
from bot.understanding.text import plain, tail
from bot.understanding.types import Asked, Reading
from bot.understanding.week import ALL

_ONE_NUMBER = re.compile(r"\W*\d{1,2}\W*(?:x+)?\W*")


@dataclass(slots=True)
class Week:
    """Sets of days and ranges of hours in the order they were said, the days ruled out, and where the reading ended."""

    said: list[frozenset[int] | Hours] = field(default_factory=list)
    ruled_out: frozenset[int] = frozenset()
    end: int = 0

    @property
    def days(self) -> frozenset[int]:
        """All days that were named, without those ruled out; every other day when days were only ruled out."""
        named = frozenset[int]().union(*(each for each in self.said if isinstance(each, frozenset)))
        return (named or ALL) - self.ruled_out

    @property
    def hours(self) -> list[Hours]:
        """All ranges of hours that were named."""
        return [each for each in self.said if isinstance(each, Hours)]

    @property
    def names_days(self) -> bool:
        """Whether a day was named or ruled out."""
        return bool(self.ruled_out) or any(isinstance(each, frozenset) for each in self.said)

    @property
    def certainty(self) -> float:
        """0.95 when nothing was filled in, 0.75 when am or pm was left open."""
        return 0.95 if all(hours.certain for hours in self.hours) else 0.75


def read_days(asked: Asked, text: str) -> Reading | None:
    """A sorted list of days, 0 = Monday; hours in the same answer are the rest."""
    week = week_of(asked, text, stop_at_hours=True)
    if week is None or not week.names_days or not week.days:
        return None
    return _reading(text, week, list[Json](sorted(week.days)), 0.95)


def read_hours(asked: Asked, text: str) -> Reading | None:
    """A list of {start, end} as HH:MM of wall time; an end at or before its start is on the next day."""
    week = week_of(asked, text)
    if week is None or not week.hours or week.names_days:
        return None
    return _reading(text, week, [_as_json(hours) for hours in week.hours], week.certainty)


def read_times(asked: Asked, text: str) -> Reading | None:
    """A list of {days, start, end}; no day named is every day, no hour named is the whole of a service's day."""
    week = week_of(asked, text)
    windows = None if week is None else windows_of(week)
    if week is None or not windows:
        return None
    value: Json = [{"days": list[Json](sorted(days)), **_as_json(hours)} for days, hours in windows]
    return _reading(text, week, value, week.certainty)


def week_of(asked: Asked, text: str, stop_at_hours: bool = False) -> Week | None:
    """The days and hours of a text; None when anything in it is not understood, and is not an addition to what was."""
    plain_text = plain(text)
    if _ONE_NUMBER.fullmatch(plain_text):
        return None
    marks = marks_of(plain_text, asked.now)
    week, place = Week(), 0
    while place < len(marks):
        taken = _take(week, marks, place, stop_at_hours)
        if taken is None:
            break
        week.end = marks[taken - 1].end
        place = taken
    nothing_read = not week.said and not week.ruled_out
    return None if nothing_read or (place < len(marks) and not tail(text, plain_text, week.end)) else week


def _take(week: Week, marks: Sequence[Mark], place: int, stop_at_hours: bool) -> int | None:
    """Read what stands at `place` into the week and give the place after it; None when it cannot be read."""
    kind = marks[place].kind
    if kind is Is.AND:
        return _take(week, marks, place + 1, stop_at_hours) if 0 < place < len(marks) - 1 else None
    if kind is Is.NOT:
        return _rule_out(week, marks, place)
    if (days := days_at(marks, place)) is not None:
        week.said.append(days[0])
        return days[1]
    if not stop_at_hours and (hours := hours_at(marks, place)) is not None:
        week.said.append(hours[0])
        return hours[1]
    return None


def days_at(marks: Sequence[Mark], place: int) -> tuple[frozenset[int], int] | None:
    """The days that begin at this mark, a range of days included, and the place after them."""
    if place >= len(marks) or marks[place].kind is not Is.DAYS:
        return None
    days = marks[place].days
    last = (
        marks[place + 2].days
        if [mark.kind for mark in marks[place + 1 : place + 3]] == [Is.TO, Is.DAYS]
        else frozenset()
    )
    if len(days) == 1 and len(last) == 1:
        (first,), (end,) = days, last
        return frozenset((first + step) % 7 for step in range((end - first) % 7 + 1)), place + 3
    return days, place + 1


def _rule_out(week: Week, marks: Sequence[Mark], place: int) -> int | None:
    while place < len(marks) and marks[place].kind is Is.NOT:
        place += 1
    taken = days_at(marks, place)
    if taken is None:
        return None
    while taken is not None:
        week.ruled_out |= taken[0]
        place = taken[1]
        joint = place < len(marks) and marks[place].kind is Is.AND
        taken = days_at(marks, place + 1 if joint else place)
    return place


def windows_of(week: Week) -> list[tuple[frozenset[int], Hours]] | None:
    """The windows, with each range of hours on the days it was said with; None when that is not clear."""
    if not week.hours:
        return [(week.days, Hours(DAY_BEGINS, DAY_ENDS))] if week.days else None
    groups = _runs(week.said)
    if len(groups) == 1:
        return [(week.days, hours) for hours in week.hours]
    if len(groups) % 2:
        return None
    pairs = []
    for first, second in zip(groups[::2], groups[1::2], strict=True):
        days_first = isinstance(first[0], frozenset)
        named = [each for each in (first if days_first else second) if isinstance(each, frozenset)]
        days = frozenset[int]().union(*named) - week.ruled_out
        pairs += [(days, hours) for hours in (second if days_first else first) if isinstance(hours, Hours)]
    return [(days, hours) for days, hours in pairs if days]


def _runs(said: Sequence[frozenset[int] | Hours]) -> list[list[frozenset[int] | Hours]]:
    runs: list[list[frozenset[int] | Hours]] = []
    for each in said:
        if runs and isinstance(runs[-1][0], Hours) is isinstance(each, Hours):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _as_json(hours: Hours) -> dict[str, Json]:
    return {"start": hh_mm(hours.start), "end": hh_mm(hours.end)}


def _reading(text: str, week: Week, value: Json, confidence: float) -> Reading:
    plain_text = plain(text)
    return Reading(value, confidence, text[: week.end].strip(), tail(text, plain_text, week.end) or "")
