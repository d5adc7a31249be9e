"""A telephone number, its digits spaced, in words, with the letter o for nought, or with words around them."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from bot.understanding.numbers import NUMBER_WORDS
from bot.understanding.text import POLITE, Word, plain, words
from bot.understanding.types import Asked, Reading
from bot.understanding.vocabulary import word_set

HOME = "GB"
_SHORTEST = 7
_LETTER_O = re.compile(r"(?<![a-z])[\do]*\d[\do]*(?![a-z])")
_SEPARATORS = frozenset(" ().-\t+")
_DIGITS = {word: str(value) for word, value in NUMBER_WORDS.items() if value < 10 and word not in ("nil", "couple")} | {
    "oh": "0",
    "o": "0",
    "nought": "0",
}
_TIMES = {"double": 2, "dbl": 2, "treble": 3, "triple": 3}
_FILLER = POLITE | word_set(
    "its it is my the number num no mob mobile cell phone landline home tel telephone try use on ring call me "
    "text txt u can you at best yes yeah reach contact new a this"
)
_REFUSALS = word_set("not dont never old isnt wrong changed")
_DRAMA_MOBILE = re.compile(r"\+447700900\d{3}")
_DRAMA_LANDLINE = re.compile(r"\+441632960\d{3}")
_ISLE_OF_MAN_MOBILE = re.compile(r"\+447624\d{6}")
_WIFI = re.compile(r"\+447911[28]\d{5}")


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that spell digits one after the other."""

    digits: str
    first: int
    last: int


def read_phone(asked: Asked, text: str) -> Reading | None:
    """{e164, kind}: mobile, landline, or other (premium, freephone, a country that does not tell); one number only."""
    plain_text = _LETTER_O.sub(lambda match: match[0].replace("o", "0"), plain(text))
    said = words(plain_text)
    runs = [run for run in _runs(plain_text, said) if len(run.digits) >= _SHORTEST]
    if len(runs) != 1 or any(word.text in _REFUSALS for word in said[: runs[0].first]):
        return None
    run = runs[0]
    number = _parse(run.digits, plus=_has_plus(plain_text, said[run.first]))
    if number is None:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kind = kind_of(number, e164)
    source = text[said[run.first].start : said[run.last].end]
    return Reading({"e164": e164, "kind": kind}, 0.98, source, _rest(text, said, run)) if kind else None


def _runs(plain_text: str, said: list[Word]) -> list[_Run]:
    """Every run of digits, broken by any other word and by any sign that numbers are not written with."""
    runs: list[_Run] = []
    digits, times, first = "", 1, 0
    for place, word in enumerate([*said, Word("", len(plain_text), len(plain_text))]):
        spelled = word.text if word.text.isdecimal() else _DIGITS.get(word.text, "")
        apart = place > 0 and not set(plain_text[said[place - 1].end : word.start]) <= _SEPARATORS
        if digits and (apart or (not spelled and word.text not in _TIMES)):
            runs.append(_Run(digits, first, place - 1))
            digits = ""
        if spelled:
            first = first if digits else place
            digits += spelled[0] * times + spelled[1:]
        times = _TIMES.get(word.text, 1)
    return runs


def _has_plus(plain_text: str, word: Word) -> bool:
    return plain_text[max(0, word.start - 2) : word.start].strip(" (").endswith("+")


def _parse(digits: str, plus: bool) -> PhoneNumber | None:
    international = plus or (digits.startswith("44") and len(digits) == len("447700900123"))
    try:
        return phonenumbers.parse(f"+{digits}" if international else digits, None if international else HOME)
    except NumberParseException:
        return None


def kind_of(number: PhoneNumber, e164: str) -> str:
    """The kind of a number; "" when there is no such number.

    Ofcom keeps 07700 900 and 01632 960 for drama, unknown to libphonenumber; 07624 is an Isle of Man mobile, no pager;
    079112 and 079118 are for calls by Wi-Fi.
    """
    if _WIFI.fullmatch(e164):
        return "other"
    if _DRAMA_MOBILE.fullmatch(e164) or _ISLE_OF_MAN_MOBILE.fullmatch(e164):
        return "mobile"
    if _DRAMA_LANDLINE.fullmatch(e164):
        return "landline"
    if not phonenumbers.is_valid_number(number):
        return ""
    kinds = {PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "landline"}
    return kinds.get(phonenumbers.number_type(number), "other")


def _rest(text: str, said: list[Word], run: _Run) -> str:
    """What is said after the number, or else before it, without words that only lead up to a number."""
    after = said[run.last + 1 :]
    while after and after[0].text in POLITE:
        after = after[1:]
    while after and after[-1].text in POLITE:
        after = after[:-1]
    left = after or ([] if all(word.text in _FILLER for word in said[: run.first]) else said[: run.first])
    return text[left[0].start : left[-1].end] if left else ""
