"""One step under way: the state as it is being changed, and what has come out so far."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.contract import Act, Effect, EndSession, Facts, HandOver, Json, Say, Traced, Trouble
from bot.engine.state import Frame, Path, State
from bot.language.keys import BUTTON_CHANNELS
from bot.language.models import END, CollectStep, Flow, Flows, Slot, Step
from bot.language.values import WrongValueError, coerce
from bot.understanding import Intent

Stub = Callable[["Turn"], None]
"""What a test does in place of a custom action."""


Urgency = Literal["urgent", "soon", "routine"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `bot.step` gives: the new state, what the house is to do, and what happened on the way."""

    state: State
    effects: tuple[Effect, ...]
    trace: tuple[Traced, ...]


class Turn:
    """The only mutable thing in the engine; it lives for one step."""

    def __init__(
        self, flows: Flows, state: State, facts: Facts, now: datetime, stubs: Mapping[str, Stub] | None = None
    ) -> None:
        self.flows, self.facts, self.now = flows, facts, now
        self.stubs = stubs or {}
        self.read_elsewhere = Intent("", 0.0)
        self.effects: list[Effect] = []
        self.trace: list[Traced] = []
        self.values_set: list[tuple[str, Json]] = []
        self.spoken: list[str] = []
        self.lane_is_danger = False
        self.ended = False
        self.answered = False
        self.asked_now = False
        self.steps = 0
        self.passed: set[tuple[str, str]] = set()
        self.reached: set[tuple[str, str]] = set()
        self.taken: set[tuple[str, str, str]] = set()
        self.last_steps: dict[str, str] = {}
        self.load(state)

    def load(self, state: State) -> None:
        """Takes over everything that `state` holds."""
        self.slots: dict[str, Json] = dict(state.slots)
        self.stack: list[Frame] = list(state.stack)
        self.parked: list[Frame] = list(state.parked)
        self.asked: list[Path] = list(state.asked)
        self.unsettled: list[Path] = list(state.unsettled)
        self.skipped: list[str] = list(state.skipped)
        self.done: list[str] = list(state.done)
        self.misses, self.asks, self.silences = state.misses, state.asks, state.silences
        self.said = tuple(name for name in state.said if name in self.flows.responses)
        self.listed = tuple(name for name in state.listed if name in self.flows.slots)
        self.timed, self.hushed, self.session_due = state.timed, state.hushed, state.session_due
        self.undo, self.changing = state.undo, state.changing
        self.view: dict[str, Json] = {**self.flows.initial, **self.slots, **self._built_in()}
        self.look_below()

    def look_below(self) -> None:
        """Sets the built-in slots that tell what was laid below."""
        talks = [frame.flow for frame in self.parked if frame.role == "talk"]
        self.view["session_resumable"] = bool(talks)
        self.view["session_open_flow"] = talks[-1] if talks else None

    def _built_in(self) -> dict[str, Json]:
        facts = self.facts
        known: dict[str, Json] = {
            "session_channel": facts.channel,
            "session_naming": facts.naming,
            "session_verified": facts.verified,
            "session_staffed": facts.staffed,
            "session_code": facts.fresh_code,
            "session_word_agreed": facts.word_agreed,
            "session_word_fault": facts.word_fault,
            "session_recheck": facts.recheck,
            "session_confirms": facts.confirms,
            "session_starts": facts.starts,
            "session_about": facts.about,
            "session_round": facts.round,
        }
        known.update(("service_" + key, value) for key, value in facts.service.items())
        return known

    def state(self) -> State:
        """Everything as it is now, to be kept."""
        known, initial = self.flows.slots, self.flows.initial
        return State(
            slots={name: value for name, value in self.slots.items() if name in known and value != initial.get(name)},
            stack=tuple(self.stack),
            parked=tuple(self.parked),
            asked=tuple(self.asked),
            unsettled=tuple(self.unsettled),
            skipped=tuple(self.skipped),
            done=tuple(self.done),
            misses=self.misses,
            said=tuple(self.spoken) or self.said,
            listed=self.listed,
            asks=self.asks,
            silences=self.silences,
            timed=self.timed,
            hushed=self.hushed,
            session_due=self.session_due,
            changing=self.changing,
            undo=self.undo,
        )

    # --- what is open ---

    @property
    def language(self) -> str:
        """The language that texts are chosen in."""
        return str(self.view["language"])

    @property
    def has_buttons(self) -> bool:
        """Whether the channel shows buttons."""
        return self.facts.channel in BUTTON_CHANNELS

    @property
    def top(self) -> Frame | None:
        """The frame that runs or waits."""
        return self.stack[-1] if self.stack else None

    def flow(self, frame: Frame) -> Flow:
        """The flow of a frame."""
        return self.flows.flows[frame.flow]

    def name_of(self, flow: Flow) -> str:
        """What people call a flow, in their language."""
        return flow.names.get(self.language, flow.name)

    def name_of_top(self) -> str:
        """What people call the flow on top."""
        return self.name_of(self.flow(self.stack[-1])) if self.stack else ""

    def node(self, frame: Frame) -> Step:
        """The step that a frame stands on; never asked of a frame at its end."""
        return self.flows.flows[frame.flow].steps[frame.step]

    def question(self) -> CollectStep | None:
        """The question that is open on top, if there is one."""
        frame = self.top
        if frame is None or not frame.waiting:
            return None
        node = self.node(frame)
        return node if isinstance(node, CollectStep) else None

    def talk_frames(self, below: int = 0) -> list[Frame]:
        """The frames of the talk on top, or under the `below` topmost: its flow and its calls, lowest first."""
        end = len(self.stack) - below
        start = end - 1
        while start > 0 and self.stack[start].role == "call":
            start -= 1
        return self.stack[max(start, 0) : end]

    def path(self, below: int = 0) -> Path:
        """The way to where the top frame stands, or the one under the `below` topmost."""
        return tuple((frame.flow, frame.step) for frame in self.talk_frames(below))

    def slot(self, name: str) -> Slot:
        """The slot `name`, as the domain has it."""
        return self.flows.slots[name]

    # --- changing it ---

    def put(self, frame: Frame) -> None:
        """Puts `frame` in the place of the top frame."""
        self.stack[-1] = frame

    def advance(self, index: int = -1) -> None:
        """Moves a frame on along the first way whose condition holds."""
        frame = self.stack[index]
        target = END
        for way in self.node(frame).ways:
            if way.condition is None or way.condition.test(self.view, frame.context):
                target = way.target
                break
        self.last_steps[frame.flow] = frame.step
        self.taken.add((frame.flow, frame.step, target))
        self.stack[index] = replace(frame, step=target, waiting=False)

    def push(self, flow: str, role: str, then: str = "ask", context: Mapping[str, Json] | None = None) -> None:
        """Begins a flow on top."""
        model = self.flows.flows[flow]
        self.stack.append(
            Frame(
                flow,
                model.version,
                model.first,
                "call" if role == "call" else "pattern" if role == "pattern" else "talk",
                then="stay" if then == "stay" else "ask",
                context=dict(context or {}),
            )
        )
        self.note("flow_started", flow)

    def set(self, name: str, value: Json) -> bool:
        """Sets a slot, brought into its type; False, and nothing set, when it does not take the value."""
        slot = self.flows.slots.get(name)
        if slot is None:
            return False
        try:
            value = coerce(slot, value)
        except WrongValueError:
            return False
        if name == "language" and value not in self.flows.languages:
            return False
        self.slots[name] = self.view[name] = value
        self.note("slot_was_set", name)
        self.values_set.append((name, value))
        return True

    def reset(self, name: str) -> None:
        """Gives a slot its initial value again."""
        if name in self.slots:
            del self.slots[name]
            self.view[name] = self.flows.initial.get(name)

    def reframe(self, index: int, **changes: object) -> Frame:
        """Changes the frame at `index` and gives the new one."""
        self.stack[index] = frame = replace(self.stack[index], **changes)  # type: ignore[arg-type]  # names are Frame's own
        return frame

    # --- what comes out ---

    def note(self, what: str, name: str, detail: str = "") -> None:
        """Adds to the trace."""
        self.trace.append(Traced(what, name, detail))

    def trouble(self, code: str, where: str = "") -> None:
        """Tells the house that a flow went wrong while the talk goes on."""
        self.effects.append(Trouble(code, where))

    def hand_over(self, reason: str, urgency: Urgency = "soon") -> None:
        """Asks for a person, once for each reason in a turn."""
        if not any(isinstance(effect, HandOver) and effect.reason == reason for effect in self.effects):
            self.effects.append(HandOver(reason, urgency))

    def end_session(self, reason: str) -> None:
        """Nothing more is said in this session."""
        if not self.ended:
            self.effects.append(EndSession(reason))
            self.ended = True

    def act(self, name: str) -> None:
        """A custom action, with the slots as they are now."""
        self.note("action_executed", name)
        stub = self.stubs.get(name)
        if stub is not None:
            stub(self)
        self.effects.append(Act(name, dict(self.view)))

    def utter(self, say: Say) -> None:
        """Words for the person; none after the session has ended."""
        if not self.ended:
            self.effects.append(say)
            self.spoken.append(say.response)
            self.note("bot_uttered", say.response)

    def outcome(self) -> Outcome:
        """What the step gives."""
        return Outcome(self.state(), tuple(self.effects), tuple(self.trace))


def forget(turn: Turn, flow_ids: Sequence[str]) -> None:
    """Drops what is remembered of the way through flows that have ended."""
    gone = set(flow_ids)
    turn.asked = [path for path in turn.asked if path[0][0] not in gone]
    turn.unsettled = [path for path in turn.unsettled if path[0][0] not in gone]
    turn.done = [place for place in turn.done if place.partition("/")[0] not in gone]
