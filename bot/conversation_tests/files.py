"""Reads test files: cases, fixtures, settings and stubs, with faults placed as those of flow files are."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.contract import Json
from bot.conversation_tests.cases import (
    Assertion,
    BotSays,
    BotUtters,
    Case,
    CaseStep,
    Effect,
    FactsChange,
    Happens,
    Placed,
    SlotsAre,
    SlotWanted,
    Stub,
    TimePasses,
    UserSays,
)
from bot.faults import FlowErrors
from bot.language.findings import Findings
from bot.language.models import Flows
from bot.language.yamlfile import Part, parse_file

_ASSERTIONS: Final = (
    "flow_started",
    "flow_completed",
    "flow_cancelled",
    "action_executed",
    "slot_was_set",
    "slot_was_not_set",
    "bot_uttered",
    "bot_did_not_utter",
    "pattern_clarification_contains",
)
_EVENTS: Final = ("danger", "opened", "handed_back", "timer")
_EFFECTS: Final = ("hand_over", "acted", "ended", "trouble", "not_said", "silent")
_PASSES: Final = re.compile(r"(\d+) (second|minute|hour|day)s?")


def load_cases(folder: Path, flows: Flows | None = None) -> list[Case]:
    """All cases below `folder`/tests. With `flows`, what a case names must be there. Raises FlowErrors."""
    reader = _Reader(Findings(), flows)
    paths = sorted(path for path in (folder / "tests").rglob("*") if path.suffix in (".yml", ".yaml"))
    parts: list[tuple[str, Part]] = []
    for path in paths:
        part, faults = parse_file(path, path.relative_to(folder).as_posix())
        reader.findings.faults += faults
        if part is not None:
            parts.append((path.name, part))
    for name, part in sorted(parts, key=lambda pair: not pair[0].startswith("conftest")):
        reader.shared(part, everywhere=name.startswith("conftest"))
    cases = [case for _, part in parts for case in reader.cases(part)]
    if reader.findings.faults:
        raise FlowErrors(reader.findings.faults)
    return cases


class _Reader:
    def __init__(self, findings: Findings, flows: Flows | None) -> None:
        self.findings, self.flows = findings, flows
        self.fixtures: dict[str, dict[str, dict[str, Json]]] = {"": {}}
        self.settings: dict[str, dict[str, dict[str, Json]]] = {"": {}}

    # --- what cases share ---

    def shared(self, part: Part, *, everywhere: bool) -> None:
        """The fixtures and settings of one file; those of conftest.yml count in every file."""
        scope = "" if everywhere else part.file.name
        fixtures = self.fixtures.setdefault(scope, {})
        for item in self.findings.items(part.get("fixtures"), "fixtures"):
            for name, slots in item.items().items():
                fixtures[name] = dict(self._slot_values(slots))
        settings = self.settings.setdefault(scope, {})
        for item in self.findings.items(part.get("metadata"), "metadata"):
            for name, value in item.items().items():
                own = value.get("sidedoor")
                read = self.findings.section(own, "test setting") if own else {}
                settings[name] = {key: each.plain() for key, each in read.items()}

    def _slot_values(self, part: Part) -> list[tuple[str, Json]]:
        return [
            (name, value.plain())
            for item in self.findings.items(part, "a fixture")
            for name, value in item.items().items()
        ]

    # --- cases ---

    def cases(self, part: Part) -> list[Case]:
        """The cases of one file."""
        keys = self.findings.section(part, "test file")
        stubs = self._stubs(keys.get("stub_custom_actions"))
        return [self._case(item, part, stubs) for item in self.findings.items(keys.get("test_cases"), "test_cases")]

    def _case(self, part: Part, file: Part, stubs: dict[str, Stub]) -> Case:
        keys = self.findings.section(part, "test case")
        name = self.findings.text(keys.get("test_case"), "test_case", "a case without a name")
        if part.is_map and "test_case" not in keys:
            self.findings.fault(part, "a case needs `test_case`", "write `- test_case:` and a sentence that names it")
        slots: dict[str, Json] = {}
        for fixture in self.findings.names(keys.get("fixtures"), "fixtures"):
            slots |= self._shared(self.fixtures, fixture, file, keys.get("fixtures"), "fixture")
        chosen = self.findings.text(keys.get("metadata"), "metadata")
        settings = self._shared(self.settings, chosen, file, keys.get("metadata"), "metadata") if chosen else {}
        steps = [made for item in self.findings.items(keys.get("steps"), "steps") if (made := self._placed(item))]
        return Case(name, file.file.name, part.spot().line, tuple(steps), slots, settings, _for_case(stubs, name))

    def _shared(
        self, known: dict[str, dict[str, dict[str, Json]]], name: str, file: Part, part: Part | None, what: str
    ) -> dict[str, Json]:
        found = {**known[""], **known.get(file.file.name, {})}
        if name not in found and part is not None:
            self.findings.fault(
                part,
                f"there is no {what} `{name}`",
                f"write one of {', '.join(sorted(found))}" if found else "there is none yet",
            )
        return found.get(name, {})

    def _placed(self, part: Part) -> Placed | None:
        step = self._step(part)
        return Placed(step, part.spot().line) if step is not None else None

    def _step(self, part: Part) -> CaseStep | None:
        readers: dict[str, Callable[[Part, Part], CaseStep | None]] = {
            "user": self._user,
            "bot": lambda value, _: BotSays(self.findings.text(value, "bot").strip()),
            "utter": self._utter,
            "slot_was_set": lambda value, _: SlotsAre(tuple(self._wanted(value)), wanted=True),
            "slot_was_not_set": lambda value, _: SlotsAre(tuple(self._wanted(value)), wanted=False),
            "sidedoor": lambda value, _: self._own(value),
        }
        for key, read in readers.items():
            if (value := part.get(key)) is not None and (key != "sidedoor" or part.get("user") is None):
                return read(value, part)
        self.findings.fault(part, "this step says nothing that is read", f"write one of {', '.join(readers)}")
        return None

    def _utter(self, value: Part, part: Part) -> CaseStep:
        name = self.findings.text(value, "utter")
        if self.flows is not None and name not in self.flows.responses:
            self.findings.fault(value, f"there is no response `{name}`", "write one of the domain's responses")
        return BotUtters(name)

    def _user(self, value: Part, part: Part) -> CaseStep:
        assertions = []
        for item in self.findings.items(part.get("assertions"), "assertions"):
            for kind, wanted in item.items().items():
                if kind not in _ASSERTIONS:
                    self._unknown_assertion(kind, wanted)
                assertions.append(Assertion(kind, wanted.plain()))
        in_order = self.findings.flag(part.get("assertion_order_enabled"), "assertion_order_enabled", False)
        return UserSays("" if value.scalar is None else str(value.node.value), tuple(assertions), in_order)

    def _unknown_assertion(self, kind: str, part: Part) -> None:
        judged = kind.startswith("generative_response_is_")
        why = "needs a language model as judge" if judged else "is of a part of the format that is not read"
        self.findings.fault(part, f"`{kind}` {why}", f"write one of {', '.join(_ASSERTIONS)}", at_key=True)

    def _wanted(self, part: Part) -> list[SlotWanted]:
        made: list[SlotWanted] = []
        for item in part if part.is_list else [part]:
            if item.is_map:
                made += [SlotWanted(name, value.plain(), any_value=False) for name, value in item.items().items()]
            else:
                made.append(SlotWanted(self.findings.text(item, "a slot")))
        return made

    # --- our own steps ---

    def _own(self, part: Part) -> CaseStep | None:
        keys = part.items()
        if "event" in keys:
            name = self.findings.text(keys.get("name"), "name", "silence")
            return Happens(self.findings.one_of(keys["event"], "event", _EVENTS, "opened"), name)
        if "passes" in keys:
            return self._passes(keys["passes"])
        if "facts" in keys or "new_session" in keys:
            facts = keys["facts"].plain() if "facts" in keys else {}
            session = {"new_session": keys["new_session"].plain()} if "new_session" in keys else {}
            return FactsChange({**(facts if isinstance(facts, dict) else {}), **session})
        for kind in _EFFECTS:
            if kind in keys:
                return Effect(kind, keys[kind].plain())
        known = ", ".join(("event", "passes", "facts", "new_session", *_EFFECTS))
        self.findings.fault(part, "this `sidedoor` step says nothing that is read", f"write one of {known}")
        return None

    def _passes(self, part: Part) -> CaseStep | None:
        found = _PASSES.fullmatch(self.findings.text(part, "passes"))
        if found is None:
            self.findings.fault(part, "this is no span of time", "write it like `2 days` or `90 minutes`")
            return None
        return TimePasses(timedelta(**{f"{found[2]}s": int(found[1])}))

    # --- stubs ---

    def _stubs(self, part: Part | None) -> dict[str, Stub]:
        made: dict[str, Stub] = {}
        for name, item in (part.items() if part else {}).items():
            events = list(self.findings.items(item.get("events"), "events"))
            slots = [
                (self.findings.text(event.get("name"), "name"), self.findings.value(event.get("value")))
                for event in events
                if self.findings.text(event.get("event"), "event") == "slot"
            ]
            said = [
                (self.findings.text(each.get("response"), "response"), self.findings.text(each.get("text"), "text"))
                for each in self.findings.items(item.get("responses"), "responses")
            ]
            made[name] = Stub(tuple(slots), tuple(said))
        return made


def _for_case(stubs: dict[str, Stub], case: str) -> dict[str, Stub]:
    """The stubs of one case: those for all, and those named `case::action`."""
    shared = {name: stub for name, stub in stubs.items() if "::" not in name}
    own = {name.partition("::")[2]: stub for name, stub in stubs.items() if name.partition("::")[0] == case}
    return shared | own
