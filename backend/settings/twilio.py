"""The account at Twilio, for text messages."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, SecretStr

from backend.settings.section import Section


def leave_room_for_two_calls(data: Mapping[str, Any]) -> None:
    """Raises ValueError where an attempt of two calls, each of up to two time-outs, could outlive its lease."""
    if 4 * data.get("twilio_timeout_seconds", 0) >= data.get("lease_seconds", float("inf")):
        raise ValueError("SIDEDOOR_TWILIO_TIMEOUT_SECONDS must be less than a quarter of SIDEDOOR_LEASE_SECONDS")


class TwilioAccountSettings(Section):
    """The account at Twilio, for text messages."""

    title = "Twilio"

    twilio_account_sid: str = Field(
        "", description="Twilio account; empty: no SMS.", examples=["AC0123456789abcdef0123456789abcdef"]
    )
    twilio_auth_token: SecretStr = Field(
        SecretStr(""),
        description="Twilio's primary auth token, which signs webhooks.",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    twilio_sms_from: str = Field(
        "", description="The number that texts come from, as +44...", examples=["+447700900000"]
    )
    twilio_messaging_service_sid: str = Field(
        "", description="A Messaging Service instead of one number.", examples=["MG0123456789abcdef0123456789abcdef"]
    )
    twilio_api_base: str = Field(
        "",
        description="Another base address for Twilio's API, for tests; empty: Twilio's own.",
        examples=["http://127.0.0.1:9100"],
    )
    twilio_timeout_seconds: float = Field(
        10.0, gt=0, le=60, description="How long one call to Twilio may take.", examples=["10"]
    )
    twilio_content_retention: Literal["", "retain", "discard"] = Field(
        "",
        description="Whether Twilio keeps what a text says once it has left: discard, retain, or empty for what the "
        "account is set to (R27). An account feature that Twilio has to switch on first.",
        examples=["discard"],
    )
    twilio_address_retention: Literal["", "retain", "obfuscate"] = Field(
        "",
        description="The same for the person's number: obfuscate, retain, or empty. With masked numbers Twilio cannot "
        "be asked whether it took a text.",
        examples=["obfuscate"],
    )
