"""Reads a whole project into `Flows`: all files, all names, then what the engine wants ready before a turn."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from bot.contract import Json
from bot.faults import Fault, FlowErrors, Spot
from bot.language.ahead import questions_ahead, slots_to_reset
from bot.language.config import Config, read_config
from bot.language.domain import Domain
from bot.language.domain_links import DomainLinks
from bot.language.findings import Findings
from bot.language.flowfile import read_flows
from bot.language.keys import BUILT_IN_SLOTS
from bot.language.links import Links
from bot.language.migrations import read_migrations
from bot.language.models import Button, CollectStep, Flow, Flows, Slot
from bot.language.nlu import read_nlu
from bot.language.payloads import set_slots_of
from bot.language.versions import content_hash
from bot.language.yamlfile import Part, parse_file
from bot.understanding import Understanding

_DEFAULTS = Path(__file__).parent.parent / "defaults"


def load_flows(folder: Path, *, cache: Path | None = None) -> Flows:
    """The project in `folder`, checked and compiled; `cache`: a folder for what is learned. Raises FlowErrors."""
    return _Project(folder).load(cache)


@lru_cache(maxsize=256)
def _default_file(name: str) -> Part:
    part, faults = parse_file(_DEFAULTS / name, f"bot/defaults/{name}")
    if part is None:
        raise FlowErrors(faults)
    return part


class _Project:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings = Findings()
        self.domain = Domain(self.findings)
        self.flows: dict[str, Flow] = {}
        self.nlu: dict[str, list[str]] = {}
        self.contents: dict[str, Json] = {}
        self.default_responses: frozenset[str] = frozenset()

    def load(self, cache: Path | None) -> Flows:
        """1. Read all files. 2. Add the defaults that the project does not replace. 3. Check all names. 4. Compile."""
        config = self._config()
        for name, part in self._parts("domain.yml", "domain"):
            self.domain.read(part)
            self.contents[name] = part.plain()
        for name, part in self._parts("data.yml", "data"):
            self._data(name, part)
        migrations = read_migrations(self._part("migrations.yml"), self.flows, self.findings)
        if not any(flow.own for flow in self.flows.values()) and not self.findings.faults:
            self._nothing_here()
        self._add_defaults()
        links = Links(self.flows, self.domain, self.findings)
        links.check()
        DomainLinks(self.domain, links, config.languages, self.findings).check()
        if self.findings.faults:
            raise FlowErrors(self.findings.faults)
        return replace(self._compiled(config, cache), migrations=migrations)

    # --- files ---

    def _parts(self, file: str, folder: str) -> Iterator[tuple[str, Part]]:
        paths = [path for path in (self.folder / file, (self.folder / file).with_suffix(".yaml")) if path.is_file()]
        below = self.folder / folder
        paths += sorted(path for path in below.rglob("*") if path.suffix in (".yml", ".yaml") and path.is_file())
        for path in paths:
            name = path.relative_to(self.folder).as_posix()
            if (part := self._part(name)) is not None:
                yield name, part

    def _part(self, name: str) -> Part | None:
        path = self.folder / name
        if not path.is_file():
            return None
        part, faults = parse_file(path, name)
        self.findings.faults += faults
        return part

    def _config(self) -> Config:
        part = self._part("config.yml")
        self.contents["config.yml"] = part.plain() if part else None
        return read_config(part, self.findings)

    def _data(self, name: str, part: Part) -> None:
        """Reads one file of data/, which may hold any mix of flows, examples and parts of the domain."""
        for key, section in self.findings.section(part, "data file").items():
            if key == "flows":
                read_flows(section, self.findings, self.flows)
            elif key == "nlu":
                read_nlu(section, self.findings, self.nlu)
            elif key != "version":
                self.domain.read_section(key, section)
        self.contents[name] = part.plain()

    def _nothing_here(self) -> None:
        self.findings.fault_at(
            Spot("data", 1, 1),
            "",
            "there are no flows in this project",
            "write them below data/, in files that begin with `flows:`",
        )

    def _add_defaults(self) -> None:
        quiet = Findings()
        defaults, patterns = Domain(quiet, own=False), dict[str, Flow]()
        defaults.read(_default_file("responses.yml"))
        read_flows(_default_file("patterns.yml").items()["flows"], quiet, patterns, own=False)
        self.default_responses = frozenset(defaults.responses)
        self.domain.responses = {**defaults.responses, **self.domain.responses}
        commands: dict[str, list[str]] = {}
        read_nlu(_default_file("commands.yml").items()["nlu"], quiet, commands)
        self.nlu = {**commands, **self.nlu}
        taken = {trigger.intent for flow in self.flows.values() for trigger in flow.triggers}
        for name, flow in patterns.items():
            free = tuple(trigger for trigger in flow.triggers if trigger.intent not in taken)
            self.flows.setdefault(name, replace(flow, triggers=free))

    # --- what the engine wants ready ---

    def _compiled(self, config: Config, cache: Path | None) -> Flows:
        titles = self._titles()
        flows = {name: self._finished(flow) for name, flow in self.flows.items()}
        initial: dict[str, Json] = dict.fromkeys(BUILT_IN_SLOTS)
        initial |= {"language": config.languages[0]}
        initial |= {slot.name: slot.initial for slot in self.domain.slots.values()}
        nlu = {intent: tuple(examples) for intent, examples in self.nlu.items()}
        return Flows(
            version=content_hash(dict(sorted(self.contents.items()))),
            flows=flows,
            slots={name: self._with_reader(slot, titles) for name, slot in self.domain.slots.items()}
            | _built_in_slots(),
            responses=self.domain.responses,
            actions=frozenset(self.domain.actions),
            languages=config.languages,
            triggers={t.intent: (flow.id, t.threshold) for flow in flows.values() for t in flow.triggers},
            initial=initial,
            titles=titles,
            migrations=(),
            understanding=Understanding.from_nlu(nlu, cache),
            session_expiration=timedelta(minutes=self.domain.session_minutes),
            carry_over_slots=self.domain.carry_over,
            default_responses=self.default_responses,
            fills_from_intents=any(
                mapping.kind in ("from_intent", "from_entity")
                for slot in self.domain.slots.values()
                for mapping in slot.mappings
            ),
            notes=tuple(self.findings.notes),
            nlu=nlu,
        )

    def _finished(self, flow: Flow) -> Flow:
        steps = {
            step.id: replace(step, ask_action=f"action_ask_{step.slot}")
            for step in flow.steps.values()
            if isinstance(step, CollectStep) and f"action_ask_{step.slot}" in self.domain.actions
        }
        flow = replace(flow, steps={**flow.steps, **steps})
        return replace(flow, resets=slots_to_reset(flow, self.flows), ahead=questions_ahead(flow, self.flows))

    def _titles(self) -> dict[str, dict[str, Button]]:
        """For each slot the button that stands for each of its values; the question that asks for it goes first."""
        titles: dict[str, dict[str, Button]] = {}
        ordered = sorted(
            self.domain.responses.values(), key=lambda response: not response.name.startswith("utter_ask_")
        )
        for response in ordered:
            for variation in response.variations:
                for button in variation.buttons:
                    for slot, value in (set_slots_of(button.payload) or {}).items():
                        titles.setdefault(slot, {}).setdefault(str(value).casefold(), button)
        return titles

    def _with_reader(self, slot: Slot, titles: dict[str, dict[str, Button]]) -> Slot:
        if slot.reader:
            return slot
        return replace(slot, reader="choice" if slot.name in titles or slot.values else "free_text")


def _built_in_slots() -> dict[str, Slot]:
    """The built-in slots that are asked or set."""
    return {
        "language": Slot("language", "text", reader="language"),
        "session_change": Slot("session_change", "text", reader="choice"),
    }


def notes_of(flows: Flows) -> tuple[Fault, ...]:
    """What was read but does nothing, in the order of the files."""
    return tuple(sorted(flows.notes, key=lambda note: (note.spot, note.what)))
