"""The words of `flows/` as a phone would show them, one entry for each variation."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FLOWS = Path(__file__).parents[2] / "flows"
TEXT_CHANNELS = {"", "sms", "whatsapp", "email"}
"""Channels without buttons, where the numbered lines are in the text. Empty: any with no words of its own."""

SAMPLES = {
    "service_hours": "Mon to Fri, 9am to 5pm",
    "service_working_days": "5",
    "service_enquiry_days": "30",
    "service_name": "Sidedoor",
    "session_code": "4821 7730 1965 2204",
}
"""Values as long as real ones, for measuring."""


@dataclass(frozen=True, slots=True)
class Words:
    """One variation of one response, as it would arrive."""

    response: str
    channel: str
    condition: str
    text: str
    titles: tuple[str, ...]

    @property
    def naming(self) -> bool:
        """Is it said only where the person has chosen that words may name the service (R1)?"""
        return "session_naming" in self.condition and "not slots.session_naming" not in self.condition

    @property
    def message(self) -> str:
        """The whole message on a channel without buttons."""
        return "\n".join([self.text, *(f"{number} {title}" for number, title in enumerate(self.titles, 1))])


def domain() -> Iterator[dict[str, Any]]:
    """Each file of the domain."""
    for path in sorted((FLOWS / "domain").rglob("*.yml")):
        yield yaml.safe_load(path.read_text(encoding="utf-8"))


def filled(text: str) -> str:
    """The text with a sample in each place for a setting."""
    for name, value in SAMPLES.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def catalogue() -> list[Words]:
    """Every variation of every response."""
    return [
        Words(
            response=name,
            channel=variation.get("channel", ""),
            condition=str(variation.get("condition", "")),
            text=filled(variation["text"].strip()),
            titles=tuple(button["title"] for button in variation.get("buttons", ())),
        )
        for part in domain()
        for name, variations in part.get("responses", {}).items()
        for variation in variations
    ]
