"""A place on a scale, such as 3, `a solid 3`, `3 out of 5` or `the highest`."""

import re
from dataclasses import replace

from bot.understanding.numbers import NUMBER_WORDS
from bot.understanding.readers.number import BEFORE, read_number
from bot.understanding.text import POLITE, joined, plain, without, words
from bot.understanding.types import Asked, Reading
from bot.understanding.vocabulary import word_set

_OUT_OF = re.compile(r"(?P<place>\w+) ?(?:/|out of) ?(?P<of>\w+)")
_FILLER = POLITE | BEFORE | word_set("id say solid the i it very one")
_ENDS = {
    "highest": True,
    "top": True,
    "max": True,
    "maximum": True,
    "lowest": False,
    "bottom": False,
    "min": False,
    "minimum": False,
}


def read_scale(asked: Asked, text: str) -> Reading | None:
    """A whole number on the scale; a fraction of another scale, such as 4/10 on a scale to 5, is unclear."""
    plain_text = plain(text)
    answer = joined(without(words(plain_text), _FILLER))
    if answer in _ENDS and (end := asked.maximum if _ENDS[answer] else asked.minimum) is not None:
        return Reading(int(end), 0.85, text.strip())
    if (match := _OUT_OF.search(plain_text)) is not None:
        plain_text = _on_this_scale(asked, plain_text, match)
    reading = read_number(asked, _without_filler(plain_text))
    if reading is None or not isinstance(reading.value, int):
        return None
    return replace(reading, source=text.strip(), rest="")


def _on_this_scale(asked: Asked, plain_text: str, match: re.Match[str]) -> str:
    of = NUMBER_WORDS.get(match["of"], match["of"])
    if asked.maximum is None or str(of) != str(int(asked.maximum)):
        return ""
    return plain_text[: match.start()] + match["place"] + plain_text[match.end() :]


def _without_filler(plain_text: str) -> str:
    return re.sub(r"\b(?:a solid|still|today|maybe|probably|prob|id say|i'd say|i think|i guess)\b", " ", plain_text)
