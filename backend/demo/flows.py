"""Playing any flow on the pure engine, in the browser: the talk, the state beside it, and the talk as a ready test.

Nothing here touches the database or sends anything. A talk is a `Player` in bounded memory behind a random token; it is
gone when the demo stops.
"""

import json
import secrets
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from backend.conversations.facts import service_facts
from backend.settings import Settings
from bot import Flows, State
from bot.contract import Choice, Facts, Json, Say, Traced
from bot.engine.state import Frame
from bot.player import Player, told
from safety.return_code import new_return_code

MOST_TALKS = 30
"""Talks in memory; the one that was longest untouched makes room."""
MOST_LINES = 400
"""Lines of one talk that the page still shows."""
MASK = "•••"
CHANNELS = ("sms", "webchat", "whatsapp", "telegram", "email")
ALREADY: Mapping[str, Json] = {"privacy_checked": True}
"""What counts as answered when a talk begins in the middle, in flows that know it."""
DEEDS: Mapping[str, str] = {
    ":undo": "Take it back",
    ":session": "A new session begins",
    ":danger": "It sounded like danger",
    ":timer": "It stays quiet",
    ":opened": "The page is opened",
    ":back": "A person hands back",
    ":pass 10 minutes": "10 minutes pass",
    ":pass 2 days": "2 days pass",
}
"""What can happen beside the words, in the player's own commands, and what the buttons for it say."""
FLIPS: Mapping[str, tuple[str, str]] = {
    "verified": ("The agreed word was given", "The agreed word was not given"),
    "word_agreed": ("A word is agreed here", "No word is agreed here"),
    "naming": ("Words may name us", "Words may not name us"),
    "staffed": ("Somebody is at work", "Nobody is at work"),
}
"""What the house knows, and how its turning true or false is said."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the talk: what a person said, what the bot said, or what the house was told to do."""

    who: Literal["mine", "theirs", "house"]
    text: str = field(repr=False)
    choices: tuple[Choice, ...] = field(default=(), repr=False)


class Played:
    """A talk under way, with the lines that were shown and how many there were before each event."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.lines: list[Shown] = []
        self._before: list[int] = []

    def begin_in(self, flow_id: str) -> None:
        """Begin in the middle, in one flow. Raises KeyError."""
        self._before.append(0)
        self.player.begin_in(flow_id, ALREADY)
        self._take_outcome()

    def say(self, text: str) -> None:
        """Somebody says this."""
        self._before.append(len(self.lines))
        self.lines.append(Shown("mine", text))
        self.player.say(text)
        self._take_outcome()

    def do(self, deed: str) -> None:
        """Something else happens. Raises KeyError for what is not among the deeds."""
        words = self.deeds[deed]
        if deed == ":undo":
            self._undo()
            return
        is_event = not deed.startswith((":session", ":pass", ":fact"))
        if is_event:
            self._before.append(len(self.lines))
        self.lines.append(Shown("house", words))
        self.player.hear(deed)
        if is_event:
            self._take_outcome()

    def _undo(self) -> None:
        if self._before:
            del self.lines[self._before.pop() :]
        self.player.hear(":undo")

    def _take_outcome(self) -> None:
        outcome = self.player.outcome
        for effect in outcome.effects if outcome else ():
            if isinstance(effect, Say):
                self.lines.append(Shown("theirs", effect.text, effect.choices))
            elif words := told(effect):
                self.lines.append(Shown("house", words))

    # --- what the page shows beside the talk ---

    @property
    def deeds(self) -> dict[str, str]:
        """What may happen now, and the words for it."""
        known = {name: getattr(self.player.facts, name) is True for name in FLIPS}
        flips = {f":fact {name}={_plain(not known[name])}": FLIPS[name][known[name]] for name in FLIPS}
        return {**DEEDS, **flips}

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The buttons under the last words."""
        return next((line.choices for line in reversed(self.lines) if line.who == "theirs"), ())

    def frames(self) -> list[Frame]:
        """Where the talk stands, what runs now on top."""
        return list(reversed(self.player.state.stack))

    def parked(self) -> list[Frame]:
        """What an earlier session left open."""
        return list(reversed(self.player.state.parked))

    def slots(self) -> list[tuple[str, str]]:
        """Every answer that is not empty, by name; what is most somebody's own is masked."""
        return list(_shown_slots(self.player.flows, self.player.state))

    def trace(self) -> tuple[Traced, ...]:
        """What happened in the last step."""
        return self.player.outcome.trace if self.player.outcome else ()

    def facts(self) -> list[tuple[str, str]]:
        """What the house tells the engine."""
        facts = self.player.facts
        names = ("channel", "naming", "verified", "word_agreed", "staffed", "new_session")
        return [(name.replace("_", " "), _plain(getattr(facts, name))) for name in names]


class Talks:
    """The talks of all visitors, by token."""

    def __init__(self, flows: Flows, settings: Settings) -> None:
        self.flows, self._settings = flows, settings
        self._talks: OrderedDict[str, Played] = OrderedDict()

    def begin(self, flow_id: str, channel: str) -> str:
        """A new talk from the first words, or in one flow; its token. Raises KeyError for what there is not."""
        if channel not in CHANNELS:
            raise KeyError(channel)
        facts = Facts(channel=channel, fresh_code=new_return_code(), service=service_facts(self._settings))
        played, token = Played(Player(self.flows, facts)), secrets.token_urlsafe(16)
        if flow_id:
            played.begin_in(flow_id)
        self._talks[token] = played
        while len(self._talks) > MOST_TALKS:
            self._talks.popitem(last=False)
        return token

    def find(self, token: str) -> Played | None:
        """The talk of this token, which is now the last one touched."""
        if token in self._talks:
            self._talks.move_to_end(token)
        return self._talks.get(token)

    def names(self) -> list[tuple[str, str]]:
        """Every flow of the project that a talk may begin in: its id and what people call it."""
        return sorted((flow.id, flow.name) for flow in self.flows.flows.values() if flow.own)


def _shown_slots(flows: Flows, state: State) -> Iterator[tuple[str, str]]:
    for name, value in sorted(state.slots.items()):
        slot = flows.slots.get(name)
        if value is not None:
            yield name, MASK if slot is not None and slot.sensitive else _plain(value)


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
