"""Numbers in digits and in words, and where they stand."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.understanding.vocabulary import word_list, word_set

_UNITS = word_list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = word_list("twenty thirty forty fifty sixty seventy eighty ninety")
NUMBER_WORDS: dict[str, int] = (
    {word: value for value, word in enumerate(_UNITS)}
    | {word: 20 + 10 * place for place, word in enumerate(_TENS)}
    | {"nil": 0, "couple": 2, "fourty": 40, "hundred": 100, "dozen": 12}
)
_MISSPELLABLE = [word for word in NUMBER_WORDS if len(word) >= 5]
_TEN = "|".join([*_TENS, "fourty"])
_UNIT = "|".join(_UNITS[1:10])
_NUMBER = re.compile(
    rf"(?<![\d.,])(?P<digits>-?\d+(?:,\d{{3}})*(?:\.\d+)?)(?P<glued>[a-z]*)"
    rf"|\b(?P<ten>{_TEN})[ -]?(?P<unit>{_UNIT})\b"
    rf"|\b(?P<word>[a-z]+)\b"
)
_HALF = re.compile(r" and a half\b")
_GLUE = frozenset({"", "ish", "x", "yo", "yrs", "yr", "y", "th"})
_MANY_DIGITS = 12
_NEVER = word_set("there these those seventh tenth eighth the they them then")


@dataclass(frozen=True, slots=True)
class Number:
    """One number in a text; `exact` is False when its word was misspelt."""

    value: float
    start: int
    end: int
    exact: bool = True


def find_numbers(plain_text: str) -> list[Number] | None:
    """Every number in a plain text; None when letters make one of them something else (`30s`, `2nd`)."""
    found: list[Number] = []
    for match in _NUMBER.finditer(plain_text):
        if match["digits"]:
            if match["glued"] not in _GLUE or len(match["digits"]) > _MANY_DIGITS:
                return None
            found.append(Number(float(match["digits"].replace(",", "")), match.start(), match.end()))
        elif match["ten"]:
            found.append(Number(NUMBER_WORDS[match["ten"]] + NUMBER_WORDS[match["unit"]], match.start(), match.end()))
        else:
            found += _in_words(match["word"], match.start(), match.end())
    return [_and_a_half(plain_text, number) for number in found]


def _in_words(word: str, start: int, end: int) -> list[Number]:
    if (value := NUMBER_WORDS.get(word)) is not None:
        return [Number(value, start, end)]
    near = near_number(word)
    return [] if near is None else [Number(near, start, end, exact=False)]


def near_number(word: str) -> int | None:
    """The number whose word this misspells by one letter; None for short words and for ordinary ones."""
    if not 4 <= len(word) <= 10 or word in _NEVER:
        return None
    near = [known for known in _MISSPELLABLE if OSA.distance(word, known, score_cutoff=1) <= 1]
    return NUMBER_WORDS[near[0]] if len(near) == 1 else None


def _and_a_half(plain_text: str, number: Number) -> Number:
    half = _HALF.match(plain_text, number.end)
    return Number(number.value + 0.5, number.start, half.end(), number.exact) if half else number


def whole(value: float) -> int | float:
    """The number as an int when it has no fraction."""
    return int(value) if value == int(value) else value
