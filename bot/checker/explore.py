"""Talks through every flow on the pure engine: each kind of answer at each question, in every state that matters.

Two states are the same here when they stand at the same steps and agree in every slot that a later condition reads; so
the walk is over steps and a few values, not over all talks that could be.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.checker.answers import Deaf, answers_to, deaf
from bot.checker.findings import Finding
from bot.checker.reads import Reads
from bot.checker.stacks import Stacks
from bot.contract import Act, EndSession, Event, Facts, HandOver, Opened, Said, Say, Trouble
from bot.conversation_tests.cases import START
from bot.engine.state import State
from bot.engine.step import begin
from bot.engine.turn import Turn
from bot.faults import Spot
from bot.language.models import ActionStep, CollectStep, Flows

MOST_STATES: Final = 20_000
"""More abstract states than this is itself a finding."""
SETTINGS: Final = tuple(
    Facts(channel, False, verified, fresh_code="4821 7730", word_fault=fault, service={"name": "Us", "hours": "9 to 5"})
    for channel, verified, fault in (
        *(("sms", verified, fault) for verified in (False, True) for fault in ("", "too_common")),
        *(("webchat", verified, "") for verified in (False, True)),
        ("whatsapp", False, ""),
        ("telegram", False, ""),
    )
)
TALK_COMMANDS: Final = ("/why", "/repeat", "/back", "/change", "/wait", "/later", "/help", "/restart", "/resume")

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A state to go on from, and with which facts."""

    state: State
    facts: Facts


def explore(flows: Flows, stacks: Stacks | None = None) -> list[Finding]:
    """What a talk could meet that it should not. `stacks` keeps what was said in one answer."""
    return list(_Walk(deaf(flows), stacks or Stacks()).findings())


