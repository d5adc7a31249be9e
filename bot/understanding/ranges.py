"""Ranges of whole numbers in words, such as `13-15`, `under 13` or `18 or over`, for age bands."""

import re
from functools import lru_cache

from bot.understanding.numbers import find_numbers
from bot.understanding.text import POLITE, head_is, plain, words
from bot.understanding.types import Option
from bot.understanding.vocabulary import word_set

OLDEST = 120
"""The largest number that an age band without an end holds."""

_BETWEEN = re.compile(r"\b(\d{1,3}) ?(?:-|to|and|until) ?(\d{1,3})\b")
_UNDER = re.compile(
    r"\b(?:under|below|younger than|less than) (\d{1,3})s?\b|\b(\d{1,3}) (?:or|and) (?:under|younger|below)\b"
)
_OVER = re.compile(
    r"\b(?:over|above|older than|more than) (\d{1,3})s?\b"
    r"|\b(\d{1,3}) ?(?:\+|(?:or|and) (?:over|older|above|up|more)\b|plus\b)"
)
_EITHER = re.compile(r"\W*(\d{1,3}) or (\d{1,3})\W*")
_BEFORE = word_set("im i am age aged ive me now")
_AFTER = POLITE | word_set("years year yrs yr old yo now of age")


def range_of(text: str) -> tuple[int, int] | None:
    """The numbers, both included, that a title or an answer stands for; None when it is not one range."""
    if (match := _UNDER.search(text)) is not None:
        return (0, int(match[1]) - 1) if match[1] else (0, int(match[2]))
    if (match := _OVER.search(text)) is not None:
        return int(match[1] or match[2]), OLDEST
    if (match := _BETWEEN.search(text)) is not None:
        return int(match[1]), int(match[2])
    return None


@lru_cache(maxsize=256)
def _ranges_of(options: tuple[Option, ...]) -> tuple[tuple[int, int, int], ...]:
    ways = [(place, plain(way)) for place, option in enumerate(options) for way in (option.title, *option.words)]
    return tuple((place, *bounds) for place, way in ways if (bounds := range_of(way) or _one_of_two(way)) is not None)


def _one_of_two(title: str) -> tuple[int, int] | None:
    """The band of a title such as `16 or 17`. In an answer, `1 or 2` is no band but somebody who is not sure."""
    match = _EITHER.fullmatch(title)
    return (int(match[1]), int(match[2])) if match is not None else None


def option_by_range(plain_text: str, options: tuple[Option, ...]) -> int | None:
    """The one option whose range holds the number, or the whole range, of the text; None when it is unclear."""
    if not (ranges := _ranges_of(options)) or (bounds := _bounds(plain_text)) is None:
        return None
    holding = {place for place, low, high in ranges if low <= bounds[0] and bounds[1] <= high}
    return holding.pop() if len(holding) == 1 else None


def _bounds(plain_text: str) -> tuple[int, int] | None:
    numbers = find_numbers(plain_text)
    if not numbers:
        return None
    bare = re.sub(
        r"\b(?:under|below|over|above|or|and|to|older|younger|than|up|more|plus|less|between)\b", " ", plain_text
    )
    if not head_is(bare, numbers[0].start, _BEFORE) and bare == plain_text:
        return None
    if any(word.text not in _AFTER for word in words(bare[numbers[-1].end :])):
        return None
    if (bounds := range_of(plain_text)) is not None:
        return bounds
    value = numbers[0].value
    whole = len(numbers) == 1 and value == int(value)
    return (int(value), int(value)) if whole and head_is(plain_text, numbers[0].start, _BEFORE) else None
