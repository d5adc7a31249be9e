"""Writes what was read the way people write it: days, times, dates, phone numbers, languages."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from bot.contract import Json
from bot.language.templates import plain
from bot.understanding.readers.language import language_name

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def written(reader: str, value: Json) -> str:
    """`value`, read by `reader`, in words; a value of another shape as it is."""
    write = _WRITERS.get(reader)
    try:
        return write(value) if write else plain(value)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        return plain(value)


def _days(value: Json) -> str:
    """`Mon, Wed`; three or more that follow one another as `Mon to Fri`."""
    days = sorted(int(str(day)) for day in value) if isinstance(value, list) else [int(str(value))]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{_DAYS[days[0]]} to {_DAYS[days[-1]]}"
    return ", ".join(_DAYS[day] for day in days)


def _time(value: Json) -> str:
    """`3pm`, `10.30am`, `midnight`."""
    hour, minute = (int(part) for part in str(value).split(":")[:2])
    if minute == 0 and hour in (0, 12, 24):
        return "midday" if hour == 12 else "midnight"
    return f"{hour % 12 or 12}{f'.{minute:02}' if minute else ''}{'am' if hour % 24 < 12 else 'pm'}"


def _windows(value: Json) -> str:
    windows = value if isinstance(value, list) else [value]
    return "; ".join(_window(window) for window in windows)


def _window(window: Json) -> str:
    if not isinstance(window, dict):
        return plain(window)
    days = window.get("days")
    start, end = window.get("start"), window.get("end")
    hours = f"{_time(start)} to {_time(end)}" if start is not None and end is not None else ""
    return " ".join(filter(None, (_days(days) if days else "", hours)))


def _date(value: Json) -> str:
    day = date.fromisoformat(str(value))
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _phone(value: Json) -> str:
    """A UK number as it is dialled here, another as it is dialled from anywhere."""
    number = str(value["e164"]) if isinstance(value, dict) else str(value)
    return f"0{number[3:7]} {number[7:]}" if number.startswith("+44") and len(number) == 13 else number


_WRITERS: Final[Mapping[str, Callable[[Json], str]]] = {
    "days": _days,
    "time": _time,
    "hours": _windows,
    "times": _windows,
    "date": _date,
    "phone": _phone,
    "language": lambda code: language_name(str(code)),
}
