"""Every number and name that a service may want to change, with its default (docs/settings.md).

Read from the environment or `.env`, prefix `SIDEDOOR_`. A wrong one stops the start with its name and an example. The
one convention here: every module is one section, and every field has a description and an example.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings.checkins import CheckInSettings
from backend.settings.clocks import ClockSettings
from backend.settings.desk import DeskSettings
from backend.settings.mail import MailSettings
from backend.settings.outage import OutageSettings
from backend.settings.place import PlaceSettings
from backend.settings.second_sms import SecondSmsSettings
from backend.settings.section import Section
from backend.settings.sending import SendingSettings
from backend.settings.service import ServiceSettings
from backend.settings.talks import TalkSettings
from backend.settings.telegram import TelegramBotSettings
from backend.settings.twilio import TwilioAccountSettings
from backend.settings.understanding import UnderstandingSettings
from backend.settings.whatsapp import WhatsAppSection

SECTIONS: tuple[type[Section], ...] = (
    PlaceSettings,
    ServiceSettings,
    TalkSettings,
    SendingSettings,
    OutageSettings,
    CheckInSettings,
    ClockSettings,
    DeskSettings,
    TwilioAccountSettings,
    SecondSmsSettings,
    WhatsAppSection,
    TelegramBotSettings,
    MailSettings,
    UnderstandingSettings,
)
"""The sections, in the order of docs/settings.md."""


class WrongSettingError(Exception):
    """A setting cannot be used; the text says which, why and how a right one looks."""


class Settings(
    UnderstandingSettings,
    MailSettings,
    TelegramBotSettings,
    WhatsAppSection,
    SecondSmsSettings,
    TwilioAccountSettings,
    DeskSettings,
    ClockSettings,
    CheckInSettings,
    OutageSettings,
    SendingSettings,
    TalkSettings,
    ServiceSettings,
    PlaceSettings,
    BaseSettings,
):
    """The settings, checked. Minutes and days are whole numbers; times of day are in the service's time zone.

    The last section is named first, for fields are checked in the order of the bases from the end.
    """

    model_config = SettingsConfigDict(
        env_prefix="SIDEDOOR_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    @field_validator("twilio_timeout_seconds")
    @classmethod
    def _ends_before_the_lease(cls, value: float, info: ValidationInfo) -> float:
        # A call may take two time-outs. One that outlives its lease would be looked for, not found, and made again.
        if 2 * value >= info.data.get("lease_seconds", float("inf")):
            raise ValueError("must be less than half of SIDEDOOR_LEASE_SECONDS")
        return value


def read_settings(**overrides: object) -> Settings:
    """The settings from the environment and `.env`. Raises WrongSettingError with each wrong name and an example."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks what is handed in
    except ValidationError as error:
        raise WrongSettingError("\n".join(_explain(fault) for fault in error.errors(include_input=False))) from None


def _explain(fault: Mapping[str, Any]) -> str:
    name = str(fault["loc"][0]) if fault["loc"] else ""
    field = Settings.model_fields.get(name)
    example = f" For example: SIDEDOOR_{name.upper()}={field.examples[0]}" if field and field.examples else ""
    return f"SIDEDOOR_{name.upper()}: {str(fault['msg']).removeprefix('Value error, ')}.{example}"
