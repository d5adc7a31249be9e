"""How hard a text is to read: the Flesch-Kincaid grade, for English."""

import re
from typing import Final

HARDEST: Final = 5.0
"""Grade 5 is a reading age of about ten (R37)."""

_SENTENCE: Final = re.compile(r"[.?!:]+(?=\s|$)|\n")
_WORD: Final = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|\d+")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_SILENT: Final = re.compile(r"(?<![aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzgh])es$")


def grade(text: str) -> float:
    """The grade of a text; 0 when there are no words in it."""
    sentences = [words for part in _SENTENCE.split(text) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    """An estimate by groups of vowels; a number counts as one."""
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word.lower()))))
