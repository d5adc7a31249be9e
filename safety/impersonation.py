"""Signs that somebody else is typing: how a session differs from what is usual in its conversation (M4).

What is kept are counts and nothing else: no word, no time of a message, nothing that names a device. Each sign can be
told in one sentence, none accuses anybody, and all that ever follows is more care: the agreed word is asked for again
and a practitioner is told. With too little known of somebody there are no signs at all.
"""

import math
import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from safety.phrases import OUTSIDER
from safety.phrases import plain as plain_words

Counts = Mapping[str, tuple[int, int]]
"""For each trait: how often it was so, and how often it could have been."""

MOST_OF: Mapping[str, int] = {
    "questions": 2,
    "language": 2,
    "hour": 1,
    "style": 2,
    "spelling": 2,
    "speed": 1,
    "device": 1,
}
"""The signs, and what each counts for at most: one for each of its traits that differs. A stranger's question and
another language count twice by themselves."""
ENOUGH = 3
"""From two signs or more, this much together is somebody unlike them; one alone never is."""

FEWEST_SESSIONS = 3
FEWEST_BEFORE, FEWEST_NOW = 8, 3
"""How often a trait must have been looked at, in all earlier sessions and in this one, before it says anything."""
RARE = 0.02
"""A sign is what would come by chance in fewer than one session of fifty..."""
FAR = 0.4
"""...and what is at least so many of the messages away from what is usual."""
NEAR_HOURS = 3
MOST = 400
"""Counts above this are halved, so that people may change their ways."""

_LISTS = tomllib.loads(files("safety").joinpath("impersonation.toml").read_text("utf-8"))
SHORTHAND, CONTRACTIONS, ENGLISH = (
    frozenset(_LISTS[name].split()) for name in ("shorthand", "contractions", "english")
)
_QUOTES = re.compile("['\u2019\u2018]")


@dataclass(frozen=True, slots=True)
class Seen:
    """One message. `hour` is wall time, 0 to 23; `waited`: seconds since their last message of this session."""

    text: str = field(repr=False)
    hour: int
    waited: float | None = None

    @property
    def words(self) -> list[str]:
        """As they were typed, without the signs around them."""
        return [word for word in re.findall(r"[\w'\u2019]+", self.text) if word]

    @property
    def folded(self) -> list[str]:
        """In small letters, without accents and apostrophes."""
        return plain_words(self.text).split()

    @property
    def typed(self) -> bool:
        """Is it more than a number off a menu?"""
        return any(sign.isalpha() for sign in self.text)


Look = Callable[[Seen], bool | None]
"""Whether a trait is there; None where a message cannot show it."""


def _if(applies: bool, holds: bool) -> bool | None:
    return holds if applies else None


def _first_letter_is_large(seen: Seen) -> bool | None:
    first = next((sign for sign in seen.text if sign.isalpha()), "")
    return _if(first.lower() != first.upper(), first.isupper())


def _keeps_apostrophes(seen: Seen) -> bool | None:
    said = [word for word in seen.words if _QUOTES.sub("", word).lower() in CONTRACTIONS]
    return _if(bool(said), any(_QUOTES.search(word) for word in said))


def _is_english(seen: Seen) -> bool | None:
    return _if(len(seen.folded) >= 4, any(word in ENGLISH for word in seen.folded))


