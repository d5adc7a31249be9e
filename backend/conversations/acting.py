"""What every custom action works on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from backend.conversations.talk import Talk
from backend.house import House
from bot.contract import Json

Slots = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Acting:
    """What an action works on: `word` is the slow hash of the turn's message, `inbound_id` its row, `code` the turn's
    return code."""

    c: Connection
    house: House
    talk: Talk
    memory: dict[str, Any] = field(default_factory=dict, repr=False)
    word: bytes | None = field(default=None, repr=False)
    code: str = field(default="", repr=False)
    inbound_id: int | None = None
