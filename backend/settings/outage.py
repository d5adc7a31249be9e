"""What happens while the database, or the whole house, cannot be reached."""

from pathlib import Path

from pydantic import Field

from backend.settings.section import Section


class OutageSettings(Section):
    """What happens while the database, or the whole house, cannot be reached."""

    title = "Outages"

    webhook_seconds: float = Field(
        5,
        gt=0,
        le=12,
        description="Seconds that a provider's request may wait for the database before it is kept on the disk (R23).",
        examples=["5"],
    )
    outage_addresses: str = Field(
        "",
        description="Mail addresses, with commas, of those who are woken when a message comes during an outage (R32).",
        examples=["duty@example.org,lead@example.org"],
    )
    fallback_for: str = Field(
        "",
        description="On the fallback host only: the house that it hands over to.",
        examples=["https://chat.example.org"],
    )
    fallback_key_file: Path | None = Field(
        None,
        description="In the house: a copy of the fallback host's keys, to open what it hands over.",
        examples=["/run/secrets/sidedoor-fallback.json"],
    )

    @property
    def woken_in_outage(self) -> frozenset[str]:
        """Those who are woken."""
        return frozenset(filter(None, (address.strip() for address in self.outage_addresses.split(","))))
