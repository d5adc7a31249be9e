"""Times of day as people text them: `half 6ish`, `3.30`, `quarter to 5`, `8 at night`."""

import re
from dataclasses import dataclass

from bot.understanding.numbers import NUMBER_WORDS

DAY = 24 * 60
"""Minutes in a day."""

_HOURS = {word: value for word, value in NUMBER_WORDS.items() if 1 <= value <= 12 and word not in ("couple", "dozen")}
_HOUR = r"(?:\d{1,2}|" + "|".join(_HOURS) + ")"
_PAST = r"(?:quarter|quater|qtr|twenty[ -]?five|twenty|ten|five|\d{1,2})"
_MERIDIEM = (
    r"(?P<{0}>a\.?m\b\.?|p\.?m\b\.?|in the (?:morning|morn|mornin|afternoon|evening|eve|night)\b|at night\b|tonight\b)"
)
_ISH = r"(?:[ -]?ish)?"
_OCLOCK = r"(?: ?o'? ?clock)?"


def _time(minutes_to: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d.:/])(?:(?:(?P<half>half)(?: past)?|(?P<past>{_PAST}) ?(?:past|after)|(?P<to>{minutes_to}) ?to)"
        rf" (?P<anchor>{_HOUR})"
        rf"{_OCLOCK}{_ISH}(?: ?{_MERIDIEM.format('m1')}|(?![\w:/]|\.\d))"
        rf"|(?P<hour>\d{{1,2}})(?:[:.](?P<minute>\d{{2}})| (?P<spaced>15|30|45))(?!\d|[.:/]\d)"
        rf"{_ISH}(?: ?{_MERIDIEM.format('m2')})?"
        rf"|(?P<four>[012]\d[0-5]\d)(?!\d)(?: ?h(?:rs)?\b)?"
        rf"|(?P<plain>{_HOUR})(?!\d|[.:/]\d){_OCLOCK}{_ISH}(?: ?{_MERIDIEM.format('m3')}{_ISH}|(?!\w))"
        rf"|(?P<named>noon|mid ?day|midnight)\b)"
    )


TIME = _time(_PAST)
"""One time of day in a plain text; `moment_of` says which, or that there is no such time."""
TIME_IN_RANGES = _time(r"(?:quarter|quater|qtr|twenty[ -]?five|twenty|ten|five|2[05])")
"""The same where a range is as likely: `10 to 2` is a range, `20 to 8` is not."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Minutes after midnight. `certain` is False where am or pm was left open and the waking hour was taken."""

    minutes: int
    certain: bool


def moment_of(match: re.Match[str]) -> Moment | None:
    """The time of day that a TIME match says; None where there is none, such as 25:00 or `3 to 99`."""
    meridiem = _side(match["m1"] or match["m2"] or match["m3"] or "")
    if match["named"]:
        return Moment(0 if match["named"] == "midnight" else 12 * 60, True)
    if match["four"]:
        return _of_24(int(match["four"][:2]), int(match["four"][2:]))
    if match["hour"]:
        hour, minute = int(match["hour"]), int(match["minute"] or match["spaced"])
        written_in_full = len(match["hour"]) == 2 and match["hour"][0] == "0"
        return _of_24(hour, minute) if written_in_full and not meridiem else _of_12(hour, minute, meridiem)
    if match["plain"]:
        return _of_12(_number(match["plain"]), 0, meridiem)
    return _around(match, meridiem)


def _around(match: re.Match[str], meridiem: str) -> Moment | None:
    minutes = 30 if match["half"] else _minutes(match["past"] or match["to"])
    anchor = _of_12(_number(match["anchor"]), 0, meridiem)
    if anchor is None or minutes not in (5, 10, 15, 20, 25, 30):
        return None
    return Moment((anchor.minutes + (-minutes if match["to"] else minutes)) % DAY, anchor.certain)


def _minutes(word: str) -> int:
    if word.startswith("q"):
        return 15
    return 25 if word.startswith("twenty") and word.endswith("five") else _number(word)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBER_WORDS[word]


def _side(words: str) -> str:
    """`am` or `pm` from what follows the hour; `night` is before midnight from 6 on and after it before that."""
    if not words:
        return ""
    if (words[0] == "a" and not words.startswith("at")) or "morn" in words:
        return "am"
    return "night" if "night" in words else "pm"


def _of_12(hour: int, minute: int, meridiem: str) -> Moment | None:
    """An hour of a twelve-hour clock: without am or pm, 8 to 11 are before noon and 12 to 7 after it."""
    if hour > 12 or hour == 0:
        return _of_24(hour, minute) if meridiem != "am" and (hour or minute) else None
    if minute > 59:
        return None
    if meridiem == "night":
        meridiem = "pm" if 5 < hour < 12 else "am"
    after_noon = meridiem == "pm" or (not meridiem and (hour < 8 or hour == 12))
    return Moment((hour % 12 + 12 * after_noon) * 60 + minute, bool(meridiem))


def _of_24(hour: int, minute: int) -> Moment | None:
    return Moment(hour * 60 + minute, True) if hour < 24 and minute < 60 else None


def other_half(moment: Moment) -> Moment:
    """The same reading of the clock, twelve hours away."""
    return Moment((moment.minutes + DAY // 2) % DAY, moment.certain)


def hh_mm(minutes: int) -> str:
    """Minutes after midnight as HH:MM."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
