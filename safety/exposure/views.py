"""What each place shows of a talk, as lines. Nothing here judges; the same talk gives the same views, always."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from safety.exposure.tables import CHANNELS, LONGEST_PREVIEW, PLACE_NAMES, Claim, Place
from safety.lint import LOCK_SCREEN

LISTED = 80
"""Characters of the newest message in a list of threads; general knowledge, verify before use."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message on a phone. `at` is wall time as the phone writes it; `mine`: the phone's owner wrote it."""

    text: str = field(repr=False)
    at: str = ""
    mine: bool = False
    subject: str = field(default="", repr=False)
    choices: tuple[str, ...] = field(default=(), repr=False)


def time_on_phone(at: datetime) -> str:
    """Wall time as `Mon 2 Mar 10:00`."""
    return f"{at:%a} {at.day} {at:%b %H:%M}"


@dataclass(frozen=True, slots=True)
class View:
    """One place: the lines somebody reads there, newest where a phone puts it, and the claim behind it."""

    place: Place
    lines: tuple[str, ...] = field(repr=False)
    claim: Claim

    @property
    def name(self) -> str:
        """What people call the place."""
        return PLACE_NAMES[self.place]


def opening(message: Shown, characters: int = LOCK_SCREEN) -> str:
    """How a message begins on one line: its subject, where it has one, then its words; `…` where it was cut."""
    whole = " ".join(f"{message.subject} {message.text}".split())
    return whole if len(whole) <= characters else f"{whole[:characters]}…"


def unread(talk: Sequence[Shown]) -> list[Shown]:
    """What has come since the phone's owner last wrote, oldest first."""
    fresh: list[Shown] = []
    for message in reversed(talk):
        if message.mine:
            break
        fresh.append(message)
    return fresh[::-1]


def views(channel: str, talk: Sequence[Shown], sender: str) -> tuple[View, ...]:
    """Every place, in the order of `Place`. `sender` is what the phone calls us. Raises KeyError: no such channel."""
    claims = CHANNELS[channel].places
    return tuple(View(place, tuple(_lines(place, claims[place], talk, sender)), claims[place]) for place in Place)


def _lines(place: Place, claim: Claim, talk: Sequence[Shown], sender: str) -> list[str]:
    if not talk:
        return []
    if place is Place.LOCK_SCREEN and claim.shows == "opening":
        return [f"{sender}: {opening(message)}" for message in unread(talk)[::-1]]
    return _SHOWN[claim.shows](talk, sender)


def _sender(talk: Sequence[Shown], sender: str) -> list[str]:
    return [sender for message in unread(talk)]


def _stack(talk: Sequence[Shown], sender: str) -> list[str]:
    return [f"{sender}: {opening(message, LONGEST_PREVIEW)}" for message in unread(talk)]


def _last(talk: Sequence[Shown], sender: str) -> list[str]:
    newest = talk[-1]
    return [f"{_stamped(sender, newest)}: {'You: ' if newest.mine else ''}{opening(newest, LISTED)}"]


def _all(talk: Sequence[Shown], sender: str) -> list[str]:
    return [f"{_stamped('You' if message.mine else sender, message)}: {_whole(message)}" for message in talk]


def _stamped(who: str, message: Shown) -> str:
    return f"{who}, {message.at}" if message.at else who


def _whole(message: Shown) -> str:
    more = [message.subject] if message.subject else []
    return " ".join([*more, *message.text.split(), *(f"[{choice}]" for choice in message.choices)])


def _times(talk: Sequence[Shown], sender: str) -> list[str]:
    """What the phone sent, one line each, and the count."""
    sent = [message for message in talk if message.mine]
    return [*(f"{message.at}  text to {sender}" for message in sent), f"{len(sent)} to {sender} in all"]


_SHOWN: Mapping[str, Callable[[Sequence[Shown], str], list[str]]] = {
    "nothing": lambda talk, sender: [],
    "sender": _sender,
    "opening": _stack,
    "stack": _stack,
    "last": _last,
    "all": _all,
    "times": _times,
    "entry": lambda talk, sender: [sender],
}
