"""Takes what a person said: a payload, a command about the talk, an answer to the open question, or something else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from bot.contract import Json
from bot.engine import changing
from bot.engine.answering import answer, set_slots
from bot.engine.asking import ask, nothing_usable, unclear
from bot.engine.moves import take_up
from bot.engine.saying import question_picks
from bot.engine.turn import Turn
from bot.language.models import CollectStep
from bot.language.payloads import GivesCommand, GivesIntent, SetSlots, read_payload, set_slots_of
from bot.understanding import Asked, Command, Option, Reading

SURE_READING: Final = 0.95
"""A closed question's reading this sure goes before a command that sounds alike."""
READING: Final = 0.5
COMMAND: Final = 0.6
INTENT: Final = 0.5
"""A trigger without a threshold of its own still needs this much."""
INTENT_OVER_FREE_TEXT: Final = 0.85
LONGEST_QUESTION: Final = 12
"""Words: longer texts at a free-text question are the answer to it."""
OPEN_READERS: Final = frozenset({"free_text", "name"})
WALL_TIME: Final = ZoneInfo("Europe/London")

_PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    "skip": ("pattern_skip_question", "ask"),
    "why": ("pattern_why", "ask"),
    "repeat": ("pattern_repeat_bot_messages", "stay"),
    "wait": ("pattern_wait", "stay"),
    "later": ("pattern_later", "stay"),
    "restart": ("pattern_restart", "ask"),
    "help": ("pattern_help", "ask"),
    "person": ("pattern_human_handoff", "stay"),
    "exit": ("pattern_exit", "stay"),
}
_ANY_TIME: Final = frozenset({"person", "exit", "later", "help", "repeat", "restart"})
"""Commands that mean something when no question is open."""


def hear(turn: Turn, text: str) -> None:
    """1. 0 and payloads. 2. A sure answer. 3. A command. 4. An answer. 5. Something else that a flow is for. 6. Unclear."""
    words = text.strip()
    payload = read_payload(words)
    if words == "0":
        obey(turn, Command("person", "", 1.0))
    elif isinstance(payload, SetSlots):
        set_slots(turn, payload.values)
    elif isinstance(payload, GivesCommand):
        _given_command(turn, payload.name, words)
    elif isinstance(payload, GivesIntent):
        _given_intent(turn, payload)
    elif (node := turn.question()) is not None:
        _at_question(turn, node, words)
    else:
        _without_question(turn, words)


# --- at a question -----------------------------------------------------------------------------------------------------


def asked_of(turn: Turn, node: CollectStep) -> Asked:
    """The question as the readers want it, with what is offered under it."""
    slot = turn.slot(node.slot)
    return Asked(
        slot.reader,
        options=tuple(_options(turn, node)),
        many=slot.many,
        minimum=slot.minimum,
        maximum=slot.maximum,
        language=turn.language,
        now=turn.now.astimezone(WALL_TIME),
    )


def _options(turn: Turn, node: CollectStep) -> list[Option]:
    slot = turn.slot(node.slot)
    made = []
    for pick in question_picks(turn, node):
        given = (set_slots_of(pick.payload) or {}).get(node.slot)
        if given is None and pick.payload.startswith("/"):
            made.append(Option(pick.payload, pick.title))
        else:
            value = str(pick.payload if given is None else given)
            made.append(Option(value, pick.title, (*slot.words.get(value, ()), value.replace("_", " "))))
    if made:
        return made
    if slot.kind == "bool":
        return [Option("yes", "Yes"), Option("no", "No")]
    return [Option(str(value), str(value).replace("_", " "), slot.words.get(str(value), ())) for value in slot.values]


def _at_question(turn: Turn, node: CollectStep, words: str) -> None:
    asked = asked_of(turn, node)
    reading = _reading(turn, node, asked, words)
    command = turn.flows.understanding.command(words, turn.language)
    sure = reading is not None and asked.reader not in OPEN_READERS and reading.confidence >= SURE_READING
    if command and command.confidence >= COMMAND and not sure and obey(turn, command):
        return
    if reading is not None and not _is_something_else(turn, node, asked, words):
        _take(turn, node, reading)
    elif node.force or not _start_by_intent(turn, words, INTENT):
        unclear(turn, node)


def _reading(turn: Turn, node: CollectStep, asked: Asked, words: str) -> Reading | None:
    """What the words say in answer to the question; None when that is not clear."""
    slot = turn.slot(node.slot)
    if not words or (slot.only_buttons and not asked.options):
        return None
    if slot.only_buttons:
        asked = replace(asked, reader="choice")
    if asked.reader == "free_text" and words.isdecimal() and 1 <= int(words[:4]) <= len(asked.options):
        return Reading(asked.options[int(words[:4]) - 1].value, 1.0, words)
    if node.slot == "session_change" and (name := changing.named(turn, words)):
        return Reading(name, 1.0, words)
    reading = turn.flows.understanding.read(asked, words)
    return reading if reading is not None and reading.confidence >= READING else None


def _is_something_else(turn: Turn, node: CollectStep, asked: Asked, words: str) -> bool:
    """Whether a text at an open-ended question asks for a flow instead; if so, that flow has been started."""
    if asked.reader not in OPEN_READERS or node.force or len(words.split()) > LONGEST_QUESTION:
        return False
    return _start_by_intent(turn, words, INTENT_OVER_FREE_TEXT)


