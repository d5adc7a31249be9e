"""Plays one case against the pure engine: frozen clock, state written out and read back between every two turns."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from bot.contract import Danger, Facts, HandedBack, Json, Opened, Said, Say, SetTimer, TimerFired
from bot.contract import Event as EngineEvent
from bot.conversation_tests.cases import START, Case, FactsChange, Happens, Stub, TimePasses, UserSays
from bot.conversation_tests.checks import Happened, check_assertions, check_step, check_trouble
from bot.engine.saying import say
from bot.engine.state import State
from bot.engine.step import begin, new_state
from bot.engine.turn import Turn
from bot.language.models import Flows


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case: `failures` are sentences with their line; `reached` are the steps it came through."""

    name: str
    file: str
    line: int
    failures: tuple[str, ...]
    transcript: tuple[str, ...] = field(repr=False)
    reached: frozenset[tuple[str, str]] = frozenset()
    taken: frozenset[tuple[str, str, str]] = frozenset()
    """The ways on that were taken: (flow, step, target)."""

    @property
    def passed(self) -> bool:
        """Whether everything was as the case says."""
        return not self.failures

    def __str__(self) -> str:
        lines = [f"{self.file}:{self.line}: {self.name}", *(f"  {failure}" for failure in self.failures)]
        return "\n".join([*lines, "  the talk:", *(f"    {line}" for line in self.transcript)])


def run_case(flows: Flows, case: Case) -> Result:
    """Plays `case` from its first step to its last and collects everything that is not as it says."""
    return _Play(flows, case).result()


class _Play:
    def __init__(self, flows: Flows, case: Case) -> None:
        self.flows, self.case = flows, case
        self.facts = _facts(Facts(channel="webchat", new_session=True), case.settings)
        self.now = _now(case.settings)
        self.state = self._with_slots(case.slots)
        self.timers: dict[str, str] = {}
        self.failures: list[str] = []
        self.transcript: list[str] = []
        self.reached: set[tuple[str, str]] = set()
        self.taken: set[tuple[str, str, str]] = set()
        self.happened: Happened | None = None

    def result(self) -> Result:
        for placed in self.case.steps:
            match placed.step:
                case UserSays() | Happens():
                    self._close()
                    self._event(placed.step, placed.line)
                case TimePasses():
                    self.now += placed.step.by
                case FactsChange():
                    self.facts = _facts(self.facts, placed.step.facts)
                case check:
                    self._note(placed.line, self._checked(check))
        self._close()
        case, reached, taken = self.case, frozenset(self.reached), frozenset(self.taken)
        failures, transcript = tuple(self.failures), tuple(self.transcript)
        return Result(case.name, case.file, case.line, failures, transcript, reached, taken)

    def _checked(self, check: Any) -> str:
        if self.happened is None:
            return "nothing has happened yet"
        return check_step(check, self.happened, only_assertions=self.case.only_assertions)

    def _note(self, line: int, failure: str) -> None:
        if failure:
            self.failures.append(f"line {line}: {failure}")

    def _close(self) -> None:
        """What holds for every turn, when all its checks are done."""
        if self.happened is not None:
            self._note(self.happened.line, check_trouble(self.happened))

    # --- one event ---

    def _event(self, step: UserSays | Happens, line: int) -> None:
        event = self._engine_event(step, line)
        self.transcript.append(f"> {step.text}" if isinstance(step, UserSays) else f"* {step.event}")
        stubs = {name: _stub(stub) for name, stub in self.case.stubs.items()}
        turn = begin(self.flows, self.state, event, self.facts, self.now, stubs)
        self.facts = replace(self.facts, new_session=False)
        self.state = self._saved(turn, line)
        self._keep_timers(turn)
        self.reached |= turn.reached
        self.taken |= turn.taken
        self.happened = Happened.of(turn, self.state, line)
        for said in self.happened.said:
            self.transcript += [f"  {row}" for row in said.text.splitlines()]
        if isinstance(step, UserSays):
            for failure in check_assertions(step, self.happened):
                self._note(line, failure)

    def _engine_event(self, step: UserSays | Happens, line: int) -> EngineEvent:
        if isinstance(step, UserSays):
            return Said(step.text)
        match step.event:
            case "danger":
                return Danger()
            case "handed_back":
                return HandedBack()
            case "timer":
                if step.name not in self.timers:
                    self._note(line, f"no timer `{step.name}` was asked for")
                return TimerFired(step.name, self.timers.pop(step.name, ""))
        return Opened()

    def _saved(self, turn: Turn, line: int) -> State:
        """The state as it comes back from where it is kept."""
        state = turn.state()
        again = State.from_json(json.loads(json.dumps(state.to_json())))
        if again != state:
            self._note(line, "the state did not survive being written out and read back")
        return again

    def _keep_timers(self, turn: Turn) -> None:
        for effect in turn.effects:
            if isinstance(effect, SetTimer):
                self.timers[effect.name] = effect.fence

    # --- the beginning ---

    def _with_slots(self, slots: Mapping[str, Json]) -> State:
        """A new state with the fixtures in it."""
        turn = Turn(self.flows, new_state(self.flows), self.facts, self.now, {})
        for name, value in slots.items():
            turn.set(name, value)
        language = self.case.settings.get("language")
        if language:
            turn.set("language", language)
        return turn.state()


_NAMES = {"code": "fresh_code"}
_FACTS = frozenset(each.name for each in fields(Facts))


def _facts(facts: Facts, settings: Mapping[str, Json]) -> Facts:
    changes: dict[str, Any] = {_NAMES.get(name, name): value for name, value in settings.items()}
    return replace(facts, **{name: value for name, value in changes.items() if name in _FACTS})


def _now(settings: Mapping[str, Json]) -> datetime:
    written = settings.get("now")
    return datetime.fromisoformat(written) if isinstance(written, str) else START


def _stub(stub: Stub) -> Any:
    def run(turn: Turn) -> None:
        for name, value in stub.slots:
            turn.set(name, value)
        for response, text in stub.says:
            if response:
                say(turn, response)
            else:
                turn.utter(Say("", text))

    return run
