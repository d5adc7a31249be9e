"""Small projects written in the test itself, and talks with them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

import bot
from bot.contract import Event, Facts, Said, Say
from bot.conversation_tests.cases import START

Load = Callable[..., bot.Flows]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Writes a project and loads it: `load(flows_yaml, domain_yaml, **{"config.yml": ...})`."""

    def write(flows: str, domain: str = "", files: Mapping[str, str] | None = None) -> bot.Flows:
        for name, text in {"data/flows.yml": flows, "domain.yml": domain or "slots: {}", **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return bot.load_flows(tmp_path)

    return write


@dataclass
class Talk:
    """A talk under way. `step` and `say` give the outcome; the state is written out and read back each time."""

    flows: bot.Flows
    facts: Facts = field(default_factory=Facts)
    state: bot.State = field(default_factory=bot.State)

    def step(self, event: Event, **facts: object) -> bot.Step:
        """One event, with other facts for this once."""
        known = replace(self.facts, **facts)  # type: ignore[arg-type]  # the names are those of Facts
        outcome = bot.step(self.flows, self.state, event, known, START)
        self.state = bot.State.from_json(json.loads(json.dumps(outcome.state.to_json())))
        return outcome

    def say(self, text: str, **facts: object) -> list[str]:
        """What the bot says to `text`."""
        return said(self.step(Said(text), **facts))


def said(outcome: bot.Step) -> list[str]:
    """The texts of an outcome."""
    return [effect.text for effect in outcome.effects if isinstance(effect, Say)]


@pytest.fixture
def talk() -> Callable[..., Talk]:
    """Begins a talk: `talk(flows, Facts(...))`."""
    return Talk
