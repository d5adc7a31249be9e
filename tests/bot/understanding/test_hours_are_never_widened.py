"""Whatever narrows the hours somebody gave is understood, or there is no reading."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import Asked, Understanding

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/London"))
TIMES = Asked("times", now=NOW)
NARROWING = (
    "not",
    "but not",
    "except",
    "apart from",
    "unless",
    "if",
    "when",
    "only if",
    "never",
    "but never",
    "without",
    "bar",
)
_TYPED = """
    wed weds mornings lunch after 3 hes home fri 12 - 1 at work the school run early sundays wensday evnings 5pm out
"""
WORDS = _TYPED.split()


def _minutes(windows: Any) -> set[tuple[int, int]]:
    """Every (day, minute) in which contact would be allowed."""
    allowed = set()
    for window in windows:
        start, end = (int(each[:2]) * 60 + int(each[3:]) for each in (window["start"], window["end"]))
        for day in window["days"]:
            allowed |= {((day + at // 1440) % 7, at % 1440) for at in range(start, end if end > start else end + 1440)}
    return allowed


@pytest.mark.requirement("R7")
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NARROWING), st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.data())
def test_a_narrowing_word_never_widens(
    answers: list[Any], understanding: Understanding, narrowing: str, words: list[str], data: st.DataObject
) -> None:
    readable = [each.text for each in answers if each.kind == "times" and each.expected and not each.rest]
    said = data.draw(st.sampled_from(readable))
    before = understanding.read(TIMES, said)
    after = understanding.read(TIMES, f"{said} {narrowing} {' '.join(words)}")
    assert before is not None
    assert after is None or _minutes(after.value) <= _minutes(before.value)


@pytest.mark.parametrize(
    "typed",
    [
        "any day but unday",
        "mon tues but not wed mornings",
        "tues after 3 unless hes home",
        "9-5 when hes at work",
        "weekdays except the school run",
        "any time hes out",
        "fri til kon",
        "mon 9-5, tues",
        "tonight after 8",
        "not mornings",
        "tuesday but wednesday",
    ],
)
@pytest.mark.requirement("R7")
def test_what_is_not_wholly_understood_is_asked_about(understanding: Understanding, typed: str) -> None:
    assert understanding.read(TIMES, typed) is None


@pytest.mark.parametrize(
    ("typed", "windows"),
    [
        ("any time but mornings", [("0123456", "12:00", "21:00")]),
        ("mon-fri not mornings", [("01234", "12:00", "21:00")]),
        ("tues 9-5 but not 12-2", [("1", "09:00", "12:00"), ("1", "14:00", "17:00")]),
        ("evenings after 8", [("0123456", "20:00", "21:00")]),
        ("sat 10-11 mornings", [("5", "10:00", "11:00")]),
        ("any time before 5", [("0123456", "09:00", "17:00")]),
        ("weekdays but only after 6", [("01234", "18:00", "21:00")]),
        ("any day apart from tues", [("023456", "09:00", "21:00")]),
        ("fri 10pm-1am", [("4", "22:00", "01:00")]),
        ("2 til 4 weds because he works then", [("2", "14:00", "16:00")]),
    ],
)
def test_what_was_taken_out_is_out(
    understanding: Understanding, typed: str, windows: list[tuple[str, str, str]]
) -> None:
    reading = understanding.read(TIMES, typed)
    assert reading is not None
    assert reading.value == [
        {"days": [int(day) for day in days], "start": start, "end": end} for days, start, end in windows
    ]
