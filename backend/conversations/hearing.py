"""Letting the engine hear what a person said, and counting what might have been a guess at the agreed word (R12)."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from backend.conversations.agreed_words import count_tries
from backend.conversations.engine import opens, run_engine
from backend.conversations.talk import Talk
from backend.house import House
from bot.contract import Effect, HandOver, Said

OPENING = "pattern_session_start"
SHORT = 2
"""Words: the first message of a session counts as a guess only when it is as short as a word is."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer. `word` is the slow hash of its message, `inbound_id` that message's row; `tries`: how many of its
    messages could have been an agreed word and were not."""

    said: Said
    word: bytes | None = field(default=None, repr=False)
    inbound_id: int | None = None
    tries: int = 0

    @property
    def text(self) -> str:
        """The words."""
        return self.said.text


def hear(c: Connection, house: House, talk: Talk, memory: dict[str, Any], heard: Heard) -> None:
    """Let the engine take a step with what was said."""
    first = opens(memory)
    opening = any(frame[0] == OPENING for frame in memory.get("bot", {}).get("stack", ()))
    effects = run_engine(c, house, talk, memory, heard.said, word=heard.word, inbound_id=heard.inbound_id)
    wrong = len(heard.text.split()) <= SHORT if first else opening and _was_unclear(memory, effects)
    count_tries(c, house, talk, memory, heard.tries, wrong=wrong)


def _was_unclear(memory: dict[str, Any], effects: tuple[Effect, ...]) -> bool:
    """Whether the engine made nothing of the words."""
    gave_up = any(isinstance(effect, HandOver) and effect.reason == "unclear" for effect in effects)
    return gave_up or memory["bot"].get("misses", 0) > 0
