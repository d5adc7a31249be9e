"""The kinds of answers that a question can get, and an understanding that hears none but payloads."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.contract import Json
from bot.engine.saying import question_picks
from bot.engine.turn import Turn
from bot.language.conditions import Condition
from bot.language.models import CollectStep, Flows, Slot
from bot.language.payloads import read_payload, set_slots_of
from bot.understanding import Asked, Command, Intent, Reading, Understanding

_SAMPLES: Final[dict[str, Json]] = {
    "date": "2026-03-14",
    "time": "15:00",
    "postcode": "BN11",
    "phone": {"e164": "+447700900123", "kind": "mobile"},
    "language": "pl",
    "name": "Sam",
    "free_text": "words",
    "days": [0, 2],
    "hours": [{"start": "09:00", "end": "17:00"}],
    "times": [{"days": [0], "start": "09:00", "end": "17:00"}],
}
_QUOTED: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_NUMBER: Final = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")
_PREFIX: Final = "\x01"
"""Before the place of a value in `Deaf.values`, where a payload cannot write it."""


class Deaf(Understanding):
    """Understands nothing that people say; only texts that stand for a ready value."""

    NOISE: Final = "\x00"

    def __init__(self) -> None:
        self.values: list[Json] = []

    def read(self, asked: Asked, text: str) -> Reading | None:
        """The value that the text stands for."""
        return Reading(self.values[int(text[1:])], 1.0, "") if text.startswith(_PREFIX) else None

    def command(self, text: str, language: str = "en") -> Command | None:
        """None."""
        return None

    def intent(self, text: str, language: str = "en") -> Intent:
        """No intent."""
        return Intent("", 0.0)

    def is_example(self, text: str) -> bool:
        """Never."""
        return False

    def stands_for(self, value: Json) -> str:
        """A text that is read as `value`."""
        if value not in self.values:
            self.values.append(value)
        return f"{_PREFIX}{self.values.index(value)}"


def deaf(flows: Flows) -> Flows:
    """The same flows, heard by nobody."""
    return replace(flows, understanding=Deaf())


def answers_to(turn: Turn, node: CollectStep) -> Iterator[str]:
    """What a person may say that matters: each option, else a value on each side of every condition."""
    slot = turn.slot(node.slot)
    for pick in question_picks(turn, node):
        if read_payload(pick.payload):
            yield pick.payload
    given = {str(value) for pick in question_picks(turn, node) for value in (set_slots_of(pick.payload) or {}).values()}
    ears = turn.flows.understanding
    assert isinstance(ears, Deaf)  # noqa: S101  # exploring always goes with `deaf`
    for value in _values(turn.flows, slot):
        if str(value) not in given:
            yield ears.stands_for(value)


def _values(flows: Flows, slot: Slot) -> list[Json]:
    if slot.kind == "bool":
        return [True, False]
    if slot.many:
        return [*([value] for value in slot.values), list(slot.values)]
    if slot.values:
        return list(slot.values)
    mentioned = [condition.source for condition in conditions_on(flows, slot.name)]
    if slot.kind == "float":
        edges: set[float] = {
            float(found) + step for source in mentioned for found in _NUMBER.findall(source) for step in (-1, 0, 1)
        }
        edges |= {edge for edge in (slot.minimum, slot.maximum) if edge is not None} or {1.0}
        return [*sorted(edges)]
    quoted = [one or other for source in mentioned for one, other in _QUOTED.findall(source) if "matches" not in source]
    return [_SAMPLES.get(slot.reader, "words"), *quoted]


def conditions_on(flows: Flows, slot: str) -> Iterator[Condition]:
    """Every condition of a step that reads `slot`."""
    for flow in flows.flows.values():
        for step in flow.steps.values():
            for way in step.ways:
                if way.condition and slot in way.condition.reads:
                    yield way.condition
            for rejection in step.rejections if isinstance(step, CollectStep) else ():
                yield rejection.condition
