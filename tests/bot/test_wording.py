"""What was read is written back the way people write it."""

import pytest

from bot.contract import Json
from bot.engine.wording import written


@pytest.mark.parametrize(
    ("reader", "value", "words"),
    [
        ("days", [0, 2], "Mon, Wed"),
        ("days", [0, 1, 2, 3, 4], "Mon to Fri"),
        ("time", "15:00", "3pm"),
        ("time", "09:30", "9.30am"),
        ("time", "12:00", "midday"),
        ("time", "00:00", "midnight"),
        ("time", "00:15", "12.15am"),
        ("hours", [{"start": "09:00", "end": "17:00"}], "9am to 5pm"),
        ("times", [{"days": [0, 2], "start": "10:00", "end": "14:00"}], "Mon, Wed 10am to 2pm"),
        ("times", [{"days": [5], "start": "10:00", "end": "12:00"}, {"days": [6]}], "Sat 10am to midday; Sun"),
        ("date", "2026-03-14", "14 March 2026"),
        ("phone", {"e164": "+447700900123", "kind": "mobile"}, "07700 900123"),
        ("phone", {"e164": "+33612345678", "kind": "mobile"}, "+33612345678"),
        ("language", "pl", "Polish"),
        ("language", "bfi", "BSL"),
        ("number", 3.0, "3"),
        ("free_text", "hello", "hello"),
        ("date", "soon", "soon"),
        ("days", "whenever", "whenever"),
        ("times", None, ""),
    ],
)
def test_a_value_is_written_in_words(reader: str, value: Json, words: str) -> None:
    assert written(reader, value) == words