def _take(turn: Turn, node: CollectStep, reading: Reading) -> None:
    """Takes a reading as the answer. An option that is no value of the slot does what its payload says."""
    if isinstance(reading.value, str) and reading.value.startswith("/") and read_payload(reading.value):
        hear(turn, reading.value)
        return
    turn.note("answer_was_read", node.slot, f"{reading.confidence:.2f}")
    rest = turn.slot(node.slot).rest
    if rest and reading.rest:
        turn.set(rest, reading.rest)
    answer(turn, node, reading.value)


# --- without one -------------------------------------------------------------------------------------------------------


def _without_question(turn: Turn, words: str) -> None:
    top = turn.top
    command = turn.flows.understanding.command(words, turn.language)
    if command and command.confidence >= COMMAND and obey(turn, command):
        return
    if _pressed(turn, words) or _start_by_intent(turn, words, INTENT):
        return
    if top is not None and top.waiting:
        turn.advance()
    else:
        nothing_usable(turn, {"reason": "cannot_handle_default"})


def _pressed(turn: Turn, words: str) -> bool:
    """Whether the words are the number of a button under the last message, which is then done."""
    if not words.isdecimal() or not turn.said:
        return False
    from bot.engine.saying import choose, picks_of

    response = turn.flows.responses.get(turn.said[-1])
    variation = choose(response, turn.view, turn.language) if response else None
    picks = picks_of(turn, variation) if variation else []
    if not 1 <= int(words) <= len(picks) or not read_payload(picks[int(words) - 1].payload):
        return False
    hear(turn, picks[int(words) - 1].payload)
    return True


# --- commands ----------------------------------------------------------------------------------------------------------


def obey(turn: Turn, command: Command) -> bool:
    """Does what a command says; False when it means nothing here, so that the words may mean something else."""
    open_question = turn.question() is not None
    match command.name:
        case "leave_it":
            return _leave_it(turn)
        case "resume":
            return _resume(turn)
        case "change":
            return _change(turn, command.argument)
        case "back":
            if open_question:
                changing.back(turn)
            return open_question
    if command.name not in _PATTERNS or not (open_question or command.name in _ANY_TIME):
        return False
    turn.push(_PATTERNS[command.name][0], "pattern", _PATTERNS[command.name][1])
    return True


def _given_command(turn: Turn, name: str, words: str) -> None:
    """A command by a button, or from the house; where it means nothing it is unclear."""
    if not obey(turn, Command(name, "", 1.0)):
        node = turn.question()
        if name == "resume":
            _open_question_again(turn, node)
        elif node is None:
            nothing_usable(turn, {"reason": "cannot_handle_default"})
        else:
            unclear(turn, node)


def _open_question_again(turn: Turn, node: CollectStep | None) -> None:
    """The house says that the talk goes on (the agreed word was given): what is open is asked again, else nothing is said."""
    if node is not None:
        ask(turn, node)


def _leave_it(turn: Turn) -> bool:
    if changing.leave_it(turn):
        return True
    talks = sum(frame.role == "talk" for frame in turn.stack)
    if talks < 2 or not turn.stack[-1].waiting:
        return False
    turn.push("pattern_cancel_flow", "pattern", "ask", {"canceled_name": turn.flow(turn.stack[-1]).name})
    return True


def _resume(turn: Turn) -> bool:
    """Takes up what lies below, when nothing else is open."""
    if turn.stack or not turn.parked:
        return False
    take_up(turn)
    if turn.stack and turn.stack[-1].waiting:
        turn.push(
            "pattern_continue_interrupted", "pattern", "ask", {"interrupted_flow": turn.flow(turn.stack[-1]).name}
        )
    return True


def _change(turn: Turn, argument: str) -> bool:
    node = turn.question()
    if node is None or node.slot == "session_change":
        return False
    name = changing.named(turn, argument) if argument else ""
    if name:
        changing.change(turn, name)
    else:
        changing.offer(turn)
    return True


# --- intents -----------------------------------------------------------------------------------------------------------


def _given_intent(turn: Turn, payload: GivesIntent) -> None:
    entities = {name: str(value) for name, value in payload.entities.items()}
    filled = fill_from_intent(turn, payload.name, entities)
    if not start(turn, payload.name, 1.0) and not filled:
        node = turn.question()
        if node is None:
            nothing_usable(turn, {"reason": "cannot_handle_default"})
        else:
            unclear(turn, node)


def _start_by_intent(turn: Turn, words: str, least: float) -> bool:
    intent = turn.flows.understanding.intent(words, turn.language)
    if not intent.name:
        return False
    filled = fill_from_intent(turn, intent.name, intent.entities)
    return (intent.confidence >= least and start(turn, intent.name, intent.confidence)) or filled


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


def fill_from_intent(turn: Turn, intent: str, entities: Mapping[str, str]) -> bool:
    """Fills every slot that maps from this intent or these entities; whether the open question got its answer."""
    node = turn.question()
    for slot in turn.flows.slots.values():
        for mapping in slot.mappings:
            value = _mapped(turn, mapping.kind, mapping.entity, mapping.value, entities)
            fits = (not mapping.intents or intent in mapping.intents) and intent not in mapping.not_intents
            active = not mapping.active_flows or any(frame.flow in mapping.active_flows for frame in turn.stack)
            if value is None or not fits or not active:
                continue
            if node is not None and node.slot == slot.name:
                answer(turn, node, value)
                return True
            turn.set(slot.name, value)
            break
    return False


def _mapped(turn: Turn, kind: str, entity: str, value: Json, entities: Mapping[str, str]) -> Json:
    if kind == "from_intent":
        return value
    return entities.get(entity) if kind == "from_entity" else None
