"""A second provider of text messages, Vonage, which takes over when Twilio fails."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from backend.settings.section import Section
from backend.settings.twilio import leave_room_for_two_calls


class SecondSmsSettings(Section):
    """A second provider of text messages, Vonage, which takes over when Twilio fails."""

    title = "A second provider of text messages"

    vonage_application_id: str = Field(
        "",
        description="The application at Vonage; empty: there is no second provider.",
        examples=["78d335fa-323d-0114-9c3d-d6f0d48968cf"],
    )
    vonage_private_key_file: Path = Field(
        Path("vonage.pem"), description="The application's private key, as PEM.", examples=["/etc/sidedoor/vonage.pem"]
    )
    vonage_signature_secret: SecretStr = Field(
        SecretStr(""),
        description="What Vonage signs its webhooks with; empty: its webhooks are off.",
        examples=["a-long-random-word"],
    )
    vonage_api_base: str = Field(
        "",
        description="Another base address for Vonage's API, for tests; empty: Vonage's own.",
        examples=["http://127.0.0.1:9200"],
    )
    vonage_same_number: bool = Field(
        False,
        validate_default=True,
        description="Say that Vonage can send from SIDEDOOR_TWILIO_SMS_FROM; without that it may not take over.",
        examples=["true"],
    )

    @field_validator("vonage_same_number")
    @classmethod
    def _from_the_same_number(cls, value: bool, info: ValidationInfo) -> bool:
        # A text from a number that the person does not know looks like somebody else's, and an answer to it is lost.
        if not info.data.get("vonage_application_id"):
            return value
        if not (value and info.data.get("twilio_sms_from")):
            raise ValueError("must be true, with SIDEDOOR_TWILIO_SMS_FROM, or there can be no second provider")
        leave_room_for_two_calls(info.data)
        return value
