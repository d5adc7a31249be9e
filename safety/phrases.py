"""Reads typed text by the phrases in `phrases.toml`: refusals, endings, somebody else typing, an age (R6, R24, R36).

The file is for people to read and add to; this module only turns its lines into patterns.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

_DROPPED = re.compile("[\u0300-\u036f'\u2018\u2019\u02bc`\u00ad\u200b-\u200f\u2060\ufeff]")
_UP_TO_THREE_WORDS = r"(?:\w+ ){0,3}"


def plain(text: str) -> str:
    """`Don't text me!!` becomes `dont text me`. Letters of every script are kept."""
    folded = unicodedata.normalize("NFC", _DROPPED.sub("", unicodedata.normalize("NFKD", text.casefold())))
    # By category and not by \w, which would cut words of Indian scripts at their vowel signs.
    return " ".join("".join(sign if unicodedata.category(sign)[0] in "LNM" else " " for sign in folded).split())


@dataclass(frozen=True, slots=True)
class Phrases:
    """One section of the file. A message holds it when a phrase is found and nothing of `unless` is."""

    found: re.Pattern[str]
    unless: re.Pattern[str]

    def hold(self, text: str) -> bool:
        """Whether a message, as it was typed, says this."""
        words = f" {plain(text)} "
        return bool(self.found.search(words)) and not self.unless.search(words)


def _section(section: Mapping[str, Sequence[str]], groups: Mapping[str, Sequence[str]]) -> Phrases:
    before, after = (f"(?:{_one_of(groups[name])})*" for name in ("before", "after"))
    patterns = [
        *(f"^ {before}{_pattern(phrase, groups)}{after}$" for phrase in section.get("whole", ())),
        *(f"^ {before}{_pattern(phrase, groups)}" for phrase in section.get("begins", ())),
        *(f" {_pattern(phrase, groups)}" for phrase in section.get("anywhere", ())),
    ]
    unless = [f" {_one_of(section['unless'])}"] if "unless" in section else ["(?!)"]
    return Phrases(re.compile("|".join(patterns)), re.compile("|".join(unless)))


def _pattern(phrase: str, groups: Mapping[str, Sequence[str]]) -> str:
    """A phrase as a pattern in which every word ends with one space."""
    pieces = re.findall(r"\([^)]*\)|\S+", phrase)
    return "".join(_piece(piece, groups) for piece in pieces)


def _piece(piece: str, groups: Mapping[str, Sequence[str]]) -> str:
    if piece.startswith("("):
        return f"(?:{_piece(piece[1:-1], groups)})?"
    if piece == "...":
        return _UP_TO_THREE_WORDS
    if piece.startswith("<"):
        return _one_of(groups[piece[1:-1]])
    return _one_of(piece.split("/"))


def _one_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(f"{re.escape(word)} " for word in words) + ")"


_FILE = tomllib.loads(files("safety").joinpath("phrases.toml").read_text("utf-8"))

REFUSAL, ENDING, SOMEBODY_ELSE_PLAIN, SOMEBODY_ELSE_FAINT, YOUNG, CLEARING, OUTSIDER = (
    _section(_FILE[name], _FILE["groups"])
    for name in ("refusal", "ending", "somebody_else_plain", "somebody_else_faint", "young", "clearing", "outsider")
)
