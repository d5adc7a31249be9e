"""What kind of line a number is: a text message goes to a mobile only, for a landline may read it aloud (R4)."""

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

DRAMA_MOBILES = re.compile(r"\+447700900\d{3}")
"""Ofcom's mobile numbers for drama: nobody has one, so they count as mobiles in demo mode and in tests only."""

MANX_MOBILES = re.compile(r"\+447624\d{6}")
"""An Isle of Man mobile range that looks like a pager's (076)."""

_UK_REFUSED = re.compile(r"\+44(?:70|76|7911[28])\d+")
"""Personal and pager numbers, which forward to anywhere and cost the person money, and two ranges for Wi-Fi calls,
079112 and 079118, that no handset need be behind (Ofcom's National Telephone Numbering Plan: verify before use)."""


class Line(StrEnum):
    """What is behind a number. Only `mobile` may be sent a text."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    OTHER = "other"
    """A personal, pager, special or premium number."""
    UNSURE = "unsure"
    """A country where the numbers of mobiles and landlines look alike."""
    INVALID = "invalid"


_KINDS = {
    PhoneNumberType.MOBILE: Line.MOBILE,
    PhoneNumberType.FIXED_LINE: Line.LANDLINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: Line.UNSURE,
}


def read_number(text: str, region: str = "GB") -> str | None:
    """The E.164 form of a number as somebody typed it, or None. It says nothing about the kind of line."""
    number = _parsed(text, region)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else None


def sms_kind(e164: str, demo: bool = False) -> Line:
    """What kind of line an E.164 number is. In demo mode Ofcom's drama mobiles are mobiles; else they are invalid."""
    if DRAMA_MOBILES.fullmatch(e164):
        return Line.MOBILE if demo else Line.INVALID
    if MANX_MOBILES.fullmatch(e164):
        return Line.MOBILE
    number = _parsed(e164, None)
    if number is None or not phonenumbers.is_valid_number(number):
        return Line.INVALID
    return Line.OTHER if _UK_REFUSED.fullmatch(e164) else _KINDS.get(phonenumbers.number_type(number), Line.OTHER)


def may_text(e164: str, demo: bool = False) -> bool:
    """Whether a text message may go to this number: only to what is surely a mobile (R4)."""
    return sms_kind(e164, demo) is Line.MOBILE


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
