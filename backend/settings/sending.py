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
    drama_numbers: bool = Field(
        False, description="Take Ofcom's drama numbers for mobiles. For tests and the demo only.", examples=["false"]
    )
