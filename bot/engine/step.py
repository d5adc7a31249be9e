"""One step of the engine: an event in, a new state and effects out."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.contract import Danger, Event, Facts, HandedBack, Json, Opened, Said, Say, TimerFired
from bot.engine import sessions
from bot.engine.hearing import hear, is_zero
from bot.engine.moves import settle_versions
from bot.engine.running import run
from bot.engine.saying import say
from bot.engine.state import State
from bot.engine.timers import fire, settle_timer
from bot.engine.turn import Outcome, Stub, Turn
from bot.language.models import CollectStep, Flows
from bot.understanding import Intent


def new_state(flows: Flows) -> State:
    """The state of somebody with whom nothing was said yet."""
    return State()


def step(flows: Flows, state: State, event: Event, facts: Facts, now: datetime) -> Outcome:
    """Takes one step: same arguments, same outcome. `now` is timezone-aware. No text that is typed raises."""
    return begin(flows, state, event, facts, now).outcome()


def open_slot(flows: Flows, state: State) -> str:
    """The slot that is being asked for; empty when no question is open."""
    top = state.stack[-1] if state.stack else None
    flow = flows.flows.get(top.flow) if top is not None and top.waiting else None
    node = flow.steps.get(top.step) if flow is not None and top is not None else None
    return node.slot if isinstance(node, CollectStep) else ""


def begin(
    flows: Flows, state: State, event: Event, facts: Facts, now: datetime, stubs: Mapping[str, Stub] | None = None
) -> Turn:
    """`step`, giving the finished turn itself. `stubs` stand in for custom actions in tests."""
    turn = Turn(flows, state, facts, now, stubs)
    if isinstance(event, Said):
        turn.read_elsewhere = Intent(event.intent, event.confidence, event.entities)
    lost = settle_versions(turn)
    match event:
        case TimerFired():
            if not fire(turn, event.name, event.fence):
                return turn
        case Danger():
            _danger(turn)
        case _ if facts.new_session or turn.session_due or event == Said("/session_start"):
            _session(turn, event)
        case _ if lost:
            _place_lost(turn)
        case Said():
            _said(turn, event.text)
        case Opened():
            _opened(turn)
        case HandedBack():
            sessions.handed_back(turn)
    run(turn)
    settle_timer(turn)
    return turn


def _danger(turn: Turn) -> None:
    if turn.facts.new_session:
        sessions.lay_below(turn)
        turn.session_due = True
    sessions.danger(turn)


def _session(turn: Turn, event: Event) -> None:
    """The opening words; a message that they leave nothing for is then read as usual."""
    sessions.lay_below(turn)
    turn.look_below()
    sessions.open_session(turn)
    run(turn)
    took_up = any(name == "pattern_continue_interrupted" for name in _started(turn))
    if (
        isinstance(event, Said)
        and event.text.strip() != "/session_start"
        and not (turn.ended or turn.asked_now or took_up)
    ):
        hear(turn, event.text)


def _started(turn: Turn) -> list[str]:
    return [traced.name for traced in turn.trace if traced.what == "flow_started"]


def _place_lost(turn: Turn) -> None:
    """What was said answered a question that is gone: the nearest one is asked, without a word about it."""
    if not turn.stack or not turn.stack[-1].flow.startswith("pattern_code_change"):
        sessions.ask_again(turn)


def _said(turn: Turn, text: str) -> None:
    was_hushed, turn.hushed = turn.hushed, False
    if was_hushed and not _leaves(turn, text) and sessions.carry_on(turn):
        return
    hear(turn, text)


def _leaves(turn: Turn, text: str) -> bool:
    """Whether the words right after danger ask for a person or the way out; then they are heard."""
    command = turn.flows.understanding.command(text.strip(), turn.language)
    return is_zero(text) or (command is not None and command.name in ("person", "exit", "later", "help"))


def _opened(turn: Turn) -> None:
    """A page was opened in a session that goes on: the open question again, or the opening words."""
    if turn.question() is not None:
        sessions.ask_again(turn)
    elif not turn.stack and not turn.said:
        sessions.open_session(turn)


def render(flows: Flows, response_name: str, slots: Mapping[str, Json], facts: Facts, language: str = "") -> Say:
    """Words that the house itself sends, filled as in a talk. Raises KeyError when there are none that fit."""
    known = {**slots, **({"language": language} if language else {})}
    turn = Turn(flows, State(slots=known), facts, datetime.min.replace(tzinfo=UTC))
    if not say(turn, response_name):
        raise KeyError(response_name)
    found = turn.effects[0]
    assert isinstance(found, Say)  # noqa: S101  # saying gives exactly this
    return found
