"""Takes an answer: into the slot's type, past its rejections, and on along the flow."""

from typing import Final

from bot.contract import Json
from bot.engine import changing
from bot.engine.asking import ask, refuse, unclear
from bot.engine.saying import say
from bot.engine.settling import slot_of
from bot.engine.turn import Turn
from bot.language.models import CollectStep, Rejection
from bot.language.payloads import set_slots_of
from bot.language.values import WrongValueError, coerce

_NEVER: Final = object()
"""Equal to no value that a payload could give."""


def answer(turn: Turn, node: CollectStep, value: Json) -> None:
    """1. The type. 2. The slot's own checks. 3. The question's checks. 4. On, saying so when it was a change."""
    slot = turn.slot(node.slot)
    try:
        value = coerce(slot, value)
    except WrongValueError:
        unclear(turn, node)
        return
    refused = _refused(turn, (*slot.rejections, *node.rejections), node.slot, value)
    if refused is not None:
        refuse(turn, node, refused.utter, value)
        if slot.refill_utter and refused in slot.rejections and turn.misses == 1:
            say(turn, slot.refill_utter)
        return
    turn.set(node.slot, value)
    if value is None:
        ask(turn, node)
        return
    _go_on(turn)


def _go_on(turn: Turn) -> None:
    turn.misses, turn.answered = 0, True
    was_changing, turn.changing = turn.changing, False
    turn.advance()
    if was_changing:
        turn.push("pattern_correction", "pattern", "ask", {"corrected_slots": {}, "is_reset_only": False})


def _refused(turn: Turn, rejections: tuple[Rejection, ...], name: str, value: Json) -> Rejection | None:
    """The first rejection that the new value meets; only this slot counts in its condition."""
    alone: dict[str, Json] = {name: value}
    return next((each for each in rejections if each.condition.test(alone, {})), None)


def set_slots(turn: Turn, values: dict[str, Json]) -> None:
    """`/SetSlots(…)`: the open question first; a slot that was asked earlier counts as a changed answer.

    Anybody can type such a payload, so it sets only what was asked or offered: never a consent or a check that was not
    (R12).
    """
    node = turn.question()
    values = {name: value for name, value in values.items() if turn.trusted or _was_offered(turn, node, name, value)}
    others = {name: value for name, value in values.items() if node is None or name != node.slot}
    for name, value in others.items():
        set_other(turn, name, value)
    if node is None:
        return
    if not values:
        unclear(turn, node)
    elif node.slot not in values:
        _after_others(turn, node, others)
    elif values[node.slot] is None:
        turn.reset(node.slot)
        ask(turn, node)
    else:
        answer(turn, node, values[node.slot])


def _was_offered(turn: Turn, node: CollectStep | None, name: str, value: Json) -> bool:
    """Whether the slot is asked now, was asked in this talk, or is set so by a button under the last messages."""
    if node is not None and node.slot == name:
        return True
    if any(slot_of(turn, path) == name for path in (*turn.asked, *turn.unsettled)):
        return True
    shown = [turn.flows.responses[response] for response in turn.said if response in turn.flows.responses]
    payloads = {button.payload for each in shown for variation in each.variations for button in variation.buttons}
    return any((set_slots_of(payload) or {}).get(name, _NEVER) == value for payload in payloads)


def set_other(turn: Turn, name: str, value: Json) -> None:
    """Sets a slot that is not being asked for, unless its own checks refuse the value."""
    slot = turn.flows.slots.get(name)
    if slot is None or name == "session_change":
        return
    if value is None:
        turn.reset(name)
    elif _refused(turn, slot.rejections, name, value) is None:
        turn.set(name, value)


def _after_others(turn: Turn, node: CollectStep, others: dict[str, Json]) -> None:
    """A button of an earlier question was pressed: its answer is changed, and the talk goes on from there."""
    places = [path for path in turn.asked if slot_of(turn, path) in others and path != turn.path()]
    if not places:
        ask(turn, node)
        return
    changing.stand_at(turn, places[0])
    _go_on(turn)
