"""Helplines: what staff may look up, and the little of it that a survivor is shown (R33, M16).

Every entry has its source. Staff see all of them with a mark. A survivor sees an entry only while two people have
checked it within 90 days, and 999 always. The file is not signed yet: that comes with the two-person change.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

CHECK_LASTS = timedelta(days=90)
CHECKERS = 2

EMERGENCY_TEXT = (
    "Thank you. Please read this when you can. If it cannot wait, ring 999. "
    "If you cannot speak: ring 999 on a mobile, stay on, press 55 when asked."
)
"""The words of last resort: one segment, naming nothing, here in the code, so that they need no file or database."""


class Mark(StrEnum):
    """How far an entry can be trusted; shown to staff beside it."""

    CHECKED = "checked"
    OUT_OF_DATE = "out of date"
    VERIFY = "verify before use"
    DO_NOT_USE = "do not use"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a helpline: phone, text, email or web."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Helpline:
    """One entry. `checked_by` names the people who checked it on `checked_on`; `always`: shown whatever its mark."""

    id: str
    name: str
    ways: tuple[Way, ...]
    for_whom: str
    area: str
    hours: str
    cost: str
    relay: str
    note: str
    source: str
    checked_on: date | None
    checked_by: tuple[str, ...]
    status: str
    always: bool = False

    def mark(self, today: date) -> Mark:
        """How far this entry can be trusted on a day. A check dated in the future is none."""
        if self.status == Mark.DO_NOT_USE:
            return Mark.DO_NOT_USE
        if self.checked_on is None or len(set(self.checked_by)) < CHECKERS or self.checked_on > today:
            return Mark.VERIFY
        return Mark.CHECKED if today - self.checked_on <= CHECK_LASTS else Mark.OUT_OF_DATE


def read_helplines(text: str) -> tuple[Helpline, ...]:
    """The entries of a helpline file. Raises ValueError, KeyError or TypeError if it is not one."""
    return tuple(_entry(item) for item in json.loads(text)["entries"])


def _entry(item: dict[str, Any]) -> Helpline:
    checked_on = item["checked_on"] and date.fromisoformat(item["checked_on"])
    ways = tuple(Way(**way) for way in item["ways"])
    return Helpline(**{**item, "ways": ways, "checked_on": checked_on, "checked_by": tuple(item["checked_by"])})


@lru_cache(maxsize=1)
def shipped() -> tuple[Helpline, ...]:
    """The entries that come with this package."""
    return read_helplines(files("safety").joinpath("helplines.json").read_text("utf-8"))


def for_staff(today: date, entries: Iterable[Helpline] | None = None) -> tuple[tuple[Helpline, Mark], ...]:
    """Every entry with its mark, for practitioners, who ring before they rely on one."""
    return tuple((entry, entry.mark(today)) for entry in (shipped() if entries is None else entries))


def for_survivors(today: date, entries: Iterable[Helpline] | None = None) -> tuple[Helpline, ...]:
    """The entries that a survivor may be shown today: checked by two people within 90 days, and 999 always."""
    return tuple(entry for entry, mark in for_staff(today, entries) if entry.always or mark is Mark.CHECKED)
