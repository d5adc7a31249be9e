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


# Where each range is laid down: NTNP, Ofcom's National Telephone Numbering Plan; ILR, the islands' regulators (Jersey's
# JCRA, Guernsey's GCRA, the Isle of Man's Communications Commission); ITU, the national plans that ITU-T publishes.
RANGES = [
    ("+447400123456", Line.MOBILE, "NTNP: 071 to 075 and 077 to 079 are mobiles"),
    ("+447911123456", Line.MOBILE, "NTNP: 07911, all but its ranges for Wi-Fi"),
    ("+447911023456", Line.MOBILE, "NTNP: as above"),
    ("+447911223456", Line.OTHER, "NTNP: 079112 is for calls by Wi-Fi"),
    ("+447911823456", Line.OTHER, "NTNP: 079118 is for calls by Wi-Fi"),
    ("+447012345678", Line.OTHER, "NTNP: 070 is for personal numbers"),
    ("+447662345678", Line.OTHER, "NTNP: 076 is for pagers"),
    ("+447624345678", Line.MOBILE, "ILR: 07624 is for mobiles of the Isle of Man"),
    ("+447797712345", Line.MOBILE, "ILR: 07797 is for mobiles of Jersey"),
    ("+447781123456", Line.MOBILE, "ILR: 07781 is for mobiles of Guernsey"),
    ("+441534123456", Line.LANDLINE, "ILR: 01534 is Jersey's exchange"),
    ("+441481250123", Line.LANDLINE, "ILR: 01481 is Guernsey's exchange"),
    ("+441624623456", Line.LANDLINE, "ILR: 01624 is the Isle of Man's exchange"),
    ("+442083661177", Line.LANDLINE, "NTNP: 01 and 02 are geographic"),
    ("+443001234567", Line.OTHER, "NTNP: 03 is for organisations"),
    ("+445600123456", Line.OTHER, "NTNP: 056 is for calls by internet"),
    ("+445512345678", Line.OTHER, "NTNP: 055 is for companies"),
    ("+448081570192", Line.OTHER, "NTNP: 080 is free to call"),
    ("+448451234567", Line.OTHER, "NTNP: 084 and 087 are special services"),
    ("+449098790123", Line.OTHER, "NTNP: 09 is for premium services"),
    ("+353871234567", Line.MOBILE, "ITU: Ireland, 08x"),
    ("+35312345678", Line.LANDLINE, "ITU: Dublin"),
    ("+48501234567", Line.MOBILE, "ITU: Poland, 50x"),
    ("+48221234567", Line.LANDLINE, "ITU: Warsaw"),
    ("+919812345678", Line.MOBILE, "ITU: India, 98x"),
    ("+911123456789", Line.LANDLINE, "ITU: Delhi"),
    ("+923001234567", Line.MOBILE, "ITU: Pakistan, 30x"),
    ("+393123456789", Line.MOBILE, "ITU: Italy, 3xx"),
    ("+390612345678", Line.LANDLINE, "ITU: Rome"),
    ("+4930123456", Line.LANDLINE, "ITU: Berlin"),
    ("+12025550123", Line.UNSURE, "ITU: in North America mobiles and landlines look alike"),
]
"""Verify before use: plans change, and a number that was carried over to another network keeps its digits."""


@pytest.mark.requirement("R4")
@pytest.mark.parametrize(("number", "kind", "source"), RANGES)
def test_a_range_is_what_its_plan_says(number: str, kind: Line, source: str) -> None:
    assert sms_kind(number) is kind, source
    assert may_text(number) is (kind is Line.MOBILE)


def test_a_number_is_read_as_people_type_it() -> None:
    assert read_number(" (07911) 123-456 ") == "+447911123456"
    assert read_number("my number is a secret") is None
