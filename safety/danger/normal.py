"""What somebody typed, as the plain words they meant: case, emoji, digits for letters, long vowels, typing errors."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from safety.danger.spelling import Spelling

LONGEST = 3000
"""Characters that are read; of a longer text the beginning and the end."""

CALLED = "emoji_called"
"""Stands for two or more exclamation marks, and for a word that is drawn out (`heeelp`)."""
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_CALLS = re.compile("!{2,}")
_WORD = re.compile(r"\w+", re.UNICODE)
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u200b-\u200f\ufe0f\u00ad]")
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae"})
_SIGNS = str.maketrans({"@": "a", "$": "s", "!": "i"})
_SIGN_INSIDE = re.compile(r"(?<=[a-z])[@$!](?=[a-z])")


@dataclass(frozen=True, slots=True)
class Plain:
    """The words of a message; `sources` says from which typed piece each word came."""

    words: list[str]
    sources: list[int]
    pieces: list[str]

    def typed(self, first: int, last: int) -> str:
        """What was typed where these words stand."""
        return " ".join(self.pieces[self.sources[first] : self.sources[last] + 1])


def plain_words(text: str, spelling: Spelling) -> Plain:
    """The message in plain words."""
    pieces = list(_joined(_pieces(text, spelling), spelling))
    words: list[str] = []
    sources: list[int] = []
    for source, piece in enumerate(pieces):
        meant = spelling.meant(piece)
        words.extend(meant)
        sources.extend([source] * len(meant))
        if _DRAWN_OUT.search(piece):
            words.append(CALLED)
            sources.append(source)
    return Plain(*spelling.phrases_joined(words, sources), pieces)


def folded(text: str) -> str:
    """The text without accents and other marks, so that it is read the same with and without them."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_LETTERS)


def _pieces(text: str, spelling: Spelling) -> list[str]:
    if len(text) > LONGEST:
        text = text[: LONGEST // 2] + " " + text[-LONGEST // 2 :]
    text = text.lower()
    if not text.isascii():
        text = folded(spelling.emoji_named(text))
    text = _APOSTROPHES.sub("", text)
    text = _SIGN_INSIDE.sub(lambda sign: sign[0].translate(_SIGNS), text)
    return _WORD.findall(_CALLS.sub(f" {CALLED} ", text))


def _joined(pieces: list[str], spelling: Spelling) -> Iterator[str]:
    """The pieces, single letters in a row put together when they make words: `k n i f e`, `s.o.s`."""
    run: list[str] = []
    for piece in [*pieces, ""]:
        if len(piece) == 1 and piece.isalnum():
            run.append(piece)
            continue
        together = "".join(run)
        if len(run) > 2 and spelling.makes_words(together):
            yield together
        else:
            yield from run
        run = []
        if piece:
            yield piece
