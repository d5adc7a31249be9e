"""Days of the calendar as people text them, day before month."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.understanding.marks import TODAY, TOMORROW
from bot.understanding.numbers import NUMBER_WORDS
from bot.understanding.vocabulary import word_list
from bot.understanding.week import days_of_word

_MONTHS = word_list("jan feb mar apr may jun jul aug sep oct nov dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_COUNT = r"(?:\d{1,3}|a|an|one|two|three|four|five|six|couple of)"
_DATE = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)"
    rf"|(?<![\d/.-])(?P<d>\d{{1,2}})[/.-](?P<m>\d{{1,2}})(?:[/.-](?P<y>\d{{4}}|\d{{2}}))?(?![\d/]|[.-]\d)"
    rf"|(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ?(?P<month>{_MONTH})\b,?(?: (?P<year>\d{{4}}|\d{{2}})\b)?"
    rf"|\b(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year2>\d{{4}})\b)?"
    rf"|(?<!\d)(?P<nth>\d{{1,2}})(?:st|nd|rd|th)\b"
    rf"|\bin (?P<ahead>{_COUNT}) (?P<unit>days?|weeks?|fortnights?)\b"
    rf"|\b(?P<ago>{_COUNT}) (?P<unit2>days?|weeks?|fortnights?) ago\b"
    rf"|\b(?P<week_on>a week|week) (?P<from_day>today|{'|'.join(sorted(TOMORROW))})\b"
    rf"|\b(?P<hence>{_COUNT}) days'? time\b"
    rf"|\b(?P<dd>[0-3]\d)(?P<mm>[01]\d)(?P<yyyy>(?:19|20)\d\d)\b"
    rf"|\bday after (?P<after>{'|'.join(TOMORROW)})\b"
    rf"|\b(?:(?P<which>this|next|last|a week on|week on) )?(?P<weekday>[a-z0-9]+)(?P<later> week)?\b"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One day in a text; `day` is None when it was said in a way that names no day, or more than one."""

    day: date | None
    start: int
    end: int
    certain: bool = True


def dates_in(plain_text: str, today: date) -> Iterator[Mention]:
    """Every mention of a day in a plain text, in order."""
    for match in _DATE.finditer(plain_text):
        if match["weekday"] and not _names_a_day(match["weekday"]):
            continue
        yield _mention(match, today)


def _names_a_day(word: str) -> bool:
    return word in TODAY or word in TOMORROW or word == "yesterday" or len(days_of_word(word)) == 1


def _mention(match: re.Match[str], today: date) -> Mention:
    day, certain = _day_of(match, today)
    return Mention(day, match.start(), match.end(), certain)


def _day_of(match: re.Match[str], today: date) -> tuple[date | None, bool]:
    if match["iso"]:
        return _iso(match["iso"]), True
    if match["d"]:
        return _day_and_month(today, int(match["d"]), int(match["m"]), match["y"])
    if match["month"]:
        return _day_and_month(today, int(match["day"]), _month(match["month"]), match["year"])
    if match["month2"]:
        return _day_and_month(today, int(match["day2"]), _month(match["month2"]), match["year2"])
    if match["nth"]:
        return _nth(today, int(match["nth"])), True
    if match["ahead"] or match["ago"] or match["hence"]:
        return _counted(today, match), True
    if match["dd"]:
        return _day_and_month(today, int(match["dd"]), int(match["mm"]), match["yyyy"])
    if match["week_on"]:
        return today + timedelta(days=7 if match["from_day"] == "today" else 8), True
    if match["after"]:
        return today + timedelta(days=2), True
    return _weekday(today, match)


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(word: str) -> int:
    return _MONTHS.index(word[:3]) + 1


def _day_and_month(today: date, day: int, month: int, year: str | None) -> tuple[date | None, bool]:
    """Without a year: the next such day. Two digits of a year: not more than ten years ahead."""
    if year is None:
        this_year = _date(today.year, month, day)
        return (this_year if this_year and this_year >= today else _date(today.year + 1, month, day)), True
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) <= (today.year + 10) % 100 else 1900)
    return _date(full, month, day), True


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nth(today: date, day: int) -> date | None:
    """The next day of a month with this number."""
    year, month = today.year, today.month
    for _ in range(12):
        found = _date(year, month, day)
        if found and found >= today:
            return found
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return None


def _counted(today: date, match: re.Match[str]) -> date | None:
    word, unit = match["ahead"] or match["ago"] or match["hence"], match["unit"] or match["unit2"] or "d"
    count = (
        int(word) if word.isdigit() else 1 if word in ("a", "an") else 2 if word == "couple of" else NUMBER_WORDS[word]
    )
    days = count * {"d": 1, "w": 7, "f": 14}[unit[0]]
    return today + timedelta(days=-days if match["ago"] else days)


def _weekday(today: date, match: re.Match[str]) -> tuple[date | None, bool]:
    """A weekday is the next one after today; "next Friday" early in a week may be either Friday, so it names none."""
    word, which = match["weekday"], match["which"] or ""
    if word in TODAY | TOMORROW | {"yesterday"}:
        return today + timedelta(days=0 if word in TODAY else 1 if word in TOMORROW else -1), True
    (weekday,) = days_of_word(word)
    ahead = (weekday - today.weekday()) % 7 or 7
    if which == "last":
        return today - timedelta(days=(today.weekday() - weekday) % 7 or 7), True
    if which == "next" and weekday > today.weekday():
        return None, False
    if which.endswith("week on") or match["later"]:
        ahead += 7
    return today + timedelta(days=ahead), ahead != 7
