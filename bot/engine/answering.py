"""Takes an answer: into the slot's type, past its rejections, and on along the flow."""

from dataclasses import replace
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
    if value is None:
        ask(turn, node)
    elif turn.changing and turn.changing == turn.path():
        correct(turn, {node.slot: value})
    else:
        turn.set(node.slot, value)
        turn.misses = 0
        turn.advance()


def correct(turn: Turn, values: dict[str, Json]) -> None:
    """`pattern_correction` changes the answers with `action_correct_flow_slot` and says so; it may also ask first."""
    turn.misses = 0
    turn.push("pattern_correction", "pattern", "ask", {"corrected_slots": values, "is_reset_only": False})


def _refused(turn: Turn, rejections: tuple[Rejection, ...], name: str, value: Json) -> Rejection | None:
    """The first rejection that the new value meets; only this slot counts in its condition."""
    alone: dict[str, Json] = {name: value}
    return next((each for each in rejections if each.condition.test(alone, {})), None)


def set_slots(turn: Turn, values: dict[str, Json]) -> None:
    """`/SetSlots(…)`: answers the open question; a slot that was asked earlier counts as a changed answer.

    Anybody can type such a payload, so it sets only what was asked or offered: never a consent or a check that was not
    (R12).
    """
    node = turn.question()
    values = {name: value for name, value in values.items() if _was_offered(turn, node, name, value)}
    if node is not None and not values:
        unclear(turn, node)
    elif node is not None and node.slot not in values:
        _change_by_button(turn, node, values)
    else:
        for name, value in values.items():
            if node is None or name != node.slot:
                set_other(turn, name, value)
        if node is not None:
            _answer_by_button(turn, node, values[node.slot])


def _answer_by_button(turn: Turn, node: CollectStep, value: Json) -> None:
    if value is None:
        turn.reset(node.slot)
        ask(turn, node)
    else:
        answer(turn, node, value)


def _was_offered(turn: Turn, node: CollectStep | None, name: str, value: Json) -> bool:
    """Whether the slot is asked now, was asked in this talk, or is set so by a button under the last messages."""
    if node is not None and node.slot == name:
        return True
    if any(slot_of(turn, path) == name for path in changing.within_reach(turn, (*turn.asked, *turn.unsettled))):
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


def _change_by_button(turn: Turn, node: CollectStep, others: dict[str, Json]) -> None:
    """A button of an earlier question was pressed: its answer is changed, and the talk goes on from there."""
    places = [path for path in turn.asked if slot_of(turn, path) in others and path != turn.path()]
    if not places or not changing.stand_at(turn, places[0]):
        for name, value in others.items():
            set_other(turn, name, value)
        ask(turn, node)
    else:
        turn.put(replace(turn.stack[-1], waiting=True))
        correct(turn, others)
