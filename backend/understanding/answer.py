"""What a Rasa server answers to `POST /model/parse`, and how much of it is used."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.understanding.exchange import ExchangeError

LONGEST_ENTITY = 200
"""Characters of an entity's value."""
_ROUNDED = 1.001
"""A confidence of one may come a little higher, for it is summed up in short numbers."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The likeliest intent, its confidence (0 to 1) and the first value of each entity. An empty intent: none."""

    intent: str
    confidence: float
    entities: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_answer(body: bytes) -> Answer:
    """Read the body of an answer. Raises ExchangeError when it is not shaped as Rasa's are."""
    try:
        data = json.loads(body)
        intent = data["intent"]
        name, confidence = intent["name"] or "", intent["confidence"]
        entities = _entities(data.get("entities", []))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ExchangeError("broken_answer") from None
    if not isinstance(name, str) or isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise ExchangeError("broken_answer")
    if not 0 <= confidence <= _ROUNDED:
        raise ExchangeError("broken_answer")
    return Answer(name, min(float(confidence), 1.0), entities)


def _entities(listed: list[dict[str, Any]]) -> dict[str, str]:
    """Values that are words; the first of each entity counts."""
    found: dict[str, str] = {}
    for each in listed:
        name, value = each.get("entity"), each.get("value")
        if isinstance(name, str) and isinstance(value, str):
            found.setdefault(name, value[:LONGEST_ENTITY])
    return found
