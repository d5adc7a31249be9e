"""Takes what a person said: a payload, a command about the talk, an answer to the open question, or something else."""

from typing import Final
from zoneinfo import ZoneInfo

from bot.engine import changing, intents
from bot.engine.answering import answer, set_slots
from bot.engine.asking import not_usable, unclear
from bot.engine.obeying import obey, obey_payload
from bot.engine.saying import picks_under, question_picks
from bot.engine.turn import Turn
from bot.language.models import CollectStep, Slot
from bot.language.payloads import GivesCommand, GivesIntent, SetSlots, read_payload, set_slots_of
from bot.understanding import Asked, Command, Option, Reading
from bot.understanding.addressed import is_question, is_tale

SURE: Final = 0.95
"""A closed question's reading this sure goes before a command that sounds alike."""
READING: Final = 0.5
COMMAND: Final = 0.6
INTENT_OVER_FREE_TEXT: Final = 0.7
LONGEST_QUESTION: Final = 12
"""Words: longer texts at a free-text question are the answer to it."""
OPEN_READERS: Final = frozenset({"free_text", "name"})
WALL_TIME: Final = ZoneInfo("Europe/London")


def hear(turn: Turn, text: str) -> None:
    """1. 0 and payloads. 2. A sure answer, or a button by its title. 3. A command. 4. An answer. 5. What a flow is for.
    6. Unclear."""
    words = text.strip()
    payload = read_payload(words)
    if is_zero(words):
        obey(turn, Command("person", "", 1.0))
    elif isinstance(payload, SetSlots):
        set_slots(turn, payload.values)
    elif isinstance(payload, GivesCommand):
        obey_payload(turn, payload.name)
    elif isinstance(payload, GivesIntent):
        intents.by_payload(turn, payload)
    elif (node := turn.question()) is not None:
        _at_question(turn, node, words)
    else:
        _without_question(turn, words)


def is_zero(text: str) -> bool:
    """Whether the text is the one digit that always brings a person."""
    return text.strip(" .,!)\t\r\n") == "0"


# --- at a question ----------------------------------------------------------------------------------------------------


def _at_question(turn: Turn, node: CollectStep, words: str) -> None:
    asked = asked_of(turn, node)
    reading = _reading(turn, node, asked, words)
    command = turn.flows.understanding.command(words, turn.language)
    if command and command.confidence >= COMMAND and not _answers(command, asked, reading):
        if payload := _under_title(turn, node, words):
            hear(turn, payload)
            return
        if obey(turn, command):
            return
    if _is_something_else(turn, node, asked, reading, words):
        return
    if reading is None:
        unclear(turn, node)
        return
    intents.fill_others(turn, words)
    _take(turn, node, reading)


def _under_title(turn: Turn, node: CollectStep, words: str) -> str:
    """The payload of the button whose title these words are: a page says the title when it is pressed, and a title may
    sound like a command (`Start again`). Empty when there is none, or when what it gives is plain words."""
    picks = {pick.title.casefold(): pick.payload for pick in question_picks(turn, node)}
    payload = picks.get(words.casefold(), "")
    return payload if read_payload(payload) else ""


def _answers(command: Command, asked: Asked, reading: Reading | None) -> bool:
    """Whether the words of a command are an answer here: surely one, not knowing where `Not sure` is offered or any
    words are taken, or a change that is on the menu."""
    if reading is None:
        return False
    if command.name == "unsure":
        return asked.reader not in OPEN_READERS or not asked.options
    if command.name == "change" and command.argument:
        return asked.reader not in OPEN_READERS  # `I changed my mind` is a line of a menu
    return asked.reader not in OPEN_READERS and reading.confidence >= SURE


def asked_of(turn: Turn, node: CollectStep) -> Asked:
    """The question as the readers want it, with what is offered under it."""
    slot = turn.slot(node.slot)
    return Asked(
        "choice" if slot.only_buttons else slot.reader,
        options=tuple(_options(turn, node, slot)),
        many=slot.many,
        minimum=slot.minimum,
        maximum=slot.maximum,
        language=turn.language,
        now=turn.now.astimezone(WALL_TIME),
    )


