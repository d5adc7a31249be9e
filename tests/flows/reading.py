"""How a text reads: its sentences, syllables and Flesch-Kincaid grade."""

import re

SENTENCE = re.compile(r"[.?!:]+(?=\s|$)|\n")
WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|\d+")
VOWELS = re.compile(r"[aeiouy]+")
SILENT_ENDING = re.compile(r"(?<![aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzgh])es$")


def syllables(word: str) -> int:
    """An estimate by groups of vowels; a number counts as one."""
    stem = SILENT_ENDING.sub("", word.lower())
    return max(1, len(VOWELS.findall(stem)))


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a line of a menu is a sentence of its own."""
    return [words for part in SENTENCE.split(text) if (words := WORD.findall(part))]


def grade(text: str) -> float:
    """Flesch-Kincaid grade: 5 is a reading age of about ten (R37)."""
    parts = sentences(text)
    words = [word for part in parts for word in part]
    return 0.39 * len(words) / len(parts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
