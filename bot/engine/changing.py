"""Going back to an earlier question: `back`, `change`, and `no, leave it`."""

from collections.abc import Iterable
from dataclasses import replace

from bot.engine.asking import ask
from bot.engine.moves import settle_versions
from bot.engine.naming import which
from bot.engine.saying import label_of, say
from bot.engine.settling import slot_of
from bot.engine.state import Frame, Path, State
from bot.engine.turn import Turn
from bot.language.models import CollectStep


def answered(turn: Turn) -> list[str]:
    """The slots that were asked and have a label, in the order they were asked in, without the open question."""
    open_question = turn.question()
    names: list[str] = []
    for path in within_reach(turn, turn.asked):
        name = slot_of(turn, path)
        is_open = open_question is not None and path == turn.path()
        if name and not is_open and name not in names and name in turn.flows.slots and label_of(turn, turn.slot(name)):
            names.append(name)
    return names


def within_reach(turn: Turn, paths: Iterable[Path]) -> list[Path]:
    """The questions of the talks that are open. What was laid below by a new session does not even count (R12)."""
    return [path for path in paths if _frame_of(turn, path) is not None]


def offer(turn: Turn) -> None:
    """Asks which answer to change."""
    if not turn.listed or any(name not in answered(turn) for name in turn.listed):
        turn.listed = tuple(answered(turn))
    turn.push("pattern_change_answer", "pattern", "ask")


def named(turn: Turn, words: str) -> str:
    """The slot that words such as `my name` or `3` mean; empty when it is not clear."""
    later = [slot_of(turn, path) for path in within_reach(turn, turn.unsettled)]
    names = [*answered(turn), *(name for name in later if name in turn.flows.slots)]
    labels = {name: label for name in names if (label := label_of(turn, turn.slot(name)))}
    return which(words, turn.listed or answered(turn), labels)


def change(turn: Turn, name: str) -> None:
    """Asks for `name` again. A question that comes later anyway is only emptied."""
    places = [path for path in within_reach(turn, turn.asked) if slot_of(turn, path) == name]
    if places:
        go_to(turn, places[-1])
        return
    node = turn.question()
    if any(slot_of(turn, path) == name for path in within_reach(turn, turn.unsettled)):
        turn.reset(name)
        say(turn, "utter_change_comes_later")
    else:
        say(turn, "utter_nothing_to_change")
    if node is not None:
        ask(turn, node)


def back(turn: Turn) -> None:
    """Asks the question before the open one."""
    node, here = turn.question(), turn.path()
    place = turn.asked.index(here) if node is not None and here in turn.asked else len(turn.asked)
    earlier = [path for path in turn.asked[:place] if slot_of(turn, path) and _frame_of(turn, path) is not None]
    if earlier:
        go_to(turn, earlier[-1])
        return
    say(turn, "utter_nothing_before")
    if node is not None:
        ask(turn, node)


def go_to(turn: Turn, path: Path) -> None:
    """Puts the talk back to the question at the end of `path` and asks it; what came after is settled later."""
    if stand_at(turn, path):
        node = turn.node(turn.stack[-1])
        assert isinstance(node, CollectStep)  # noqa: S101  # a path ends at a question
        ask(turn, node)
    else:
        say(turn, "utter_nothing_to_change")


def stand_at(turn: Turn, path: Path) -> bool:
    """Puts the talk back to the question at the end of `path` without asking it; False when its flow is not open."""
    base = _frame_of(turn, path)
    if base is None or not slot_of(turn, path):
        return False
    if turn.undo is None:
        turn.undo = _before(turn)
    place = turn.asked.index(path)
    turn.unsettled = [*turn.asked[place + 1 :], *(each for each in turn.unsettled if each not in turn.asked)]
    turn.asked = turn.asked[: place + 1]
    del turn.stack[base + 1 :]
    turn.reframe(base, step=path[0][1], waiting=False)
    for flow, step in path[1:]:
        turn.stack.append(Frame(flow, turn.flows.flows[flow].version, step, "call"))
    turn.changing, turn.misses = path, 0
    return True


def _frame_of(turn: Turn, path: Path) -> int | None:
    """The place in the stack of the flow in which the way to a question began."""
    for index in range(len(turn.stack) - 1, -1, -1):
        if turn.stack[index].flow == path[0][0] and turn.stack[index].role != "call":
            return index
    return None


def _before(turn: Turn) -> State:
    """The talk as it stood, without the question which answer to change."""
    state = turn.state()
    return replace(
        state, stack=tuple(frame for frame in state.stack if frame.flow != "pattern_change_answer"), undo=None
    )


def leave_it(turn: Turn) -> bool:
    """Undoes a change that is under way; False when there is none."""
    if turn.undo is not None:
        asks, before = turn.asks, turn.undo
        turn.load(before)
        turn.asks = asks
        settle_versions(turn)
    elif turn.stack and turn.stack[-1].flow == "pattern_change_answer":
        turn.stack.pop()
    else:
        return False
    say(turn, "utter_change_left")
    node = turn.question()
    if node is not None:
        ask(turn, node)
    return True
