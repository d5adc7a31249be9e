"""What somebody wants when it is no answer: intents start flows and fill slots."""

from typing import Final

from bot.contract import Json
from bot.engine.answering import answer, set_other
from bot.engine.asking import not_usable
from bot.engine.turn import Turn
from bot.language.models import Slot
from bot.language.payloads import GivesIntent
from bot.understanding import Intent

LEAST: Final = 0.5
"""A trigger without a threshold of its own still needs this much."""
LEAST_FROM_ELSEWHERE: Final = 0.8
"""Another understanding is trained by others and surer of itself, so it has to be this sure."""


def by_payload(turn: Turn, payload: GivesIntent) -> None:
    """`/intent{"entity": "v"}`: as sure as can be."""
    entities = {name: str(value) for name, value in payload.entities.items()}
    if not fill(turn, Intent(payload.name, 1.0, entities)) and not start(turn, payload.name, 1.0):
        not_usable(turn)


def by_words(turn: Turn, words: str, least: float = LEAST) -> bool:
    """Whether the words want something that a flow is for, or fill the open question; if so, it is done."""
    return _do(turn, turn.flows.understanding.intent(words, turn.language), least)


def by_reading_elsewhere(turn: Turn) -> bool:
    """The same by what another understanding made of the words, where it is sure. Asked only of words that are neither
    a command nor an answer."""
    intent = turn.read_elsewhere
    return intent.confidence >= LEAST_FROM_ELSEWHERE and _do(turn, intent, LEAST_FROM_ELSEWHERE)


def _do(turn: Turn, intent: Intent, least: float) -> bool:
    if not intent.name:
        return False
    return fill(turn, intent) or (intent.confidence >= least and start(turn, intent.name, intent.confidence))


def fill_others(turn: Turn, words: str) -> None:
    """Fills what the words say beside their answer, where slots map from intents or entities at all."""
    if turn.flows.fills_from_intents:
        node = turn.question()
        fill(turn, turn.flows.understanding.intent(words, turn.language), without=node.slot if node else "")


def start(turn: Turn, intent: str, confidence: float) -> bool:
    """Starts the flow that `intent` triggers, above whatever is open; False when none may."""
    flow_id, threshold = turn.flows.triggers.get(intent, ("", 0.0))
    if not flow_id or confidence < threshold or any(frame.flow == flow_id for frame in turn.stack):
        return False
    flow = turn.flows.flows[flow_id]
    if flow.guard is not None and not flow.guard.test(turn.view, {}):
        return False
    in_check = any(frame.flow == "pattern_session_start" for frame in turn.stack)
    if in_check and not flow.anytime and not flow.is_pattern:
        return False
    turn.misses = 0
    turn.push(flow_id, "pattern" if flow.is_pattern else "talk")
    return True


def fill(turn: Turn, intent: Intent, without: str = "") -> bool:
    """Fills every slot that maps from this intent or its entities; whether the open question got its answer."""
    if not turn.flows.fills_from_intents:
        return False
    node = turn.question()
    for slot in turn.flows.slots.values():
        value = _mapped(turn, slot, intent) if slot.name != without else None
        if value is None:
            continue
        if node is not None and node.slot == slot.name:
            answer(turn, node, value)
            return True
        set_other(turn, slot.name, value)
    return False


def _mapped(turn: Turn, slot: Slot, intent: Intent) -> Json:
    """The value of the first mapping that yields one."""
    for mapping in slot.mappings:
        if mapping.applies(intent.name, [frame.flow for frame in turn.stack]):
            value: Json = None
            if mapping.kind == "from_intent":
                value = mapping.value
            elif mapping.kind == "from_entity":
                value = intent.entities.get(mapping.entity)
            if value is not None:
                return value
    return None


def text_fills(turn: Turn, slot: Slot, words: str) -> bool:
    """Whether plain words may fill the slot that is asked: no mapping, a reader that knows, a `from_text` that fits."""
    by_text: list[bool] = []
    open_flows = [frame.flow for frame in turn.stack]
    for mapping in slot.mappings:
        if mapping.kind == "from_text":
            wants_intent = mapping.intents or mapping.not_intents
            name = turn.flows.understanding.intent(words, turn.language).name if wants_intent else ""
            by_text.append(mapping.applies(name, open_flows))
    if by_text:
        return any(by_text)
    return not slot.mappings or slot.reader not in ("free_text", "name")
