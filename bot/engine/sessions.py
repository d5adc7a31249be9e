"""Sessions, danger, a practitioner's hand-back: what happens around a talk and not in it."""

from bot.engine.asking import ask
from bot.engine.default_actions import let_go
from bot.engine.moves import settle_versions
from bot.engine.state import Frame
from bot.engine.turn import Turn

_SESSION = "pattern_session_start"


def lay_below(turn: Turn) -> None:
    """A new session: what is open is laid below, so that nothing of it shows until it is taken up again."""
    if not turn.flows.carry_over_slots:
        let_go(turn, [frame.flow for frame in (*turn.stack, *turn.parked)])
        turn.slots.clear()
        turn.stack, turn.parked = [], []
        turn.view.update(turn.flows.initial)
    sessions = [frame.flow for frame in turn.stack if frame.role == "pattern"]
    open_frames = _resumable(turn)
    let_go(turn, sessions)
    again = {frame.flow for frame in open_frames if frame.role == "talk"}
    turn.parked = [*_without(turn.parked, again), *open_frames]
    turn.stack = []
    turn.misses, turn.hushed, turn.listed, turn.said = 0, False, (), ()
    turn.undo, turn.changing = None, ()  # or "leave it" would lead past the opening words


def _resumable(turn: Turn) -> list[Frame]:
    """The frames of talks that are kept; the others are let go."""
    kept: list[Frame] = []
    keep = True
    for frame in turn.stack:
        if frame.role == "pattern":
            continue
        if frame.role == "talk":
            keep = turn.flow(frame).resumable
        if keep:
            kept.append(frame)
        else:
            let_go(turn, [frame.flow])
    return kept


def _without(frames: list[Frame], flow_ids: set[str]) -> list[Frame]:
    kept: list[Frame] = []
    keep = True
    for frame in frames:
        if frame.role == "talk":
            keep = frame.flow not in flow_ids
        if keep:
            kept.append(frame)
    return kept


def open_session(turn: Turn) -> None:
    """Runs the pattern for a new session; with the silent default, what was open is simply taken up."""
    turn.session_due = False
    if not turn.flows.flows[_SESSION].own:
        turn.stack, turn.parked = turn.parked, []
        settle_versions(turn)
        return
    turn.push(_SESSION, "pattern", "stay")


def danger(turn: Turn) -> None:
    """One short message in its own lane, a person at once, nothing asked; the place is kept (R29)."""
    turn.hushed, turn.lane_is_danger = True, True
    turn.hand_over("danger", "urgent")
    turn.push("pattern_danger", "pattern", "stay")


def carry_on(turn: Turn) -> bool:
    """After danger: what the project has for it, by default a short line and the open question; False when none is."""
    node = turn.question()
    if node is None:
        return False
    turn.push("pattern_after_danger", "pattern", "ask", {"interrupted_flow": turn.name_of_top()})
    return True


def handed_back(turn: Turn) -> None:
    """Says who is speaking now, then asks the open question again."""
    turn.misses, turn.hushed = 0, False
    turn.push("pattern_handed_back", "pattern", "ask")


def ask_again(turn: Turn) -> None:
    """The open question once more."""
    node = turn.question()
    if node is not None:
        ask(turn, node)
