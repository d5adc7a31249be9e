"""Checks what responses and slots name: slots in texts and conditions, options, languages, channels."""

from collections.abc import Iterable

from bot.faults import Fault
from bot.language.domain import Domain
from bot.language.findings import Findings
from bot.language.keys import CHANNELS, is_built_in
from bot.language.links import Links
from bot.language.models import Button, Response, Slot, Variation
from bot.language.payloads import set_slots_of
from bot.language.values import WrongValueError, coerce


class DomainLinks:
    """Walks over all slots and responses once."""

    def __init__(self, domain: Domain, links: Links, languages: Iterable[str], findings: Findings) -> None:
        self.domain, self.links, self.languages, self.findings = domain, links, frozenset(languages), findings

    def check(self) -> None:
        """Checks everything that is the project's own."""
        for slot in self.domain.slots.values():
            self._slot(slot)
        for response in self.domain.responses.values():
            if response.own:
                for variation in response.variations:
                    self._variation(response, variation)

    def _slot(self, slot: Slot) -> None:
        path = f"slots.{slot.name}"
        for name in (slot.why, slot.again, slot.refill_utter, slot.label if slot.label.startswith("utter_") else ""):
            if name:
                self.links.response(name, slot.spot, f"{path}.sidedoor")
        for rejection in slot.rejections:
            self.links.response(rejection.utter, slot.spot, f"{path}.validation")
            self.links.condition(rejection.condition, slot.spot, f"{path}.validation")
        if slot.rest:
            self.links.slot(slot.rest, slot.spot, f"{path}.sidedoor.rest")
        self._initial(slot, path)
        for value in slot.words:
            if slot.values and value not in map(str, slot.values):
                what = f"`words` names `{value}`, which is no value of `{slot.name}`"
                self.findings.fault_at(
                    slot.spot, f"{path}.sidedoor.words", what, f"write one of {', '.join(map(str, slot.values))}"
                )

    def _initial(self, slot: Slot, path: str) -> None:
        try:
            coerce(slot, slot.initial)
        except WrongValueError as error:
            self.findings.fault_at(
                slot.spot,
                path,
                f"`initial_value` of `{slot.name}` does not fit: {error}",
                "write a value that it takes",
            )

    def _variation(self, response: Response, variation: Variation) -> None:
        path = f"responses.{response.name}"
        if variation.condition:
            self.links.condition(variation.condition, variation.spot, f"{path}.condition")
        if variation.channel and variation.channel not in CHANNELS:
            self._note(
                variation,
                path,
                f"no channel is called `{variation.channel}`, so this is never said; there are {', '.join(CHANNELS)}",
            )
        for language in variation.translations:
            if language not in self.languages:
                self._note(
                    variation, path, f"`{language}` is not among the languages of config.yml, so this is never said"
                )
        for name in self._unknown(variation):
            self._note(variation, path, f"`{{{name}}}` is no slot; only the context of a pattern can fill it")
        for button in variation.buttons:
            self._button(button, path)

    def _unknown(self, variation: Variation) -> list[str]:
        texts = [variation.text, *variation.translations.values()]
        known = self.domain.slots
        return sorted(
            {
                name
                for text in texts
                for name in text.reads
                if name not in known and name != "value" and not is_built_in(name)
            }
        )

    def _note(self, variation: Variation, path: str, what: str) -> None:
        self.findings.notes.append(Fault(variation.spot, path, what))

    def _button(self, button: Button, path: str) -> None:
        for name, value in (set_slots_of(button.payload) or {}).items():
            if not self.links.slot(name, button.spot, f"{path}.buttons") or name not in self.domain.slots:
                continue
            try:
                coerce(self.domain.slots[name], value)
            except WrongValueError as error:
                what = f"this button gives `{name}` the value {value!r}: {error}"
                self.findings.fault_at(button.spot, f"{path}.buttons", what, "write a value that the slot takes")
