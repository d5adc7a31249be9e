"""What a button says when it is pressed: `/SetSlots(a=1, b=[x,y])`, `/intent{"entity": "v"}`, a command of ours, or
plain words.
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.contract import Json
from bot.language.keys import COMMANDS

MOST_SLOTS: Final = 10
"""`=` signs in one payload; more are not read, as there."""

_SET: Final = re.compile(r"/SetSlots\((?P<inside>.*)\)\s*", re.DOTALL)
_INTENT: Final = re.compile(r"/(?P<name>[A-Za-z_][\w-]*)\s*(?P<entities>\{.*\})?\s*", re.DOTALL)
_ASSIGNMENT: Final = re.compile(
    r"\s*(?P<name>[^(),=\s]+)\s*=\s*(?P<value>\[[^\]]*\]|\"[^\"]*\"|'[^']*'|[^,]*)\s*(?:,|$)"
)
_NOTHING: Final = frozenset({"none", "null", "undefined"})


@dataclass(frozen=True, slots=True)
class SetSlots:
    """The payload sets slots, as written; the engine brings the values into their types."""

    values: dict[str, Json]


@dataclass(frozen=True, slots=True)
class GivesIntent:
    """The payload is an intent with entities, as sure as can be."""

    name: str
    entities: dict[str, Json]


@dataclass(frozen=True, slots=True)
class GivesCommand:
    """The payload is a command of ours."""

    name: str


Payload = SetSlots | GivesIntent | GivesCommand


@lru_cache(maxsize=1024)
def read_payload(text: str) -> Payload | None:
    """What `text` is as a payload; None when it is plain words or is not well formed."""
    if not text.startswith("/"):
        return None
    if (values := set_slots_of(text)) is not None:
        return SetSlots(values)
    found = _INTENT.fullmatch(text)
    if found is None:
        return None
    if found["name"] in COMMANDS and not found["entities"]:
        return GivesCommand(found["name"])
    entities = _entities(found["entities"])
    return None if entities is None else GivesIntent(found["name"], entities)


def _entities(written: str | None) -> dict[str, Json] | None:
    if not written:
        return {}
    try:
        entities = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return entities if isinstance(entities, dict) else None


def set_slots_of(text: str) -> dict[str, Json] | None:
    """The assignments of a `/SetSlots(…)`; None when it is something else or holds too many."""
    found = _SET.fullmatch(text)
    if found is None or text.count("=") > MOST_SLOTS:
        return None
    inside, values, at = found["inside"], {}, 0
    while at < len(inside):
        assignment = _ASSIGNMENT.match(inside, at)
        if assignment is None:
            return None
        values[assignment["name"]] = _value(assignment["value"].strip())
        at = assignment.end()
    return values


def _value(written: str) -> Json:
    if written.startswith("[") and written.endswith("]"):
        return [_value(item.strip()) for item in written[1:-1].split(",") if item.strip()]
    if len(written) > 1 and written[0] in "\"'" and written[0] == written[-1]:
        return written[1:-1]
    return None if written.lower() in _NOTHING else written
