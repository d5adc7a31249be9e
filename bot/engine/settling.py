"""After a change: follows the talk forward, keeps every answer that still applies, empties those that do not."""

from bot.engine.state import Path
from bot.engine.turn import Turn
from bot.language.models import END, CollectStep


def arrive(turn: Turn, path: Path) -> None:
    """The talk has come to the question at the end of `path`."""
    if path in turn.asked:
        turn.asked.remove(path)
    turn.asked.append(path)
    if path in turn.unsettled:
        turn.unsettled.remove(path)


def settle(turn: Turn) -> None:
    """Empties the answers to questions that can no longer be reached; with none left, the change is over."""
    if turn.unsettled:
        reachable = _reachable(turn)
        for path in [path for path in turn.unsettled if path[-1] not in reachable]:
            turn.unsettled.remove(path)
            _empty(turn, path)
    if not turn.unsettled and turn.undo is not None and not turn.changing:
        turn.undo = None


def _reachable(turn: Turn) -> set[tuple[str, str]]:
    """The questions that may still be asked from where the talk stands."""
    reachable: set[tuple[str, str]] = set()
    for index, frame in enumerate(turn.stack):
        flow = turn.flow(frame)
        if frame.step == END:
            continue
        called = index + 1 < len(turn.stack) and turn.stack[index + 1].role == "call"
        for step in [way.target for way in flow.steps[frame.step].ways] if called else [frame.step]:
            reachable |= flow.ahead.get(step, frozenset())
    return reachable


def _empty(turn: Turn, path: Path) -> None:
    name = slot_of(turn, path)
    if name and not any(slot_of(turn, other) == name for other in turn.asked):
        turn.reset(name)
        if name in turn.skipped:
            turn.skipped.remove(name)


def slot_of(turn: Turn, path: Path) -> str:
    """The slot that the question at the end of `path` asks for; empty when a step on the way to it is gone."""
    node = None
    for flow, step in path:
        model = turn.flows.flows.get(flow)
        node = model.steps.get(step) if model else None
        if node is None:
            return ""
    return node.slot if isinstance(node, CollectStep) else ""
