"""A text message goes to a mobile only (R4)."""

import pytest

from safety.numbers import Line, may_text, read_number, sms_kind


@pytest.mark.requirement("R4")
@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("07911 123456", Line.MOBILE),
        ("+447400123456", Line.MOBILE),
        ("07624 345678", Line.MOBILE),
        ("020 8366 1177", Line.LANDLINE),
        ("01273 123456", Line.LANDLINE),
        ("0300 323 9985", Line.OTHER),
        ("0808 200 0247", Line.OTHER),
        ("0909 879 0123", Line.OTHER),
        ("07012 345678", Line.OTHER),
        ("0845 123 4567", Line.OTHER),
        ("+33 6 12 34 56 78", Line.MOBILE),
        ("+33 1 23 45 67 89", Line.LANDLINE),
        ("+1 202 555 0123", Line.UNSURE),
    ],
)
def test_the_kind_of_line_is_known(typed: str, kind: Line) -> None:
    number = read_number(typed)
    assert number and sms_kind(number) is kind and may_text(number) is (kind is Line.MOBILE)


@pytest.mark.requirement("R4")
@pytest.mark.parametrize("number", ["+447612345678", "+4485258", "+44999", "+447", "", "hello", "07911123456"])
def test_what_is_no_whole_number_is_never_texted(number: str) -> None:
    assert sms_kind(number) is Line.INVALID and not may_text(number)


@pytest.mark.requirement("R4")
def test_drama_mobiles_are_mobiles_in_demo_mode_only() -> None:
    assert may_text("+447700900123", demo=True) and not may_text("+447700900123")
    assert not may_text("+442079460123", demo=True)


def test_a_number_is_read_as_people_type_it() -> None:
    assert read_number(" (07911) 123-456 ") == "+447911123456"
    assert read_number("my number is a secret") is None
