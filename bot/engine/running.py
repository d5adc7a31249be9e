"""Runs the flow on top, step by step, until a question waits or nothing is left."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.contract import Json
from bot.engine import changing
from bot.engine.asking import ask
from bot.engine.default_actions import ACTIONS
from bot.engine.moves import take_up
from bot.engine.saying import say
from bot.engine.settling import arrive, settle
from bot.engine.state import Frame
from bot.engine.turn import Turn, forget
from bot.language.ahead import called
from bot.language.models import (
    END,
    ActionStep,
    CallStep,
    CollectStep,
    LinkStep,
    NoopStep,
    SetStep,
    Step,
)
from bot.language.templates import compile_template, plain

MOST_STEPS: Final = 250
"""Steps in one turn; more is a loop without a question."""


def run(turn: Turn) -> None:
    """Runs until the top frame waits or the stack is empty; breaks a loop that would not end."""
    while turn.stack and not turn.stack[-1].waiting:
        frame = turn.stack[-1]
        if frame.step == END:
            finish(turn)
            continue
        turn.steps += 1
        if turn.steps > MOST_STEPS:
            _break_loop(turn)
            return
        node = turn.node(frame)
        turn.reached.add((frame.flow, frame.step))
        _RUN[type(node)](turn, frame, node)


# --- kinds of steps --------------------------------------------------------------------------------------------------


def _run_action(turn: Turn, frame: Frame, node: Step) -> None:
    assert isinstance(node, ActionStep)  # noqa: S101  # _RUN is keyed by type
    settle(turn)
    name = _filled(turn, frame, node.action)
    place = f"{frame.flow}/{frame.step}"
    if not (turn.unsettled and place in turn.done):
        _perform(turn, frame, node, name)
        if place not in turn.done and frame.role != "pattern":
            turn.done.append(place)
    if turn.stack and turn.stack[-1] is frame:
        turn.advance()


def _perform(turn: Turn, frame: Frame, node: ActionStep, name: str) -> None:
    if name.startswith("utter_"):
        turn.note("action_executed", name)
        say(turn, name, frame.context)
    elif name in ACTIONS:
        turn.note("action_executed", name)
        ACTIONS[name](turn, node)
    elif name in turn.flows.actions:
        turn.act(name)
    else:
        turn.trouble("no_such_action", f"{frame.flow}/{frame.step}")


def _filled(turn: Turn, frame: Frame, name: str) -> str:
    """An action's name may hold the context of a pattern."""
    if "{{" not in name:
        return name
    return compile_template(name).fill(turn.view, frame.context, lambda slot, value: plain(value))


def _run_collect(turn: Turn, frame: Frame, node: Step) -> None:
    assert isinstance(node, CollectStep)  # noqa: S101  # _RUN is keyed by type
    place = (frame.flow, frame.step)
    known = turn.view.get(node.slot) is not None or node.slot in turn.skipped
    if known and not node.ask_before_filling and place not in turn.passed:
        turn.passed.add(place)
        arrive(turn, turn.path())
        settle(turn)
        turn.advance()
        return
    if node.ask_before_filling:
        turn.reset(node.slot)
    if node.slot == "session_change" and not turn.listed:
        say(turn, "utter_nothing_to_change")
        turn.put(replace(frame, step=END))
        return
    turn.misses = 0
    ask(turn, node)


def _run_set(turn: Turn, frame: Frame, node: Step) -> None:
    assert isinstance(node, SetStep)  # noqa: S101  # _RUN is keyed by type
    for name, value in node.values:
        turn.set(name, value)
    turn.advance()


def _run_link(turn: Turn, frame: Frame, node: Step) -> None:
    """This flow ends and the other begins; one that lies open below already is not begun twice, but gone on with."""
    assert isinstance(node, LinkStep)  # noqa: S101  # _RUN is keyed by type
    turn.put(replace(frame, step=END))
    if any(below.flow == node.flow for below in turn.stack[:-1]):
        return
    _close(turn, frame)
    turn.stack.pop()
    _replace_parked(turn, node.flow)
    role = "pattern" if turn.flows.flows[node.flow].is_pattern else "talk"
    turn.push(node.flow, role, context={"resume": True} if frame.context.get("resume") else None)