def _options(turn: Turn, node: CollectStep, slot: Slot) -> list[Option]:
    """The buttons under the question; without any, the values of its slot."""
    made = [_option(slot, pick.title, pick.payload) for pick in question_picks(turn, node)]
    if made:
        return made
    if slot.kind == "bool":
        return [Option("yes", "Yes"), Option("no", "No")]
    return [Option(str(value), str(value).replace("_", " "), slot.words.get(str(value), ())) for value in slot.values]


def _option(slot: Slot, title: str, payload: str) -> Option:
    """An option by its value, or by its payload when it sets something else or is a command."""
    given = (set_slots_of(payload) or {}).get(slot.name)
    if given is None and payload.startswith("/"):
        return Option(payload, title)
    value = str(payload if given is None else given)
    return Option(value, title, (*slot.words.get(value, ()), value.replace("_", " ")))


def _reading(turn: Turn, node: CollectStep, asked: Asked, words: str) -> Reading | None:
    """What the words say in answer to the question; None when that is not clear."""
    slot = turn.slot(node.slot)
    if not words or (slot.only_buttons and not asked.options):
        return None
    if asked.reader == "free_text" and words.isdecimal() and 1 <= int(words[:4]) <= len(asked.options):
        return Reading(asked.options[int(words[:4]) - 1].value, 1.0, words)
    if node.slot == "session_change" and (name := changing.named(turn, words)):
        return Reading(name, 1.0, words)
    if not slot.only_buttons and not intents.text_fills(turn, slot, words):
        return None
    reading = turn.flows.understanding.read(asked, words)
    return reading if reading is not None and reading.confidence >= READING else None


def _is_something_else(turn: Turn, node: CollectStep, asked: Asked, reading: Reading | None, words: str) -> bool:
    """Whether the words ask for a flow instead; if so, it has been started.

    An open question takes whatever is written, unless it is plainly a question or a wish to us: "he checks my phone" is
    what somebody has to tell, and not a wish to hear about phones.
    """
    if node.force:
        return False
    if reading is None:
        return _wants(turn, words)
    if asked.reader not in OPEN_READERS or len(words.split()) > LONGEST_QUESTION:
        return False
    if is_question(words):
        return _starts(turn, words)
    is_wish = turn.flows.understanding.is_example(words) and not is_tale(words)
    return is_wish and _starts(turn, words)


def _wants(turn: Turn, words: str) -> bool:
    """Whether the words are for a flow or fill what is open, by whichever understanding is sure."""
    open_flows = len(turn.stack)
    if not (intents.by_reading_elsewhere(turn) or intents.by_words(turn, words)):
        return False
    _fill_from_start(turn, open_flows, words)
    return True


def _starts(turn: Turn, words: str) -> bool:
    """The same at an open question, whose answer the words might be: only by example, and surely."""
    open_flows = len(turn.stack)
    if not intents.by_words(turn, words, INTENT_OVER_FREE_TEXT):
        return False
    _fill_from_start(turn, open_flows, words)
    return True


def _fill_from_start(turn: Turn, open_flows: int, words: str) -> None:
    """What started a flow may already answer a question of it, where the slot says so (`from_start`)."""
    if len(turn.stack) <= open_flows:
        return
    for node in turn.flows.flows[turn.stack[-1].flow].steps.values():
        if isinstance(node, CollectStep) and turn.slot(node.slot).from_start:
            turn.reset(node.slot)
            reading = _reading(turn, node, asked_of(turn, node), words)
            if reading is not None:
                turn.set(node.slot, reading.value)


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


# --- without one ------------------------------------------------------------------------------------------------------


def _without_question(turn: Turn, words: str) -> None:
    command = turn.flows.understanding.command(words, turn.language)
    if command and command.confidence >= COMMAND and obey(turn, command):
        return
    if _pressed(turn, words) or _wants(turn, words):
        return
    if turn.stack and turn.stack[-1].waiting:
        turn.advance()
    else:
        not_usable(turn)


def _pressed(turn: Turn, words: str) -> bool:
    """Whether the words are the number of a button under the last message, which is then done."""
    picks = picks_under(turn, turn.said[-1]) if words.isdecimal() and turn.said else []
    place = int(words[:4]) if picks else 0
    if not 1 <= place <= len(picks) or not read_payload(picks[place - 1].payload):
        return False
    hear(turn, picks[place - 1].payload)
    return True
