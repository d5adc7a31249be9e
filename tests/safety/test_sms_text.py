"""Segments, counted as a handset receives them (R5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.lint import Segments, not_gsm7, segments
from safety.sms_text import BASIC, EXTENSION


@pytest.mark.requirement("R5")
@pytest.mark.parametrize(
    ("text", "encoding", "count", "units"),
    [
        ("", "GSM-7", 1, 0),
        ("a" * 160, "GSM-7", 1, 160),
        ("a" * 161, "GSM-7", 2, 161),
        ("a" * 306, "GSM-7", 2, 306),
        ("a" * 307, "GSM-7", 3, 307),
        ("€" * 80, "GSM-7", 1, 160),
        ("€" * 81, "GSM-7", 2, 162),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3, 306),
        ("[{|}]~^\\", "GSM-7", 1, 16),
        ("é" * 160, "GSM-7", 1, 160),
        ("ê" * 70, "UCS-2", 1, 70),
        ("ê" * 71, "UCS-2", 2, 71),
        ("ê" * 134, "UCS-2", 2, 134),
        ("ê" * 135, "UCS-2", 3, 135),
        ("🙂" * 35, "UCS-2", 1, 70),
        ("🙂" * 36, "UCS-2", 2, 72),
        ("ê" * 66 + "🙂" + "ê" * 66, "UCS-2", 3, 134),
        ("it\u2019s", "UCS-2", 1, 4),
    ],
)
def test_segments_are_counted_exactly(text: str, encoding: str, count: int, units: int) -> None:
    assert segments(text) == Segments(encoding, count, units)


def test_the_alphabet_has_its_127_signs_and_ten_more() -> None:
    assert len(BASIC) == 127 and len(EXTENSION) == 10 and not BASIC & EXTENSION


def test_the_signs_that_do_not_fit_are_named_once() -> None:
    assert not_gsm7("\u2018it\u2019s\u2019 \u2013 ok [€]") == ("\u2018", "\u2019", "\u2013")


@given(st.text(max_size=400))
def test_a_longer_text_never_takes_fewer_segments(text: str) -> None:
    assert segments(text + "a").count >= segments(text).count >= 1
