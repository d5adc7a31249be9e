"""How many parts a text message is sent in: GSM 7-bit where every character is in it, else UCS-2 (GSM 03.38)."""

from dataclasses import dataclass

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
"""These take two places each."""


@dataclass(frozen=True, slots=True)
class Size:
    """The number of parts, and the places used of those that the parts have together."""

    segments: int
    used: int
    gsm7: bool


def measure(text: str) -> Size:
    """The size of a text as a phone company counts it; an empty one is no part."""
    gsm7 = all(character in BASIC or character in EXTENDED for character in text)
    costs = [1 + (character in EXTENDED) if gsm7 else 1 + (ord(character) > 0xFFFF) for character in text]
    alone, joined = (160, 153) if gsm7 else (70, 67)
    used = sum(costs)
    return Size(-(-used // alone) if used <= alone else _packed(costs, joined), used, gsm7)


def _packed(costs: list[int], room: int) -> int:
    """Parts needed when a character of two places may not be split between two of them."""
    parts, left = 1, room
    for cost in costs:
        if cost > left:
            parts, left = parts + 1, room
        left -= cost
    return parts
