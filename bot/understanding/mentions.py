"""Which offered answers a text mentions: in full, by another word, misspelt, or by the beginning of a title."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.understanding.text import Word, plain, words
from bot.understanding.types import Option

SHORTEST_PREFIX = 3
"""Letters of a title that must be typed before its beginning counts."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way of saying an option: its words, and the place of the option in the menu, from 0."""

    words: tuple[str, ...]
    option: int
    whole_only: bool = False
    """A phrase that only counts when it is the whole answer, such as the beginning of a title."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An option mentioned by the words from `first` up to `last` (not included); `exact` is False for a near miss."""

    option: int
    first: int
    last: int
    exact: bool


@lru_cache(maxsize=256)
def phrases_of(options: tuple[Option, ...]) -> tuple[Phrase, ...]:
    """All ways of saying the options, longest first; a word that two options share is nobody's."""
    ways: dict[tuple[str, ...], set[int]] = {}
    for place, option in enumerate(options):
        for way in (option.title, option.value.replace("_", " "), *option.words):
            if said := tuple(word.text for word in words(plain(way))):
                ways.setdefault(said, set()).add(place)
    found = [Phrase(way, next(iter(places))) for way, places in ways.items() if len(places) == 1]
    return tuple(sorted(found, key=lambda phrase: -len(phrase.words)))


def mentions_in(said: list[Word], options: tuple[Option, ...]) -> list[Mention]:
    """Every mention from left to right; the longer one counts, and an exact one before a near miss."""
    phrases, found, place = phrases_of(options), list[Mention](), 0
    while place < len(said):
        mention = _mention_at(said, place, phrases)
        if mention is not None:
            found.append(mention)
        place = mention.last if mention else place + 1
    return found


def _mention_at(said: list[Word], place: int, phrases: tuple[Phrase, ...]) -> Mention | None:
    for exact in (True, False):
        for phrase in phrases:
            end = place + len(phrase.words)
            if end <= len(said) and all(
                _same(word.text, known, exact) for word, known in zip(said[place:end], phrase.words, strict=True)
            ):
                return Mention(phrase.option, place, end, exact)
    return None


def _same(word: str, known: str, exact: bool) -> bool:
    return word == known if exact else near(word, known)


def near(word: str, known: str) -> bool:
    """Whether a word is a slip of the thumb away: long words may have two slips, short ones only a swap."""
    if word == known:
        return True
    if not (word.isalpha() and known.isalpha()) or abs(len(word) - len(known)) > 2 or len(known) < 4:
        return False
    if word == known + "s" or known == word + "s":
        return len(known) > 4
    distance = OSA.distance(word, known, score_cutoff=2)
    if len(known) == 4:
        return distance == 1 and sorted(word) == sorted(known)
    return distance <= (1 if len(known) < 8 else 2)


def nearest(typed: str, known: Mapping[str, str]) -> str | None:
    """What the known name that this is a slip away from stands for; None when there is none, or more than one."""
    found = [name for name, *_ in process.extract(typed, list(known), scorer=OSA.distance, score_cutoff=2, limit=5)]
    letters = typed.replace(" ", "")
    close = [name for name in found if near(letters, name.replace(" ", ""))]
    swapped = [name for name in close if sorted(letters) == sorted(name.replace(" ", ""))]
    meant = {known[name] for name in swapped or close}
    return meant.pop() if len(meant) == 1 else None


def option_by_whole(said: list[Word], options: tuple[Option, ...]) -> int | None:
    """The one option whose title begins with the whole text, or nearly is it, spaces apart (`whats app`, `wha`)."""
    typed = "".join(word.text for word in said)
    if len(typed) < SHORTEST_PREFIX or not typed.isalpha():
        return None
    titles = ["".join(phrase.words) for phrase in phrases_of(options)]
    places = [phrase.option for phrase in phrases_of(options)]
    begins = {place for title, place in zip(titles, places, strict=True) if title.startswith(typed)}
    if len(begins) == 1:
        return begins.pop()
    nears = {place for title, place in zip(titles, places, strict=True) if near(typed, title)}
    return nears.pop() if len(nears) == 1 else None
