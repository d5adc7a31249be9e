"""How a text reads and travels: its Flesch-Kincaid grade, and its size as SMS."""

import re

GSM_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = set("^{}\\[~]|€")
"""Each of these takes two places (3GPP TS 23.038)."""

SENTENCE = re.compile(r"[.?!:]+(?=\s|$)|\n")
WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?|\d+")
VOWELS = re.compile(r"[aeiouy]+")
SILENT_ENDING = re.compile(r"(?<![aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzgh])es$")


def strange_characters(text: str) -> set[str]:
    """The characters that would turn the text into UCS-2, at 70 to a segment."""
    return set(text) - GSM_BASIC - GSM_EXTENDED


def segments(text: str) -> int:
    """How many SMS segments a GSM-7 text takes: 160 places in one, 153 in each of several."""
    places = sum(2 if letter in GSM_EXTENDED else 1 for letter in text)
    return 1 if places <= 160 else -(-places // 153)


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
