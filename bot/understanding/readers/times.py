"""When somebody can be reached: `days`, `hours`, and `times`, which is both in one answer."""

import re

from bot.contract import Json
from bot.understanding.clock import hh_mm
from bot.understanding.hours import DAY_BEGINS, DAY_ENDS, Hours
from bot.understanding.marks import marks_of
from bot.understanding.text import plain, words
from bot.understanding.types import Asked, Reading
from bot.understanding.weekly import Week, week_of, windows_of

_ONE_NUMBER = re.compile(r"\W*\d{1,2}\W*(?:x+)?\W*")
_WHOLE_DAY = Hours(DAY_BEGINS, DAY_ENDS)


def read_days(asked: Asked, text: str) -> Reading | None:
    """A sorted list of days, 0 = Monday; hours in the same answer are the rest."""
    week = _week(asked, text, days_only=True)
    if week is None or not week.days or not week.names_days or week.names_hours or week.hours_out:
        return None
    return _reading(text, week, list[Json](sorted(week.days)), 0.95)


def read_hours(asked: Asked, text: str) -> Reading | None:
    """A list of {start, end} as HH:MM of wall time; an end at or before its start is on the next day."""
    week = _week(asked, text)
    if week is None or not week.hours or week.names_days:
        return None
    return _reading(text, week, [_as_json(hours) for hours in week.hours], week.certainty)


def read_times(asked: Asked, text: str) -> Reading | None:
    """A list of {days, start, end}; no day named is every day, no hour named is the whole of a service's day."""
    week = _week(asked, text)
    windows = None if week is None else windows_of(week, _WHOLE_DAY)
    if week is None or not windows:
        return None
    value: Json = [{"days": list[Json](sorted(days)), **_as_json(hours)} for days, hours in windows]
    return _reading(text, week, value, week.certainty)


def _week(asked: Asked, text: str, days_only: bool = False) -> Week | None:
    plain_text = plain(text)
    if _ONE_NUMBER.fullmatch(plain_text):
        return None
    return week_of(marks_of(plain_text, asked.now), plain_text, days_only)


def _as_json(hours: Hours) -> dict[str, Json]:
    return {"start": hh_mm(hours.start), "end": hh_mm(hours.end)}


def _reading(text: str, week: Week, value: Json, confidence: float) -> Reading:
    left = words(plain(text)[week.end :])
    while left and left[-1].text in ("x", "xx", "ta", "thanks", "please", "pls"):
        left.pop()
    rest = text[week.end + left[0].start : week.end + left[-1].end] if left else ""
    return Reading(value, confidence, text[: week.end].strip(), rest)