class _Walk:
    def __init__(self, flows: Flows, stacks: Stacks) -> None:
        self.flows, self.stacks = flows, stacks
        self.reads = Reads(flows)
        self.seen: set[Key] = set()
        self.queue: deque[_Place] = deque()
        self.reached: set[tuple[str, str]] = set()
        self.digressed: set[tuple[str, str]] = set()
        self.found: set[Finding] = set()

    def findings(self) -> Iterator[Finding]:
        """1. Begin sessions and flows. 2. Answer every question in every way. 3. See what was never reached."""
        for facts in SETTINGS:
            self._take(_Place(State(), replace(facts, new_session=True)), Opened(), "the beginning of a session")
            for intent in self.flows.triggers:
                self._take(_Place(State(), facts), Said(f"/{intent}"), f"the intent {intent}")
        while self.queue:
            self._answer(self.queue.popleft())
            if len(self.seen) > MOST_STATES:
                yield Finding("too_many_states", Spot("flows", 1, 1), "", "these flows have too many states to explore")
                return
        yield from self.found
        yield from self._never_reached()

    # --- one step ---

    def _take(self, place: _Place, event: Event, doing: str, *, go_on: bool = True) -> Turn:
        """Takes a step and, if it leads to a state that is new, keeps that to go on from."""
        turn = begin(self.flows, place.state, event, place.facts, START, {})
        self.reached |= turn.reached
        self.stacks.add(place.facts, turn.language, turn.effects)
        self._look_at(place, turn, doing)
        state = turn.state()
        key = self._key(state, place.facts)
        if go_on and key not in self.seen:
            self.seen.add(key)
            self.queue.append(_Place(replace(state, said=(), undo=None), replace(place.facts, new_session=False)))
        return turn

    def _key(self, state: State, facts: Facts) -> Key:
        """What makes two states different: where the talk on top stands, and the slots that count from there."""
        frames = state.stack
        while len(frames) > 1 and any(frame.role != "call" for frame in frames[1:]):
            frames = frames[1:]
        counts = {
            read for frame in frames for read in self.reads.at(frame.flow, frame.step, calling=frame is not frames[-1])
        }
        skipped = frozenset(state.skipped)
        values = tuple(_as_it_counts(state, skipped, name, by_value) for name, by_value in sorted(counts))
        places = tuple((frame.flow, frame.step, frame.waiting) for frame in frames)
        return (places, values, len(state.stack) > len(frames), bool(state.parked), facts.channel, facts.verified)

    # --- a question ---

    def _answer(self, place: _Place) -> None:
        turn = Turn(self.flows, place.state, place.facts, START, {})
        node = turn.question()
        if node is None:
            return
        here = (turn.stack[-1].flow, node.id)
        for payload in answers_to(turn, node):
            self._take(place, Said(payload), f"the answer {payload}")
        self._skip(place, turn, node)
        self._ways_out(place, node, turn)
        self._unclear(place, node, turn)
        if here not in self.digressed:
            self.digressed.add(here)
            for command in TALK_COMMANDS:
                self._take(place, Said(command), command, go_on=command in ("/change", "/help", "/restart"))
            for intent in self.flows.triggers:
                self._take(place, Said(f"/{intent}"), f"the intent {intent}")
            self._take(replace(place, facts=replace(place.facts, new_session=True)), Opened(), "coming back")

    def _skip(self, place: _Place, turn: Turn, node: CollectStep) -> None:
        after = self._take(place, Said("/skip"), "/skip")
        asked = after.question()
        skippable = self.flows.slots[node.slot].skippable
        if asked is node and after.path() == turn.path() and skippable:
            what = f"`{node.slot}` cannot be skipped: the same question comes again"
            self._add("cannot_be_skipped", turn, node, what, "give the empty answer a way of its own", is_error=False)

    def _ways_out(self, place: _Place, node: CollectStep, turn: Turn) -> None:
        """A person and the way out, at every question (R30)."""
        asked = self._take(place, Said("0"), "0")
        left = self._take(place, Said("/exit"), "/exit", go_on=False)
        if not any(isinstance(effect, HandOver) for effect in asked.effects):
            self._add("no_person", turn, node, "0 brings no person here (R30)", "let `pattern_human_handoff` hand over")
        if not any(isinstance(effect, EndSession) for effect in left.effects):
            self._add("no_way_out", turn, node, "leaving does not end the session here", "let `pattern_exit` end it")

    def _unclear(self, place: _Place, node: CollectStep, turn: Turn) -> None:
        """Three answers that nobody could understand: never the same text three times, and a person in the end."""
        told: list[str] = []
        brought = False
        for _ in range(3):
            after = self._take(place, Said(Deaf.NOISE), "an unclear answer", go_on=False)
            told += [effect.text for effect in after.effects if isinstance(effect, Say)]
            brought = brought or any(isinstance(effect, HandOver) for effect in after.effects)
            place = replace(place, state=after.state())
        taken = node.slot in turn.flows.slots and not self._is_closed(node)
        if not taken and not brought:
            self._add("unclear_forever", turn, node, "three unclear answers bring no person", "hand over")
        if any(told.count(text) > 2 for text in told):
            self._add("same_again", turn, node, "an unclear answer is met with the same words three times", "vary them")

    def _is_closed(self, node: CollectStep) -> bool:
        return self.flows.slots[node.slot].reader not in ("free_text", "name")

    # --- findings ---

    def _add(self, code: str, turn: Turn, node: CollectStep, what: str, instead: str, *, is_error: bool = True) -> None:
        path = f"flows.{turn.stack[-1].flow}.steps.{node.id}"
        self.found.add(Finding(code, node.spot, path, what, instead, is_error))

    def _look_at(self, place: _Place, turn: Turn, doing: str) -> None:
        for effect in turn.effects:
            if isinstance(effect, Trouble):
                flow, _, step = effect.where.partition("/")
                self.found.add(self._trouble(effect, flow, step, doing))
        spoke = any(isinstance(effect, Say | Act | HandOver | EndSession) for effect in turn.effects)
        if not spoke and not turn.stack and doing != "/resume":
            where = place.state.stack[-1] if place.state.stack else None
            if where is not None:
                spot = self.flows.flows[where.flow].steps[where.step].spot
                path = f"flows.{where.flow}.steps.{where.step}"
                what = f"after {doing} the talk ends here without a word"
                self.found.add(Finding("dead_end", spot, path, what, "say something, or link on"))

    def _trouble(self, effect: Trouble, flow: str, step: str, doing: str) -> Finding:
        model = self.flows.flows.get(flow)
        if model is not None and step in model.steps:
            return Finding(effect.code, model.steps[step].spot, f"flows.{effect.where}", f"{effect.code} after {doing}")
        response = self.flows.responses.get(flow)
        spot = response.spot if response else Spot("flows", 1, 1)
        return Finding(effect.code, spot, f"responses.{flow}", f"no variation of `{flow}` fits after {doing}")

    def _never_reached(self) -> Iterable[Finding]:
        """Steps that no talk came to, in flows that are the project's own."""
        for flow in self.flows.flows.values():
            for step in flow.steps.values() if flow.own else ():
                if (flow.id, step.id) not in self.reached and not _only_by_the_house(flow.id, step):
                    what = f"no talk comes to the step `{step.id}`"
                    path = f"flows.{flow.id}.steps.{step.id}"
                    yield Finding(
                        "never_reached", step.spot, path, what, "look at the conditions before it", is_error=False
                    )


def _as_it_counts(state: State, skipped: frozenset[str], name: str, by_value: bool) -> str | bool:
    value = state.slots.get(name)
    return str(value) if by_value else value is not None or name in skipped


_STARTED_BY_THE_HOUSE = frozenset(
    {
        "pattern_danger",
        "pattern_after_danger",
        "pattern_handed_back",
        "pattern_user_silence",
        "pattern_internal_error",
    }
)


def _only_by_the_house(flow: str, step: object) -> bool:
    """Patterns that an event of the house starts are not walked through here."""
    return flow in _STARTED_BY_THE_HOUSE or (
        isinstance(step, ActionStep) and flow in ("pattern_code_change", "pattern_cannot_handle", "pattern_cancel_flow")
    )
