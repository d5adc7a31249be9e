"""The default actions: what a flow may have the engine itself do."""

from collections.abc import Callable
from typing import Final

from bot.contract import Say
from bot.engine import changing
from bot.engine.asking import speak
from bot.engine.saying import label_of, say, shown, text_of
from bot.engine.turn import Turn, forget
from bot.language.ahead import called
from bot.language.models import END, ActionStep, CollectStep


def _hand_over(turn: Turn, node: ActionStep) -> None:
    turn.hand_over(node.reason or str(turn.stack[-1].context.get("reason") or "asked"), node.urgency)


def _end_session(turn: Turn, node: ActionStep) -> None:
    turn.end_session(node.reason or "done")


def _read_back(turn: Turn, node: ActionStep) -> None:
    """What was asked, by label and number; with the answers only where they may be seen (R5)."""
    turn.listed = tuple(changing.answered(turn))
    full = turn.facts.channel == "webchat" or turn.view.get("read_back_full") is True
    lines = [_line(turn, place, name, full) for place, name in enumerate(turn.listed, start=1)]
    head = "utter_read_back" if lines else "utter_read_back_empty"
    turn.utter(Say(head, "\n".join([text_of(turn, head), *lines])))


def _line(turn: Turn, place: int, name: str, full: bool) -> str:
    slot = turn.slot(name)
    label = f"{place} {label_of(turn, slot)}"
    if not full or (slot.sensitive and turn.facts.channel != "webchat"):
        return label
    value = turn.view.get(name)
    answer = text_of(turn, "utter_not_answered") if value is None else shown(turn.flows, turn.language, name, value)
    return f"{label}: {answer}"


def _change_answer(turn: Turn, node: ActionStep) -> None:
    turn.advance()
    changing.offer(turn)


def _ask_changed(turn: Turn, node: ActionStep) -> None:
    name = turn.view.get("session_change")
    turn.reset("session_change")
    turn.stack.pop()
    changing.change(turn, str(name))


def _correct(turn: Turn, node: ActionStep) -> None:
    """The changed answers count from here on, and the question below is answered."""
    changed = turn.stack[-1].context.get("corrected_slots")
    if not turn.changing or not isinstance(changed, dict):
        return
    for name, value in changed.items():
        turn.set(name, value)
    turn.changing = ()
    if len(turn.stack) > 1 and turn.stack[-2].waiting:
        turn.advance(-2)


def _resume(turn: Turn, node: ActionStep) -> None:
    """What lies below is taken up when the lowest flow that runs now has ended."""
    turn.reframe(0, context={**turn.stack[0].context, "resume": True})
    if len(turn.stack) == 1:
        turn.advance()


def _start_fresh(turn: Turn, node: ActionStep) -> None:
    let_go(turn, [frame.flow for frame in turn.parked])
    turn.parked = []


def let_go(turn: Turn, flow_ids: list[str]) -> None:
    """Empties the answers of flows that are not gone on with, and forgets the way through them."""
    for flow_id in flow_ids:
        flow = turn.flows.flows.get(flow_id)
        if flow is None:
            continue
        for name in flow.resets:
            turn.reset(name)
            if name in turn.skipped:
                turn.skipped.remove(name)
        forget(turn, [each.id for each in called(flow, turn.flows.flows)])


def _restart(turn: Turn, node: ActionStep) -> None:
    """The lowest talk begins again with nothing answered; without one, the opening words."""
    begin = next((frame.flow for frame in turn.stack if frame.role == "talk"), turn.stack[0].flow)
    let_go(turn, [frame.flow for frame in turn.stack])
    turn.stack.clear()
    turn.undo, turn.changing, turn.unsettled = None, (), []
    if begin == "pattern_restart":
        begin = "pattern_session_start"
    turn.push(begin, "pattern" if turn.flows.flows[begin].is_pattern else "talk")


def _cancel_flow(turn: Turn, node: ActionStep) -> None:
    """Lets go of the talk below the pattern that runs."""
    turn.advance()
    pattern = turn.stack.pop()
    frames = turn.talk_frames()
    if frames:
        turn.note("flow_cancelled", frames[0].flow)
        let_go(turn, [frame.flow for frame in frames])
        del turn.stack[-len(frames) :]
    turn.stack.append(pattern)


def _cancel_interrupted(turn: Turn, node: ActionStep) -> None:
    """Lets go of everything below the pattern that runs."""
    let_go(turn, [frame.flow for frame in turn.stack[:-1]])
    del turn.stack[:-1]


def _repeat(turn: Turn, node: ActionStep) -> None:
    """The messages of the last turn again; the open question with its choices."""
    below = turn.node(turn.stack[-2]) if len(turn.stack) > 1 and turn.stack[-2].step != END else None
    if not turn.said:
        say(turn, "utter_nothing_to_repeat")
    for name in turn.said:
        if isinstance(below, CollectStep) and name == below.utter:
            speak(turn, below)
        elif name in ("utter_read_back", "utter_read_back_empty"):
            _read_back(turn, node)
        elif not name.startswith("utter_choices"):
            say(turn, name)
        elif isinstance(below, CollectStep):
            speak(turn, below)


def _skip(turn: Turn, node: ActionStep) -> None:
    """The question below goes unanswered, and the talk goes on."""
    if len(turn.stack) < 2 or not turn.stack[-2].waiting:
        return
    below = turn.node(turn.stack[-2])
    if not isinstance(below, CollectStep):
        return
    if not turn.slot(below.slot).skippable:
        say(turn, "utter_skip_refused")
        return
    turn.slots[below.slot] = turn.view[below.slot] = None
    if below.slot not in turn.skipped:
        turn.skipped.append(below.slot)
    turn.misses = 0
    if turn.changing == turn.path(below=1):
        turn.changing = ()
    turn.advance(-2)


def _explain(turn: Turn, node: ActionStep) -> None:
    below = turn.node(turn.stack[-2]) if len(turn.stack) > 1 else None
    why = turn.slot(below.slot).why if isinstance(below, CollectStep) else ""
    say(turn, why or "utter_why_default")


def _listen(turn: Turn, node: ActionStep) -> None:
    turn.reframe(-1, waiting=True)


def _nothing(turn: Turn, node: ActionStep) -> None:
    """Done by the engine at another place, or meaningless without a language model."""


ACTIONS: Final[dict[str, Callable[[Turn, ActionStep], None]]] = {
    "action_listen": _listen,
    "action_hand_over": _hand_over,
    "action_end_session": _end_session,
    "action_hangup": _end_session,
    "action_read_back": _read_back,
    "action_change_answer": _change_answer,
    "action_ask_changed_question": _ask_changed,
    "action_resume": _resume,
    "action_start_fresh": _start_fresh,
    "action_restart": _restart,
    "action_session_start": _nothing,
    "action_cancel_flow": _cancel_flow,
    "action_correct_flow_slot": _correct,
    "action_run_slot_rejections": _nothing,
    "action_clean_stack": _cancel_interrupted,
    "action_continue_interrupted_flow": _nothing,
    "action_cancel_interrupted_flows": _cancel_interrupted,
    "action_clarify_flows": _nothing,
    "action_repeat_bot_messages": _repeat,
    "action_skip_question": _skip,
    "action_explain_question": _explain,
}
