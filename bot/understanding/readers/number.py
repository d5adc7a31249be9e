"""A number: in digits or words, with a hedge before it or a noun after it."""

import re

from bot.understanding.numbers import Number, find_numbers, whole
from bot.understanding.text import POLITE, head_is, plain, tail, words
from bot.understanding.types import Asked, Reading
from bot.understanding.vocabulary import word_set

BEFORE = word_set(
    "i im am ive id me theres have has got there are is its a an the about around roughly approx maybe probably prob "
    "think only aged age say of abt bout"
)
"""Words before a number that leave it what it is."""

_HEDGES = word_set("about around roughly approx maybe probably prob think abt bout ish")
_NOT_A_COUNT = word_set(
    "moment mo sec secs second min mins minute day night time thing more or and nearly almost maybe going in on next "
    "at month week year"
)
_AFTER_ONE = POLITE | word_set("child kid boy girl baby son daughter cat dog pet of only")
"""`one` begins too many phrases (`one moment`) to count whatever follows it."""
_NONE = re.compile(
    r"(?:i |we )?(?:none|nothing|nowt|zilch|no \w{2,}(?:s|ren)|(?:dont|don't) have any|not any)"
    r"(?: at all| at the moment| yet| now)?"
)
_LONGEST_NOUN = 2


def read_number(asked: Asked, text: str) -> Reading | None:
    """One number within the bounds that were asked; None for two numbers, `30s`, and a number inside a story."""
    plain_text = plain(text)
    if _NONE.fullmatch(plain_text.strip(" .!")):
        return _bounded(asked, 0, 0.9, text.strip())
    numbers = find_numbers(plain_text)
    if numbers is None or len(numbers) != 1:
        return None
    number = numbers[0]
    rest = _after(text, plain_text, number)
    if rest is None or not head_is(plain_text, number.start, BEFORE):
        return None
    return _bounded(asked, whole(number.value), _confidence(plain_text, number), text[number.start : number.end], rest)


def _after(text: str, plain_text: str, number: Number) -> str | None:
    following = words(plain_text[number.end :])
    spelled_one = plain_text[number.start : number.end] == "one"
    if following and (following[0].text in _NOT_A_COUNT or (spelled_one and following[0].text not in _AFTER_ONE)):
        return None
    if len(following) <= _LONGEST_NOUN:
        return text[number.end :].strip(" .,!-") if tail(text, plain_text, number.end) != "" else ""
    return tail(text, plain_text, number.end)


def _confidence(plain_text: str, number: Number) -> float:
    hedged = any(word.text in _HEDGES for word in words(plain_text))
    return 0.75 if hedged or not number.exact else 0.95


def _bounded(asked: Asked, value: int | float, confidence: float, source: str, rest: str = "") -> Reading | None:
    if (asked.minimum is not None and value < asked.minimum) or (asked.maximum is not None and value > asked.maximum):
        return None
    return Reading(value, confidence, source, rest)
