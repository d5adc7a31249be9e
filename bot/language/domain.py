"""Reads domain files: slots, responses, actions, session settings."""

from collections.abc import Callable

from bot.faults import Spot
from bot.language.findings import Findings
from bot.language.keys import MODEL_ACTIONS
from bot.language.models import Response, Slot
from bot.language.responses import read_response
from bot.language.slots import read_slot
from bot.language.yamlfile import Part


class Domain:
    """What all domain files of a project say together; each name may be said once."""

    def __init__(self, findings: Findings, *, own: bool = True) -> None:
        self.findings, self.own = findings, own
        self.slots: dict[str, Slot] = {}
        self.responses: dict[str, Response] = {}
        self.actions: dict[str, Part] = {}
        self.intents: set[str] = set()
        self.session_minutes = 60.0
        self.carry_over = True

    def read(self, part: Part) -> None:
        """Adds one file."""
        for key, section in self.findings.section(part, "domain").items():
            self.read_section(key, section)

    def read_section(self, key: str, part: Part) -> None:
        """Adds one section of a file; `version` and `entities` say nothing that is needed."""
        match key:
            case "slots":
                self._named(part, "slots", self._slot)
            case "responses":
                self._named(part, "responses", self._response)
            case "actions":
                for item in self.findings.items(part, "actions"):
                    self._action(item)
            case "intents":
                for item in self.findings.items(part, "intents"):
                    self.intents.add(_first_key(item) or self.findings.text(item, "an intent"))
            case "session_config":
                self._session(part)

    def _named(self, part: Part, what: str, read: Callable[[str, Part], None]) -> None:
        if part is None or (part.scalar is None and not part.is_map and not part.is_list):
            return
        if self.findings.is_map(part, f"section `{what}`"):
            for name, item in part.items().items():
                read(name, item)

    def _slot(self, name: str, part: Part) -> None:
        if not self._twice("slot", name, part, self.slots.get(name)):
            self.slots[name] = read_slot(name, part, self.findings)

    def _response(self, name: str, part: Part) -> None:
        if self._twice("response", name, part, self.responses.get(name)):
            return
        if not name.startswith("utter_"):
            self.findings.fault(
                part,
                f"the name of a response begins with `utter_`; `{name}` does not",
                f"call it `utter_{name}`",
                at_key=True,
            )
        else:
            self.responses[name] = read_response(name, part, self.findings, own=self.own)

    def _twice(self, what: str, name: str, part: Part, before: Slot | Response | None) -> bool:
        if before is None:
            return False
        place: Spot = before.spot
        self.findings.fault(
            part, f"the {what} `{name}` is there already, at {place.file}:{place.line}", "keep one of them", at_key=True
        )
        return True

    def _action(self, item: Part) -> None:
        name = _first_key(item) or self.findings.text(item, "an action")
        if name in MODEL_ACTIONS:
            self.findings.fault(item, f"`{name}` needs a language model", "take it out")
        elif name.startswith("validate_"):
            self.findings.fault(
                item,
                f"`{name}` cannot run inside the pure engine",
                "write `rejections` on the collect step or `validation` on the slot",
            )
        else:
            self.actions[name] = item

    def _session(self, part: Part) -> None:
        keys = self.findings.section(part, "session_config")
        minutes = self.findings.number(keys.get("session_expiration_time"), "session_expiration_time")
        self.session_minutes = self.session_minutes if minutes is None else minutes
        self.carry_over = self.findings.flag(
            keys.get("carry_over_slots_to_new_session"), "carry_over_slots_to_new_session", True
        )


def _first_key(item: Part) -> str:
    """The name in `- name: {options}`; empty for a plain name."""
    return next(iter(item.items()), "")
