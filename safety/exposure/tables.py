"""Reads `places.toml` once: what each channel shows where, how much a screen holds, what gives something away."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.resources import files
from typing import Any

UNCONFIRMED = "general knowledge"


class Place(StrEnum):
    """Where words, or traces of them, may be seen by somebody else."""

    LOCK_SCREEN = "lock_screen"
    NOTIFICATIONS = "notifications"
    THREAD_LIST = "thread_list"
    THREAD = "thread"
    LINKED = "linked"
    """A tablet, a computer, a car or a watch that shares the account."""
    BILL = "bill"
    PROVIDER = "provider"


PLACE_NAMES: Mapping[Place, str] = {
    Place.LOCK_SCREEN: "Lock screen",
    Place.NOTIFICATIONS: "Notification centre",
    Place.THREAD_LIST: "List of threads",
    Place.THREAD: "Opened thread",
    Place.LINKED: "Other devices",
    Place.BILL: "Phone bill",
    Place.PROVIDER: "Companies on the way",
}
"""What people call them."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one place shows of one channel, with the mark of where we have it from."""

    shows: str
    words: str
    source: str

    @property
    def unconfirmed(self) -> bool:
        """Whether part of it is general knowledge only: verify before use."""
        return UNCONFIRMED in self.source


@dataclass(frozen=True, slots=True)
class Exposed:
    """One channel: what each place shows, and what can be undone."""

    name: str
    undo: str
    source: str
    places: Mapping[Place, Claim] = field(repr=False)

    @property
    def previewed(self) -> bool:
        """Whether words stand on a lock screen."""
        return self.places[Place.LOCK_SCREEN].shows == "opening"


@dataclass(frozen=True, slots=True)
class Phone:
    """A kind of screen, and how many characters of a message it shows while it is locked (general knowledge)."""

    id: str
    name: str
    characters: int


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that a stranger would wonder about. `loud`: already in the first 40 characters."""

    name: str
    loud: bool
    pattern: re.Pattern[str] = field(repr=False)


def _channel(table: Mapping[str, Any]) -> Exposed:
    places = {place: Claim(**table[place.value]) for place in Place}
    return Exposed(table["name"], table["undo"], table["source"], places)


def _hint(table: Mapping[str, Any]) -> Hint:
    return Hint(table["name"], table["loud"], re.compile(table["words"], re.IGNORECASE))


_FILE = tomllib.loads(files("safety.exposure").joinpath("places.toml").read_text("utf-8"))

CHANNELS: Mapping[str, Exposed] = {name: _channel(table) for name, table in _FILE["channels"].items()}
PHONES: tuple[Phone, ...] = tuple(Phone(**table) for table in _FILE["phones"])
"""From the smallest preview to the longest."""
LONGEST_PREVIEW = max(phone.characters for phone in PHONES)
HINTS: tuple[Hint, ...] = tuple(_hint(table) for table in _FILE["hints"].values())