def _replace_parked(turn: Turn, flow: str) -> None:
    """A flow that begins anew takes the place of the one that was left open; its answers are kept."""
    kept: list[Frame] = []
    dropping = False
    for frame in turn.parked:
        dropping = frame.flow == flow if frame.role == "talk" else dropping and frame.role == "call"
        if not dropping:
            kept.append(frame)
    turn.parked = kept


def _run_call(turn: Turn, frame: Frame, node: Step) -> None:
    assert isinstance(node, CallStep)  # noqa: S101  # _RUN is keyed by type
    turn.push(node.flow, "call")


def _run_noop(turn: Turn, frame: Frame, node: Step) -> None:
    turn.advance()


_RUN: Final[dict[type[Step], Callable[[Turn, Frame, Step], None]]] = {
    ActionStep: _run_action,
    CollectStep: _run_collect,
    SetStep: _run_set,
    LinkStep: _run_link,
    CallStep: _run_call,
    NoopStep: _run_noop,
}


# --- ends ------------------------------------------------------------------------------------------------------------


def finish(turn: Turn) -> None:
    """The flow on top has come to its end: what lies below goes on."""
    frame = turn.stack.pop()
    turn.note("flow_completed", frame.flow, turn.last_steps.get(frame.flow, ""))
    if frame.role == "call":
        turn.advance()
        return
    _close(turn, frame)
    if not turn.stack:
        _nothing_below(turn, frame)
    elif turn.stack[-1].waiting:
        _below_goes_on(turn, frame)


def _close(turn: Turn, frame: Frame) -> None:
    """Resets the slots of a flow that ends, except those that a flow below still asks for, and forgets its way."""
    flow = turn.flow(frame)
    still_used = (
        {name for below in turn.stack[:-1] for name in turn.flow(below).resets} if flow.resets and turn.stack else set()
    )
    for name in flow.resets - still_used:
        turn.reset(name)
        if name in turn.skipped:
            turn.skipped.remove(name)
    if any(path[0][0] == flow.id for path in (*turn.asked, *turn.unsettled)) or turn.done:
        forget(turn, [each.id for each in called(flow, turn.flows.flows)])


def _below_goes_on(turn: Turn, frame: Frame) -> None:
    """An open question waits below: it is asked again, with a line before it when a whole flow came between."""
    if frame.role == "talk":
        context: dict[str, Json] = {
            "interrupted_flow": turn.name_of_top(),
            "previous_flow_name": turn.name_of(turn.flow(frame)),
            "multiple_flows_interrupted": False,
        }
        turn.push("pattern_continue_interrupted", "pattern", "ask", context)
        return
    node = turn.question()
    if frame.flow == "pattern_correction" and turn.changing and changing.leave_it(turn):
        return
    if node is not None and frame.then == "ask":
        ask(turn, node)


def _nothing_below(turn: Turn, frame: Frame) -> None:
    if frame.context.get("resume") and turn.parked:
        take_up(turn)
    elif frame.role == "talk" and turn.flow(frame).run_pattern_completed:
        turn.push("pattern_completed", "pattern", "stay", {"previous_flow_name": turn.name_of(turn.flow(frame))})


def _break_loop(turn: Turn) -> None:
    """A loop without a question: tells the house, fetches a person, and waits at the last question that was asked."""
    frame = turn.stack[-1]
    turn.trouble("loop", f"{frame.flow}/{frame.step}")
    turn.hand_over("trouble")
    say(turn, "utter_internal_error_rasa")
    for index in range(len(turn.stack) - 1, -1, -1):
        place = turn.stack[index]
        asked = [path[-1][1] for path in turn.asked if path[-1][0] == place.flow]
        if asked and asked[-1] in turn.flow(place).steps:
            del turn.stack[index + 1 :]
            turn.reframe(index, step=asked[-1], waiting=True)
            return
    turn.stack.clear()
