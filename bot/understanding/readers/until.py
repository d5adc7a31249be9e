"""How long something rests: an offered answer, or the day on which it goes on again."""

import re
from datetime import date, timedelta

from bot.understanding.dates import Mention, dates_in
from bot.understanding.numbers import NUMBER_WORDS
from bot.understanding.readers.choice import read_choice
from bot.understanding.text import plain
from bot.understanding.types import Asked, Reading

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)
_COUNT = r"(?P<count>\d{1,2}|a|one|two|three|four|five|six|seven|eight|nine|ten|couple of)"
_TILL = r"(?:until?l?|till?|'til|before|back on|again on)"
_TILL_A_DAY = re.compile(rf"(?:^|\s){_TILL}\s+(?P<after>after\s+)?(?:the\s+)?$")
_LASTS = re.compile(rf"(?:^|\bfor |\bnext )(?:the next |another |next |a )?{_COUNT} (?P<unit>day|week|fortnight)s?\b")
_TURN = re.compile(rf"\b{_TILL} (?:the )?(?:end of (?:the |this )?|next )(?P<unit>week|month)\b")
_THIS_AND_NEXT = re.compile(r"\bthis (?:week )?(?:and|or|&) (?:the )?next\b")
_BEGINS_LATER = re.compile(r"\bfrom (?!now\b|today\b|tonight\b|this\b)|\bstarting\b|\bnext (?:week|month)\b")
_MAY_BE_TWO = re.compile(r"\b(?:maybe|perhaps|or|about|around|not sure|don'?t know|dunno)\b")
_AROUND_A_DAY = re.compile(r"[\s.!]*(?:(?:on|the|please|pls|plz|thanks|ok)[\s.!]*)*")


def read_until(asked: Asked, text: str) -> Reading | None:
    """YYYY-MM-DD, the day on which it goes on again; else the value of an option.

    1. An offered answer by its title.  2. This week and next.  3. The turn of a week or month.  4. So many days or
    weeks.  5. Till a day, or after it.  6. What is offered, in other words.  7. A day by itself.  A rest that begins
    later, and a day that may be two, are unclear.
    """
    said, today = plain(text), asked.now.date()
    if said.strip(" .!") in {plain(option.title) for option in asked.options}:
        return read_choice(asked, text)
    if _THIS_AND_NEXT.search(said):
        return _reading(text, today, _monday(today) + 14 * _DAY)
    if found := _TURN.search(said):
        return _reading(text, today, _turn(found["unit"], today))
    if _BEGINS_LATER.search(said):
        return None
    if (found := _LASTS.search(said)) and not _MAY_BE_TWO.search(said):
        return _reading(text, today, today + _length(found))
    days = list(dates_in(said, today))
    if len(days) == 1 and not _MAY_BE_TWO.search(said) and (till := _TILL_A_DAY.search(said[: days[0].start])):
        return _reading(text, today, days[0].day, _DAY if till["after"] else timedelta(0))
    return read_choice(asked, text) or (_reading(text, today, days[0].day) if _is_all(said, days) else None)


def _reading(text: str, today: date, day: date | None, later: timedelta = timedelta(0)) -> Reading | None:
    """The day, if it lies ahead and not beyond a year."""
    if day is None or not _DAY <= day + later - today <= _LONGEST:
        return None
    return Reading((day + later).isoformat(), 0.95, text)


def _is_all(said: str, days: list[Mention]) -> bool:
    """Whether one day is the whole answer."""
    return len(days) == 1 and bool(_AROUND_A_DAY.fullmatch(said[: days[0].start] + " " + said[days[0].end :]))


def _length(found: re.Match[str]) -> timedelta:
    word, unit = found["count"], found["unit"]
    count = int(word) if word.isdigit() else {"a": 1, "couple of": 2}.get(word) or NUMBER_WORDS[word]
    return count * {"day": 1, "week": 7, "fortnight": 14}[unit] * _DAY


def _turn(unit: str, today: date) -> date:
    """The first day of the next week or month."""
    if unit == "week":
        return _monday(today) + 7 * _DAY
    return (today.replace(day=28) + 4 * _DAY).replace(day=1)


def _monday(day: date) -> date:
    return day - day.weekday() * _DAY
