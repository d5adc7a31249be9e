"""Talks to a flow in the terminal, and prints the talk as a conversation test that is ready to be kept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.contract import (
    Act,
    Danger,
    EndSession,
    Event,
    Facts,
    HandedBack,
    HandOver,
    Json,
    Opened,
    Said,
    Say,
    SetTimer,
    TimerFired,
    Trouble,
)
from bot.conversation_tests.cases import START
from bot.engine.state import Frame, State
from bot.engine.step import step
from bot.engine.turn import Outcome
from bot.language.models import Flows

WORDS: Final = """\
Type what a person would say. Lines that begin with a colon are for you:
  :danger          triage saw danger in what was said
  :session         the next message begins a new session
  :opened          a page was opened
  :back            a practitioner gives the conversation back
  :timer           the silence timer fires
  :pass 2 days     the clock moves (minutes, hours, days)
  :fact name=value channel, naming, verified, staffed, fresh_code, word_agreed, word_fault, recheck, confirms,
                   service.<key>
  :undo            takes the last event back
  :state           what the engine remembers
  :test            prints the talk as a test
  :quit            leaves, and prints the test"""

_FACTS: Final = frozenset(
    "channel naming verified staffed fresh_code word_agreed word_fault recheck confirms".split()  # noqa: SIM905
)
_EVENTS: Final[dict[str, Event]] = {":danger": Danger(), ":opened": Opened(), ":back": HandedBack()}
_NAMES: Final = {":danger": "danger", ":opened": "opened", ":back": "handed_back"}


class Player:
    """One talk under way. `hear` takes a line and gives the lines to show."""

    def __init__(self, flows: Flows, facts: Facts | None = None) -> None:
        self.flows = flows
        self.facts = replace(facts or Facts(), new_session=True)
        self.start_facts = self.facts
        self.start_slots: Mapping[str, Json] = {}
        self.now: datetime = START
        self.state = State()
        self.outcome: Outcome | None = None
        """What the last event led to; None before the first, and after one was taken back."""
        self.fence = ""
        self.steps: list[str] = []
        self._before: list[tuple[State, Facts, datetime, str, int]] = []

    def hear(self, line: str) -> list[str]:
        """Does what a line asks for."""
        word, _, rest = line.partition(" ")
        if not line.startswith(":"):
            return self.say(line)
        if word in _EVENTS:
            return self._event(_EVENTS[word], [f"- sidedoor: {{event: {_NAMES[word]}}}"])
        if word == ":timer":
            return self._event(TimerFired("silence", self.fence), ["- sidedoor: {event: timer, name: silence}"])
        return self._setting(word, rest.strip())

    def say(self, text: str) -> list[str]:
        """Somebody says this, whatever it begins with."""
        return self._event(Said(text), [f"- user: {_yaml(text)}"])

    def begin_in(self, flow_id: str, slots: Mapping[str, Json]) -> list[str]:
        """Begins in the middle of a session, in one flow, with these slots set. Raises KeyError."""
        flow = self.flows.flows[flow_id]
        self.start_slots = {name: value for name, value in slots.items() if name in self.flows.slots}
        self.facts = self.start_facts = replace(self.start_facts, new_session=False)
        self.state = State(slots=self.start_slots)
        if flow.triggers:
            return self.say(f"/{flow.triggers[0].intent}")
        frame = Frame(flow.id, flow.version, flow.first, "pattern" if flow.is_pattern else "talk")
        self.state = replace(self.state, stack=(frame,))
        return self._event(
            Opened(), [f"# No words lead to {flow.id}: begin in a flow that does.", "- sidedoor: {event: opened}"]
        )

    def _setting(self, word: str, rest: str) -> list[str]:
        match word:
            case ":session":
                self.facts = replace(self.facts, new_session=True)
                self.steps.append("- sidedoor: {new_session: true}")
                return ["(a new session)"]
            case ":pass":
                return self._pass(rest)
            case ":fact":
                return self._fact(rest)
            case ":undo":
                return self._undo()
            case ":state":
                return json.dumps(self.state.to_json(), indent=2, ensure_ascii=False).splitlines()
            case ":test":
                return self.test().splitlines()
        return WORDS.splitlines()

    # --- events ---

    def _event(self, event: Event, written: list[str]) -> list[str]:
        self._before.append((self.state, self.facts, self.now, self.fence, len(self.steps)))
        self.outcome = outcome = step(self.flows, self.state, event, self.facts, self.now)
        self.state, self.facts = outcome.state, replace(self.facts, new_session=False)
        self.fence = next((each.fence for each in outcome.effects if isinstance(each, SetTimer)), self.fence)
        self.steps += written + _checks(outcome)
        return [line for effect in outcome.effects for line in _shown(effect)]

    def _undo(self) -> list[str]:
        if not self._before:
            return ["(nothing to undo)"]
        self.state, self.facts, self.now, self.fence, count = self._before.pop()
        self.outcome = None
        del self.steps[count:]
        return ["(undone)"]

    # --- settings ---

    def _pass(self, rest: str) -> list[str]:
        count, _, unit = rest.partition(" ")
        unit = unit.rstrip("s") + "s"
        if not count.isdigit() or unit not in ("minutes", "hours", "days"):
            return ["write it like :pass 2 days"]
        self.now += timedelta(**{unit: int(count)})
        self.steps.append(f"- sidedoor: {{passes: {count} {unit}}}")
        return [f"({count} {unit} pass)"]

    def _fact(self, rest: str) -> list[str]:
        name, _, value = rest.partition("=")
        parsed = {"true": True, "false": False}.get(value, value)
        if name.startswith("service."):
            key = name.removeprefix("service.")
            self.facts = replace(self.facts, service={**self.facts.service, key: parsed})
            self.steps.append(f"- sidedoor: {{facts: {{service: {json.dumps(dict(self.facts.service))}}}}}")
        elif name in _FACTS:
            changes: dict[str, Any] = {name: parsed}
            self.facts = replace(self.facts, **changes)
            self.steps.append(f"- sidedoor: {{facts: {{{name}: {json.dumps(parsed)}}}}}")
        else:
            return ["there is no such fact"]
        return [f"({name} is {value})"]

    # --- the test ---

    def test(self, name: str = "somebody ...") -> str:
        """The talk as a test file: what was said, what the bot said, what the house was told."""
        facts = self.start_facts
        service = json.dumps(dict(facts.service))
        flags = {"naming": facts.naming, "verified": facts.verified, "staffed": facts.staffed}
        known = "".join(f", {flag}: {str(value).lower()}" for flag, value in flags.items())
        begins = "" if facts.new_session else ", new_session: false"
        settings = f"{{channel: {facts.channel}{known}{begins}, service: {service}}}"
        head = ["metadata:", "  - played:", f"      sidedoor: {settings}"]
        if self.start_slots:
            head += ["fixtures:", "  - played:"]
            head += [f"      - {name}: {json.dumps(value)}" for name, value in self.start_slots.items()]
        case = ["test_cases:", f"  - test_case: {name}", "    metadata: played"]
        case += ["    fixtures: [played]"] if self.start_slots else []
        case += ["    steps:"]
        return "\n".join([*head, *case, *(f"      {line}" for line in self.steps)]) + "\n"


def _shown(effect: object) -> list[str]:
    match effect:
        case Say():
            buttons = [f"  [{choice.title}]" for choice in effect.choices if choice.title not in effect.text]
            return [f"  {line}" for line in effect.text.splitlines()] + buttons
        case Trouble():
            return [f"  ! {told(effect)}"]
    return [f"  * {words}"] if (words := told(effect)) else []


def told(effect: object) -> str:
    """What an effect asks the house for, in a few words; empty for what the person sees, and for the end of a timer."""
    match effect:
        case HandOver():
            return f"hand over: {effect.reason}, {effect.urgency}"
        case EndSession():
            return f"the session ends: {effect.reason}"
        case Act():
            return effect.name
        case Trouble():
            return f"trouble: {effect.code} at {effect.where}"
        case SetTimer():
            return f"timer {effect.name} in {effect.after}"
    return ""


def _checks(outcome: Outcome) -> list[str]:
    lines: list[str] = []
    for effect in outcome.effects:
        match effect:
            case Say():
                lines.append(f"- utter: {effect.response}")
            case HandOver():
                lines.append(f"- sidedoor: {{hand_over: {effect.reason}}}")
            case EndSession():
                lines.append(f"- sidedoor: {{ended: {effect.reason}}}")
            case Act():
                lines.append(f"- sidedoor: {{acted: {effect.name}}}")
            case Trouble():
                lines.append(f"- sidedoor: {{trouble: {effect.code}}}")
    return lines


def _yaml(text: str) -> str:
    """A text as a YAML scalar that stays text."""
    plain = text and text.replace(" ", "").isalpha() and text.lower() not in ("true", "false", "null")
    return text if plain else json.dumps(text, ensure_ascii=False)


def play(flows: Flows, read: Callable[[str], str], write: Callable[[str], None], facts: Facts | None = None) -> None:
    """Plays until `:quit` or the end of input; `read` gives the next line to a prompt, `write` shows a line."""
    player = Player(flows, facts)
    write("Type :help for what you can do.")
    while True:
        try:
            line = read("> ")
        except (EOFError, KeyboardInterrupt):
            line = ":quit"
        if line.strip() == ":quit":
            write(player.test())
            return
        for shown in player.hear(line):
            write(shown)
