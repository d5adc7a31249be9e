"""A week out of marks: which days and hours were named, and which were taken out.

Somebody may be in danger outside the hours they gave. So nothing that may narrow them is ever passed over: where a word
among the days and hours is not understood, there is no reading at all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.understanding.hours import ANY_HOURS, Hours, hours_at, minus
from bot.understanding.marks import Is, Mark
from bot.understanding.week import ALL

_ABOUT_THE_WAY = re.compile(
    r"(?:(?:but|pls|please|only|just|and) )*(?:(?:dont|don't|do not|never|no) "
    r"(?:ring|rings?|calls?|phone|text|txt|msg|message|messages|whatsapp|email|leave|voicemails?|knock|come|tell|say)\b"
    r"|(?:by |on )?(?:text|txt|phone|call|ring|whatsapp|email)s?(?: me)?(?: only| first| pls| please| is best)?$"
    r"|(?:because|cos|cuz|coz)\b)"
)
"""What may follow days and hours without changing them: how to get in touch, and why."""


@dataclass(slots=True)
class Week:
    """Sets of days and ranges of hours in the order they were said, what was taken out, and where the reading ended."""

    said: list[frozenset[int] | Hours] = field(default_factory=list)
    days_out: frozenset[int] = frozenset()
    hours_out: list[Hours] = field(default_factory=list)
    end: int = 0

    @property
    def named(self) -> frozenset[int]:
        """All days that were named."""
        return frozenset[int]().union(*(each for each in self.said if isinstance(each, frozenset)))

    @property
    def days(self) -> frozenset[int]:
        """The days that were named, or all, without those taken out."""
        return (self.named or ALL) - self.days_out

    @property
    def hours(self) -> list[Hours]:
        """The ranges of hours that were named, without those taken out."""
        return self.left_of([each for each in self.said if isinstance(each, Hours)])

    @property
    def names_days(self) -> bool:
        """Whether a day was named or taken out."""
        return bool(self.days_out) or any(isinstance(each, frozenset) for each in self.said)

    @property
    def names_hours(self) -> bool:
        """Whether a range of hours was named."""
        return any(isinstance(each, Hours) for each in self.said)

    @property
    def certainty(self) -> float:
        """0.95 when nothing was filled in, 0.75 when am or pm was left open."""
        return 0.95 if all(each.certain for each in self.said if isinstance(each, Hours)) else 0.75

    def left_of(self, ranges: list[Hours]) -> list[Hours]:
        """The ranges without the hours taken out."""
        for out in self.hours_out:
            ranges = [left for each in ranges for left in minus(each, out)]
        return ranges


def week_of(marks: Sequence[Mark], plain_text: str, days_only: bool = False) -> Week | None:
    """The week that the marks say; with `days_only`, hours that follow the days are understood and left alone.

    None when a word is neither understood nor about the way to get in touch.
    """
    week, place = Week(), 0
    while place < len(marks):
        if days_only and week.names_days and not _is_days(marks, place) and week_of(marks[place:], plain_text):
            return week
        taken = _take(week, marks, place)
        if taken is None:
            break
        week.end, place = marks[taken - 1].end, taken
    if place < len(marks) and not _ABOUT_THE_WAY.match(plain_text[week.end :].lstrip(" ,.")):
        return None
    return week if week.said or week.days_out else None


def _is_days(marks: Sequence[Mark], place: int) -> bool:
    """Whether days come next, taken out or joined on."""
    while place < len(marks) and marks[place].kind in (Is.AND, Is.BUT, Is.NOT):
        place += 1
    return place < len(marks) and marks[place].kind is Is.DAYS


def _take(week: Week, marks: Sequence[Mark], place: int) -> int | None:
    """Read what stands at `place` into the week and give the place after it; None when it cannot be read.

    After something was taken out nothing more is put in, for it may be meant to be taken out too (`not 3 or 12`).
    """
    kind = marks[place].kind
    if kind is Is.AND:
        return _take(week, marks, place + 1) if 0 < place < len(marks) - 1 else None
    if kind is Is.BUT:
        return _after_but(week, marks, place + 1)
    if kind is Is.NOT:
        return _take_out(week, marks, place + 1)
    if week.days_out or week.hours_out:
        return None
    if (days := days_at(marks, place)) is not None:
        week.said.append(days[0])
        return days[1]
    if (hours := hours_at(marks, place)) is not None:
        week.said.append(hours[0])
        return hours[1]
    return None


def days_at(marks: Sequence[Mark], place: int) -> tuple[frozenset[int], int] | None:
    """The days that begin at this mark, a range of days included, and the place after them."""
    if place >= len(marks) or marks[place].kind is not Is.DAYS:
        return None
    days = marks[place].days
    following = [mark.kind for mark in marks[place + 1 : place + 3]]
    last = marks[place + 2].days if following == [Is.TO, Is.DAYS] else frozenset()
    if len(days) == 1 and len(last) == 1:
        (first,), (end,) = days, last
        return frozenset((first + step) % 7 for step in range((end - first) % 7 + 1)), place + 3
    return days, place + 1


def _after_but(week: Week, marks: Sequence[Mark], place: int) -> int | None:
    """`any day but Sunday`, `any time but mornings` take out; `weekdays but after 6` goes on; all else is unclear."""
    if place >= len(marks) or not week.said:
        return None
    if marks[place].kind is Is.NOT:
        return _take_out(week, marks, place + 1)
    if marks[place].kind is Is.DAYS:
        return _take_out(week, marks, place) if marks[place].days < week.named else None
    return _take_out(week, marks, place) if week.said[-1] == ANY_HOURS else _take(week, marks, place)


def _take_out(week: Week, marks: Sequence[Mark], place: int) -> int | None:
    """Take out the days or the hours here; both together (`not Wednesday mornings`) are unclear."""
    while place < len(marks) and marks[place].kind in (Is.NOT, Is.FROM) and not _is_hours(marks, place):
        place += 1
    if _is_hours(marks, place):
        return _take_hours_out(week, marks, place)
    taken = days_at(marks, place)
    if taken is None:
        return None
    while taken is not None:
        week.days_out |= taken[0]
        place = taken[1]
        taken = days_at(marks, place + 1 if place < len(marks) and marks[place].kind is Is.AND else place)
    return None if _is_hours(marks, place) else place


def _take_hours_out(week: Week, marks: Sequence[Mark], place: int) -> int | None:
    taken = hours_at(marks, place)
    if taken is None or not week.said or (taken[1] < len(marks) and marks[taken[1]].kind is Is.DAYS):
        return None
    week.hours_out.append(taken[0])
    return taken[1]


def _is_hours(marks: Sequence[Mark], place: int) -> bool:
    return hours_at(marks, place) is not None


def windows_of(week: Week, whole_day: Hours) -> list[tuple[frozenset[int], Hours]] | None:
    """The windows, with each range of hours on the days it was said with; None when that is not clear."""
    if not week.names_hours:
        return [(week.days, hours) for hours in week.left_of([whole_day])] if week.days else None
    groups = _runs(week.said)
    if len(groups) == 1:
        return [(week.days, hours) for hours in week.hours] if week.days else None
    if len(groups) % 2:
        return None
    windows = []
    for first, second in zip(groups[::2], groups[1::2], strict=True):
        days_first = isinstance(first[0], frozenset)
        named = [each for each in (first if days_first else second) if isinstance(each, frozenset)]
        days = frozenset[int]().union(*named) - week.days_out
        ranges = [each for each in (second if days_first else first) if isinstance(each, Hours)]
        windows += [(days, hours) for hours in week.left_of(ranges)]
    return [(days, hours) for days, hours in windows if days]


def _runs(said: Sequence[frozenset[int] | Hours]) -> list[list[frozenset[int] | Hours]]:
    """Days and hours in turn, as they were said together."""
    runs: list[list[frozenset[int] | Hours]] = []
    for each in said:
        if runs and isinstance(runs[-1][0], Hours) is isinstance(each, Hours):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs
