"""Which numbers of a menu a text names: `2`, `option two`, `the second one`, `1,3 and 4`, `all but 4`."""

import re
from itertools import pairwise

from bot.understanding.numbers import NUMBER_WORDS
from bot.understanding.text import POLITE, words
from bot.understanding.vocabulary import word_set

_FILLER = POLITE | word_set(
    "option opt number num nr answer choice go for with ill id i want pick choose like say its the one ones "
    "please my is would to have be think be me"
)
_JOINS = frozenset({"and", "n"})
_ORDINALS = {
    word: place
    for place, word in enumerate(("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"), 1)
}
_ORDINAL = re.compile(r"(?<!\d)(\d)(?:st|nd|rd|th)\b")
_GLUED = re.compile(r"[a-z]\d|\d[a-z]")
_NOT_ALONE = re.compile(r"\b(?:or|not|nt|but|except|apart|maybe|dont|never|if|\d+ ?- ?\d+)\b|\?|\d[.,:]\d|(?<!\w)-\d")


def numbers_named(plain_text: str, size: int, many: bool) -> list[int] | None:
    """The menu's numbers that make up the whole text, in order; None when it is not a menu answer.

    A number outside 1 to `size` is given too, for it is a slip in a menu answer, not another kind of answer.
    """
    text = _ORDINAL.sub(lambda match: f" {match[1]} ", plain_text)
    if _NOT_ALONE.search(text if not many else text.replace(",", " ")) or _GLUED.search(text):
        return None
    found: list[int] = []
    said = [word.text for word in words(text)]
    for place, word in enumerate(said):
        number = _place_of(word, size, alone=len(said) == 1 or many)
        if number is not None:
            found.append(number)
        elif word == "one" and not found:
            found.append(1)
        elif not (word in _FILLER or (word in _JOINS and many and 0 < place < len(said) - 1)):
            return None
    return _split(found, size) if many else found


def _place_of(word: str, size: int, alone: bool) -> int | None:
    if word.isdecimal():
        return int(word) if len(word) <= 9 else 0
    if word in _ORDINALS:
        return _ORDINALS[word]
    if word == "last":
        return size
    if word == "one":
        return 1 if alone else None
    return NUMBER_WORDS.get(word) if word not in ("couple", "dozen", "hundred") else None


def _split(found: list[int], size: int) -> list[int]:
    """`134` in a menu of fewer than ten is 1, 3 and 4 when it rises, for it cannot be anything else."""
    if len(found) != 1 or size > 9 or found[0] <= size:
        return found
    digits = [int(digit) for digit in str(found[0])]
    rising = all(first < second for first, second in pairwise(digits))
    return digits if rising and digits[0] >= 1 and digits[-1] <= size else found


_FIRST_FEW = re.compile(r"\W*(?:the )?(first|last) (two|three|four|2|3|4|couple)\W*")


def first_few(plain_text: str, size: int) -> list[int]:
    """The numbers of `the first two` or `the last 3`; empty when the text is something else."""
    match = _FIRST_FEW.fullmatch(plain_text)
    if match is None:
        return []
    count = int(match[2]) if match[2].isdigit() else NUMBER_WORDS[match[2]]
    if count > size:
        return []
    return list(range(1, count + 1)) if match[1] == "first" else list(range(size - count + 1, size + 1))
