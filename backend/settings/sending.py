"""How messages are offered to providers."""

from pydantic import Field

from backend.settings.section import Section


class SendingSettings(Section):
    """How messages are offered to providers."""

    title = "Sending"

    lease_seconds: int = Field(
        60,
        ge=5,
        le=600,
        description="Seconds after which the outcome of a silent attempt is unknown; above the providers' own.",
        examples=["60"],
    )
    send_retries: int = Field(
        2,
        ge=0,
        le=10,
        description="How often a message is offered again after a passing failure (R25).",
        examples=["2"],
    )
    sms_per_second: float = Field(
        1,
        ge=0,
        le=1000,
        description="Parts of text messages that may leave in a second (R25); 0: as many as there are.",
        examples=["1"],
    )
    whatsapp_per_second: float = Field(
        20, ge=0, le=1000, description="The same for messages by WhatsApp.", examples=["20"]
    )
    telegram_per_second: float = Field(
        30, ge=0, le=1000, description="The same for messages by Telegram.", examples=["30"]
    )
    email_per_second: float = Field(5, ge=0, le=1000, description="The same for e-mails to people.", examples=["5"])
    chat_per_second: float = Field(
        1,
        ge=0,
        le=100,
        description="Messages that may go to one person in a second, on any of these (R25); 0: no limit.",
        examples=["1"],
    )
    redact_after_hours: int = Field(
        24,
        ge=1,
        le=240,
        description="Hours after which a provider blanks its copy of a message that has no final receipt (R27).",
        examples=["24"],
    )
    trial_addresses: str = Field(
        "",
        description="Trial mode: numbers and addresses, with commas, that anything may be sent to; nobody else is sent "
        "anything. Empty: no trial.",
        examples=["+447700900123,ana@example.org"],
    )
    drama_numbers: bool = Field(
        False, description="Take Ofcom's drama numbers for mobiles. For tests and the demo only.", examples=["false"]
    )

    def per_second(self, channel: str) -> float:
        """How much may leave on a channel in a second; 0: no limit."""
        return float(getattr(self, f"{channel}_per_second", 0))

    @property
    def trial(self) -> frozenset[str]:
        """The addresses that may be sent to while this is a trial; empty: it is none."""
        return frozenset(filter(None, (address.strip().casefold() for address in self.trial_addresses.split(","))))
