"""Typed text made plain without moving a letter, so that what was read can be cut out of what was written.

`plain` has exactly the length of the text it was made from: lower case, straight quotes and hyphens, and a space for
every emoji and control character. Spans found in it are spans of the original.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.understanding.vocabulary import word_set

LONGEST = 500
"""Characters that a typed answer other than free text may have; more is a story, and is never read as anything else."""

_APOSTROPHES = dict.fromkeys("’‘ʼ`´", "'")
_HYPHENS = dict.fromkeys("‐‑‒–—−", "-")
_KEPT = frozenset("👍👎✅❌\u200d")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[👍👎✅❌]")
_RUNS = re.compile(r"(.)\1+")

POLITE = word_set(
    "pls plz please plse ta ty tx thx thanks thank x xx xxx xxxx hi hiya hey hello um umm erm er eh well lol tbh "
    "mate love hun sorry just actually then there"
)
"""Words that change nothing in any answer."""

SAYS_MORE = word_set(
    "but not only except if unless because cos cuz coz dont never no as when while though tho please after before "
    "b4 until till til from apart without"
)
"""Words that open an addition to an answer: what follows them is kept as the rest and changes nothing in the value."""


def plain(text: str) -> str:
    """The text in plain letters, of the same length."""
    lowered = text.lower()
    if text.isascii():
        return lowered
    return "".join(map(_plain_letter, lowered if len(lowered) == len(text) else text))


def _plain_letter(letter: str) -> str:
    known = _APOSTROPHES.get(letter) or _HYPHENS.get(letter)
    if known or letter.isascii() or letter in _KEPT:
        return known or letter
    if unicodedata.category(letter)[0] in "SC" or letter in "\ufe0e\ufe0f\u20e3":
        return " "
    folded = unicodedata.normalize("NFKC", letter).lower()
    return folded if len(folded) == 1 else letter


@dataclass(frozen=True, slots=True)
class Word:
    """One word, without apostrophes, and where it stands in the text."""

    text: str = field(repr=False)
    start: int
    end: int


def words(plain_text: str) -> list[Word]:
    """The words and whole numbers of a plain text, in order."""
    return [Word(m[0].replace("'", ""), m.start(), m.end()) for m in _WORD.finditer(plain_text)]


def squeezed(word: str) -> str:
    """The word with every run of a letter made one, as in `yesss` and `nooo`."""
    return _RUNS.sub(r"\1", word)


def without(found: list[Word], filler: frozenset[str]) -> list[Word]:
    """The words that are not filler."""
    return [word for word in found if word.text not in filler]


def joined(found: Iterable[Word]) -> str:
    """The words with single spaces between them."""
    return " ".join(word.text for word in found)


def cut(text: str, found: list[Word]) -> str:
    """The piece of the original from the first to the last of these words."""
    return text[found[0].start : found[-1].end] if found else ""


def tail(text: str, plain_text: str, end: int, filler: frozenset[str] = frozenset()) -> str | None:
    """What is said after `end`: "" for filler, words that add something, None for words that may change the meaning."""
    left = [word for word in words(plain_text[end:]) if word.text not in POLITE]
    while left and left[0].text in filler:
        left.pop(0)
    if not left:
        return ""
    if left[0].text not in SAYS_MORE:
        return None
    return text[end + left[0].start : end + left[-1].end]


def head_is(plain_text: str, start: int, filler: frozenset[str]) -> bool:
    """Whether nothing but polite words and `filler` stands before `start`."""
    return all(word.text in filler or word.text in POLITE for word in words(plain_text[:start]))
