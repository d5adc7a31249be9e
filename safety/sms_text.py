"""How a text travels as SMS: which alphabet it needs and how many segments it takes (R5; 3GPP TS 23.038 and 23.040)."""

from collections.abc import Iterable
from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
"""These cost two units each, an escape and the sign, and the two are never parted."""

GSM_ALONE, GSM_JOINED = 160, 153
UCS2_ALONE, UCS2_JOINED = 70, 67
"""Units in a message of one segment, and in each of several, where a header takes its share."""


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text costs. `encoding` is GSM-7 or UCS-2; `units` are septets or UTF-16 code units, without headers."""

    encoding: str
    count: int
    units: int


def segments(text: str) -> Segments:
    """Count the segments of a text exactly as a handset would receive them."""
    if not_gsm7(text):
        sizes = [len(sign.encode("utf-16-be")) // 2 for sign in text]
        return _count("UCS-2", sizes, UCS2_ALONE, UCS2_JOINED)
    return _count("GSM-7", [2 if sign in EXTENSION else 1 for sign in text], GSM_ALONE, GSM_JOINED)


def not_gsm7(text: str) -> tuple[str, ...]:
    """The signs of a text that force it out of the GSM alphabet, each once, such as a curly quote or an emoji."""
    return tuple(dict.fromkeys(sign for sign in text if sign not in BASIC and sign not in EXTENSION))


def _count(encoding: str, sizes: Iterable[int], alone: int, joined: int) -> Segments:
    """Fill one segment after another; a sign of two units that does not fit goes whole into the next."""
    total, count, left = 0, 1, joined
    for size in sizes:
        total += size
        if size > left:
            count, left = count + 1, joined
        left -= size
    return Segments(encoding, 1 if total <= alone else count, total)
