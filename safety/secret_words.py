"""Agreed words: one that shows who is there (R12), one that calls for help in silence (R13), one that only leaves.

They are short and easy to remember, so they are low-entropy secrets: kept only as slow salted hashes (R15, ASVS 6.5.2).
The house does the same slow work for every sender, known or not, before its transaction: salt, `slow_hash`, `matches`.
"""

import hmac
import re
import tomllib
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files

from argon2.low_level import Type, hash_secret_raw

from safety.carrier_words import CARRIER_WORDS
from safety.lint import names_service
from safety.return_code import new_return_code, read_return_code

__all__ = ["acceptable", "candidate", "matches", "new_return_code", "normalise", "read_return_code", "slow_hash"]

SHORTEST = 4
LONGEST = 40
MOST_WORDS = 4

VERSION = b"\x01"
"""Argon2id with the three numbers below. Other numbers need another version byte beside this one, not in its place."""
MEMORY_KIB = 19_456
PASSES = 3
LANES = 1
HASH_BYTES = 32

_LISTS = tomllib.loads(files("safety").joinpath("secret_words.toml").read_text("utf-8"))
_ACCENTS = re.compile("[\u0300-\u036f]")

ORDINARY = frozenset(_LISTS["ordinary"])
"""Words of ordinary answers and menus. A message of nothing else is never an agreed word, and none may be agreed."""

COMMON = frozenset(_LISTS["common"])
"""The words that somebody who guesses tries first."""

DANGER = frozenset(_LISTS["danger"])
"""Words that must keep their plain meaning: as an agreed word they would hide a cry for help, or make a false one."""

ORDINARY_EMOJI, DANGER_EMOJI = frozenset(_LISTS["ordinary_emoji"]), frozenset(_LISTS["danger_emoji"])
"""The same for emoji, each as `emoji` gives it."""

MOST_EMOJI = 4
_UNSEEN = re.compile("[\\s\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
"""What one phone adds to an emoji and another leaves out, and the colour of a skin."""


def normalise(word: str) -> str:
    """The letters and digits of a word, without case, accents, spaces and signs: what a hurried thumb gets right."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", folded))
    return "".join(character for character in plain if unicodedata.category(character)[0] in "LNM")


def emoji(text: str) -> str:
    """The emoji of a message that is nothing but a few of them; empty for every other message."""
    signs = _UNSEEN.sub("", text)
    only = all(unicodedata.category(sign) == "So" for sign in signs) and not normalise(signs)
    return signs if only and len(signs) <= MOST_EMOJI else ""


def may_be_guess(text: str) -> bool:
    """Whether this message could be meant as a code word; emoji never are, for they are easy to guess."""
    return not emoji(text) and candidate(text) is not None


def candidate(text: str) -> str | None:
    """The normalised word if this message can be an agreed word at all, else None. It never looks at the sender."""
    if signs := emoji(text):
        return None if signs in ORDINARY_EMOJI else signs
    word = normalise(text)
    fits = SHORTEST <= len(word) <= LONGEST and len(text.split()) <= MOST_WORDS
    return word if fits and _holds_letter(word) and not _all_in(text, ORDINARY) else None


def acceptable(word: str, names: Collection[str] = (), *, only_leaves: bool = False) -> str | None:
    """Why a word cannot be agreed, as a stable code, or None if it can. `names` are the service's own names;
    `only_leaves`: it opens nothing, so it may be emoji.

    Whatever is acceptable is a candidate when it is typed later; REFUSALS has a sentence for each code.
    """
    if only_leaves and (signs := emoji(word)):
        return _emoji_fault(signs)
    plain = normalise(word)
    checks = (
        ("no_letter", not _holds_letter(plain)),
        ("too_short", len(plain) < SHORTEST),
        ("too_long", len(plain) > LONGEST or len(word.split()) > MOST_WORDS),
        ("carrier_word", plain in CARRIER_WORDS),
        ("danger_word", any(part in DANGER for part in _parts(word)) or plain in DANGER),
        ("names_service", bool(names_service(word, names))),
        ("too_common", plain in COMMON or len(set(plain)) < 3 or _all_in(word, ORDINARY | COMMON)),
    )
    return next((reason for reason, found in checks if found), None)


def _emoji_fault(signs: str) -> str | None:
    if any(sign in DANGER_EMOJI for sign in signs):
        return "danger_word"
    return "too_common" if signs in ORDINARY_EMOJI else None


REFUSALS = {
    "no_letter": "It needs at least one letter. Numbers are easy to guess.",
    "too_short": "It is too short. Four letters or more.",
    "too_long": "It is too long. Four words at most.",
    "carrier_word": "Phone networks keep that word for themselves.",
    "danger_word": "That word must keep its plain meaning.",
    "names_service": "That word says what this is about.",
    "too_common": "That word is too easy to guess.",
}
"""Plain words for each code of `acceptable`, for the flow to show."""


def slow_hash(word: str, salt: bytes) -> bytes:
    """The version byte and the hash of a normalised word: about 30 ms of work, so never inside a transaction."""
    return VERSION + hash_secret_raw(word.encode(), salt, PASSES, MEMORY_KIB, LANES, HASH_BYTES, Type.ID)


def matches(hashed: bytes, stored: bytes | None) -> bool:
    """Whether two hashes are the same, in constant time; nothing stored: the same work on a decoy (R12, R15)."""
    same = hmac.compare_digest(hashed, stored if stored is not None else _decoy())
    return same and stored is not None


@lru_cache(maxsize=1)
def _decoy() -> bytes:
    return VERSION + bytes(HASH_BYTES)


def _holds_letter(word: str) -> bool:
    return any(character.isalpha() for character in word)


def _parts(text: str) -> list[str]:
    return [part for part in map(normalise, text.split()) if part]


def _all_in(text: str, words: Collection[str]) -> bool:
    return normalise(text) in words or all(part in words or len(part) < 2 for part in _parts(text))
