"""What is sealed of an appointment: the place or number, and what was agreed about texts beforehand (R5, R9, R38)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from backend.store.sealing import context, open_json, seal_json
from safety.vault import DataKey

WORDINGS: Mapping[str, str] = {
    "plain": "Asks whether the time is still fine",
    "plans": "Asks whether plans are still on, with the time",
    "no_time": "Asks whether plans are still fine, without the time",
}
"""The wordings somebody may agree to: ids of the reviewed catalogue (flows/domain/appointments.yml)."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """What was agreed: leads in minutes, the longest first; whether a call is preceded by a text; times to offer
    instead (aware)."""

    leads: tuple[int, ...] = ()
    wording: str = "plain"
    call_ahead: int = 0
    """Minutes before a call at which a text goes first; 0: none."""
    offers: tuple[datetime, ...] = field(default=(), repr=False)

    @property
    def all_leads(self) -> tuple[int, ...]:
        """Every lead at which a text goes, the longest first."""
        return tuple(sorted({*self.leads, *([self.call_ahead] if self.call_ahead else [])}, reverse=True))


def seal_reminders(key: DataKey, row_id: int, reminders: Reminders | None) -> bytes | None:
    """As they are kept; None: no reminders (R9)."""
    if reminders is None:
        return None
    value = {
        "leads": list(reminders.leads),
        "wording": reminders.wording,
        "call_ahead": reminders.call_ahead,
        "offers": [at.astimezone(UTC).isoformat() for at in reminders.offers],
    }
    return seal_json(key, value, context("appointment", "reminders", row_id))


def open_reminders(key: DataKey, row: Any) -> Reminders | None:
    """What was sealed. Raises VaultError, or ValueError for what is damaged."""
    if row.reminders is None:
        return None
    value = open_json(key, row.reminders, context("appointment", "reminders", row.id))
    offers = tuple(map(datetime.fromisoformat, value["offers"]))
    return Reminders(tuple(value["leads"]), value["wording"], value["call_ahead"], offers)


def seal_place(key: DataKey, row_id: int, place: str) -> bytes | None:
    """As it is kept; None: nothing was written."""
    return key.seal(place, context("appointment", "place", row_id)) if place else None


def open_place(key: DataKey, row: Any) -> str:
    """What was sealed; empty: nothing was. Raises VaultError."""
    return key.open(row.place, context("appointment", "place", row.id)) if row.place is not None else ""
