"""A flow changed under somebody: they go on at the same step, by a migration, or at the nearest question."""

from dataclasses import replace

from bot.engine.state import Frame, Path
from bot.engine.turn import Turn
from bot.language.models import END, ActionStep, CollectStep, Flow, Migration


def settle_versions(turn: Turn) -> bool:
    """Moves every frame whose flow has changed; True when a place was lost, so that nothing said can be an answer."""
    lost = False
    for index in range(len(turn.stack)):
        if index >= len(turn.stack):
            break
        frame = turn.stack[index]
        flow = turn.flows.flows.get(frame.flow)
        if flow is None or flow.version != frame.version:
            lost = _move(turn, index) or lost
    return lost


def take_up(turn: Turn) -> None:
    """What was laid below lies on top again, as its flows are now, and its open question is asked."""
    turn.stack, turn.parked = turn.parked, []
    settle_versions(turn)
    if turn.stack and turn.stack[-1].waiting:
        turn.push("pattern_continue_interrupted", "pattern", "ask", {"interrupted_flow": turn.name_of_top()})


def _move(turn: Turn, index: int) -> bool:
    frame = turn.stack[index]
    migration = _migration(turn, frame)
    if migration is not None:
        _carry_answers(turn, migration)
        _carry_way(turn, migration)
        frame = replace(frame, flow=migration.to, step=migration.steps.get(frame.step, frame.step))
    flow = turn.flows.flows.get(frame.flow)
    if flow is None:
        _flow_is_gone(turn, index)
        return True
    if _stands(flow, frame):
        turn.stack[index] = replace(frame, version=flow.version)
        return False
    _nearest(turn, index, frame, flow)
    return True


def _migration(turn: Turn, frame: Frame) -> Migration | None:
    """The migration that fits; one that names the step goes before one that names only the flow."""
    flow = turn.flows.flows.get(frame.flow)
    fitting = [
        each for each in turn.flows.migrations if each.flow == frame.flow and (flow is None or not _stands(flow, frame))
    ]
    return next((each for each in fitting if frame.step in each.steps), fitting[0] if fitting else None)


def _carry_answers(turn: Turn, migration: Migration) -> None:
    for old, new in migration.slots.items():
        if old in turn.slots and new not in turn.slots:
            turn.set(new, turn.slots[old])
            turn.reset(old)


def _carry_way(turn: Turn, migration: Migration) -> None:
    """The questions that were asked go by their new names too, so that they can still be changed."""

    def renamed(path: Path) -> Path:
        return tuple(
            (migration.to, migration.steps.get(step, step)) if flow == migration.flow else (flow, step)
            for flow, step in path
        )

    turn.asked, turn.unsettled = [renamed(path) for path in turn.asked], [renamed(path) for path in turn.unsettled]
    turn.changing = renamed(turn.changing)


def _stands(flow: Flow, frame: Frame) -> bool:
    """Whether the frame can go on where it is: the step is there, and one that waits can be waited at."""
    node = flow.steps.get(frame.step)
    if frame.step == END:
        return True
    return node is not None and (not frame.waiting or isinstance(node, CollectStep | ActionStep))


def _nearest(turn: Turn, index: int, frame: Frame, flow: Flow) -> None:
    """The last question of this flow that was asked and still exists; else its beginning."""
    turn.trouble("place_moved", f"{frame.flow}/{frame.step}")
    turn.changing = ()
    asked = [path[-1][1] for path in turn.asked if path[-1][0] == flow.id]
    step = next((name for name in reversed(asked) if isinstance(flow.steps.get(name), CollectStep)), "")
    del turn.stack[index + 1 :]
    turn.stack[index] = replace(frame, version=flow.version, step=step or flow.first, waiting=bool(step))


def _flow_is_gone(turn: Turn, index: int) -> None:
    """Nothing to go on with: a person is fetched, and what lies below goes on."""
    turn.trouble("flow_gone", turn.stack[index].flow)
    turn.hand_over("trouble")
    del turn.stack[index:]
    turn.push("pattern_code_change", "pattern", "stay")
