"""Segments counted a second time, by really packing the octets that a phone company would carry (R5).

Written from 3GPP TS 23.038 (the alphabet, septet by septet, in the order of its table) and TS 23.040 (140 octets of
user data, of which the header of a joined message takes six), and not from the code that it checks.
"""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.sms_text import segments

BY_SEPTET = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
"""Table 6.2.1.1: sixteen signs in a row; 1B is the escape and stands for no sign."""
ESCAPED = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
"""Table 6.2.1.1.1, by the septet behind the escape."""
SEPTETS = {sign: (code,) for code, sign in enumerate(BY_SEPTET) if sign != "\x1b"} | {
    sign: (0x1B, code) for code, sign in ESCAPED.items()
}
OCTETS, HEADER = 140, 6


def packed(septets: list[int], header: int) -> bytes:
    """Septets as octets behind a header, with the fill bits that let them begin at a whole septet."""
    fill = -(header * 8) % 7
    number = sum(septet << (fill + 7 * place) for place, septet in enumerate(septets))
    return bytes(header) + number.to_bytes(-(-(fill + 7 * len(septets)) // 8), "little")


def in_pdus(units: list[list[int]], octets_of: Callable[[list[int], int], bytes]) -> int:
    """How many messages it takes to carry these signs, none of them parted."""

    def fits(signs: list[list[int]], header: int) -> bool:
        return len(octets_of([code for sign in signs for code in sign], header)) <= OCTETS

    if fits(units, 0):
        return 1
    count, here = 1, list[list[int]]()
    for sign in units:
        if not fits([*here, sign], HEADER):
            count, here = count + 1, []
        here.append(sign)
    return count


def counted(text: str) -> tuple[str, int]:
    """Alphabet and number of messages, by packing."""
    if all(sign in SEPTETS for sign in text):
        return "GSM-7", in_pdus([[*SEPTETS[sign]] for sign in text], packed)
    units = [[*sign.encode("utf-16-be")] for sign in text]
    return "UCS-2", in_pdus(units, lambda codes, header: bytes(header) + bytes(codes))


def test_the_table_has_all_septets() -> None:
    assert len(BY_SEPTET) == 128 and len(set(BY_SEPTET)) == 128
    assert BY_SEPTET[0x40] == "¡" and BY_SEPTET[0x65] == "e" and BY_SEPTET[0x7F] == "à"


GSM = st.text(st.sampled_from([*SEPTETS]), min_size=140, max_size=480)
SPLITS = st.text(st.sampled_from(["a", "€", "[", "é"]), min_size=150, max_size=320)
WIDE = st.text(st.sampled_from(["a", "ê", "🙂", "ж", "\u200d"]), min_size=60, max_size=150)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@pytest.mark.requirement("R5")
@given(st.one_of(GSM, SPLITS, WIDE, ANY))
def test_our_count_is_that_of_the_octets(text: str) -> None:
    ours = segments(text)
    assert (ours.encoding, ours.count) == counted(text)


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("lead", range(148, 162))
@pytest.mark.parametrize("pair", ["€", "🙂"])
def test_no_pair_is_parted_at_the_edge(lead: int, pair: str) -> None:
    filler = "a" if pair == "€" else "ж"
    lead = lead if pair == "€" else lead - 90
    for tail in range(0, 160, 7):
        text = filler * lead + pair + filler * tail
        assert (segments(text).encoding, segments(text).count) == counted(text)