TRAITS: Mapping[str, tuple[str, Look]] = {
    "capital": ("style", _first_letter_is_large),
    "full_stop": ("style", lambda seen: _if(len(seen.words) >= 3, seen.text.rstrip()[-1:] in ".!?")),
    "long": ("style", lambda seen: _if(len(seen.words) >= 4, len(seen.words) >= 15)),
    "emoji": ("style", lambda seen: _if(seen.typed, any(unicodedata.category(sign) == "So" for sign in seen.text))),
    "shorthand": ("spelling", lambda seen: _if(len(seen.words) >= 3, any(word in SHORTHAND for word in seen.folded))),
    "apostrophe": ("spelling", _keeps_apostrophes),
    "small_i": ("spelling", lambda seen: _if("i" in seen.folded, "i" in seen.words)),
    "english": ("language", _is_english),
    "at_once": ("speed", lambda seen: _if(seen.typed and seen.waited is not None, (seen.waited or 0) <= 10)),
    "slow": ("speed", lambda seen: _if(seen.typed and seen.waited is not None, (seen.waited or 0) >= 120)),
    "round_quote": ("device", lambda seen: _if(bool(_QUOTES.search(seen.text)), "\u2019" in seen.text)),
    "number": ("device", lambda seen: _if(seen.waited is not None, not seen.typed)),
    "outsider": ("questions", lambda seen: _if(seen.typed, OUTSIDER.hold(seen.text))),
}
"""What is counted, the sign it belongs to, and how a message shows it. `number`: do they answer by digits, or by
pressing? `round_quote`: which apostrophe their keyboard makes; a new phone may make another."""


def count(session: Counts, seen: Seen) -> Counts:
    """The counts of a session with one more message."""
    looked = {name: found for name, (_, look) in TRAITS.items() if (found := look(seen)) is not None}
    hour = {} if _hours(session) else {f"hour:{seen.hour}": True}
    return _sum(session, {name: (int(found), 1) for name, found in (looked | hour).items()})


def learn(usual: Counts, session: Counts) -> Counts:
    """What is usual, after a session that was theirs."""
    known = _sum(usual, session) if session else usual
    return {name: (hits // 2, all_ // 2) if all_ > MOST else (hits, all_) for name, (hits, all_) in known.items()}


def signs(usual: Counts, session: Counts) -> Mapping[str, int]:
    """The signs that differ from what is usual and what each counts for; none while too little is known."""
    if sum(hits for hits, _ in _hours(usual).values()) < FEWEST_SESSIONS:
        return {}
    found = [family for name, (family, _) in TRAITS.items() if _differs(name, usual, session)]
    if _is_new_hour(usual, session):
        found.append("hour")
    twice = ("questions", "language")
    return {
        sign: min(most, 2 if sign in twice else found.count(sign)) for sign, most in MOST_OF.items() if sign in found
    }


def unlike_them(found: Mapping[str, int]) -> bool:
    """Whether these signs together are too many for the same person."""
    return len(found) > 1 and sum(found.values()) >= ENOUGH


def _differs(name: str, usual: Counts, session: Counts) -> bool:
    """A question that only an outsider asks says something at once; everything else by how rare it would be."""
    (before, of_before), (now, of_now) = usual.get(name, (0, 0)), session.get(name, (0, 0))
    if name == "outsider":
        return of_before >= FEWEST_BEFORE and now > 0 and before * 20 <= of_before
    if of_before < FEWEST_BEFORE or of_now < FEWEST_NOW:
        return False
    likely = (before + 1) / (of_before + 2)
    return abs(likely - now / of_now) >= FAR and _chance(now, of_now, likely) < RARE


def _chance(hits: int, tries: int, likely: float) -> float:
    """How likely it is to see so few, or so many, by chance."""
    each = [math.comb(tries, k) * likely**k * (1 - likely) ** (tries - k) for k in range(tries + 1)]
    return min(sum(each[: hits + 1]), sum(each[hits:]))


def _is_new_hour(usual: Counts, session: Counts) -> bool:
    """Does the session begin hours away from when any earlier one began?"""
    known, now = _hours(usual), _hours(session)
    if sum(hits for hits, _ in known.values()) <= FEWEST_SESSIONS or not now:
        return False
    return all(min((a - b) % 24, (b - a) % 24) > NEAR_HOURS for a in now for b in known)


def _hours(counts: Counts) -> dict[int, tuple[int, int]]:
    """The hours at which sessions began."""
    return {int(name.partition(":")[2]): pair for name, pair in counts.items() if name.startswith("hour:") and pair[0]}


def _sum(first: Counts, second: Counts) -> Counts:
    names = {**first, **second}
    pairs = {name: (first.get(name, (0, 0)), second.get(name, (0, 0))) for name in names}
    return {name: (one[0] + other[0], one[1] + other[1]) for name, (one, other) in pairs.items()}
