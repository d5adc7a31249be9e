"""Every number and name that a service may want to change, with its default (docs/settings.md).

Read from the environment or `.env`, prefix `SIDEDOOR_`. A wrong one stops the start with its name and an example.
"""

import logging
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.understanding.address import check_address

ROOT = Path(__file__).resolve().parent.parent


class WrongSettingError(Exception):
    """A setting cannot be used; the text says which, why and how a right one looks."""


class Settings(BaseSettings):
    """The settings, checked. Minutes and days are whole numbers; times of day are in the service's time zone."""

    model_config = SettingsConfigDict(
        env_prefix="SIDEDOOR_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    host: str = Field("127.0.0.1", description="Address to listen on.", examples=["127.0.0.1"])
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.", examples=["8000"])
    data_dir: Path = Field(
        Path("var"), description="Folder for the database, the keys and the spool.", examples=["/var/lib/sidedoor"]
    )
    database_url: str = Field(
        "",
        description="SQLite or PostgreSQL; empty: a SQLite file in the data folder.",
        examples=["postgresql://sidedoor@db/sidedoor"],
    )
    public_url: str = Field(
        "",
        description="The address that people and providers call, without a path; signatures are checked against it.",
        examples=["https://chat.example.org"],
    )
    flows_dir: Path = Field(ROOT / "flows", description="Folder of the flow files.", examples=["/etc/sidedoor/flows"])
    vault_key_file: Path | None = Field(
        None,
        description="The keys that seal everything; empty: vault.json in the data folder. Keep it off the backups.",
        examples=["/run/secrets/sidedoor-vault.json"],
    )
    log_level: str = Field("INFO", description="How much is logged; never content, at any level.", examples=["WARNING"])
    in_process_worker: bool = Field(
        True,
        description="Send messages and run timers in the serving process. Switch off where `sidedoor worker` does.",
        examples=["false"],
    )

    service_name: str = Field(
        "", description="The service's name, shown only where a person chose naming (R1).", examples=["Harbour Project"]
    )
    service_naming_words: str = Field(
        "",
        description="More words, with commas, that must not go out where naming is off (R1).",
        examples=["harbour project,harbour"],
    )
    service_hours: str = Field(
        "Mon to Fri, 9am to 5pm",
        max_length=24,
        description="When practitioners work, as told to people (R30); 24 characters, or texts need a second segment.",
        examples=["Mon to Fri, 9am to 5pm"],
    )
    staffed_days: frozenset[int] = Field(
        frozenset(range(5)),
        description="Days on which practitioners work, 0 is Monday; must agree with SERVICE_HOURS.",
        examples=["[0,1,2,3,4]"],
    )
    staffed_from: time = Field(
        time(9), description="When their day begins, wall time of the service.", examples=["09:00"]
    )
    staffed_to: time = Field(time(17), description="When it ends.", examples=["17:00"])
    service_working_days: int = Field(
        5, ge=1, le=30, description="Working days within which we try to make contact (B1).", examples=["5"]
    )
    time_zone: str = Field(
        "Europe/London", description="Wall time of people who did not name another.", examples=["Europe/London"]
    )

    session_minutes: int = Field(
        60, ge=5, le=1440, description="Silence after which a talk by text is a new session (R12).", examples=["60"]
    )
    web_idle_minutes: int = Field(
        15, ge=2, le=120, description="Silence after which a web chat ends (R21).", examples=["15"]
    )
    reply_minutes: int = Field(
        10,
        ge=1,
        le=60,
        description="How long after somebody's message an answer still belongs to it (R2).",
        examples=["10"],
    )
    fragment_seconds: float = Field(
        4,
        ge=0,
        le=30,
        description="How long a text message waits for more of the same answer; 0: each is an answer by itself.",
        examples=["4"],
    )
    enquiry_days: int = Field(
        30, ge=1, le=365, description="Days that a talk without a referral is kept (R36).", examples=["30"]
    )
    safe_contact_days: int = Field(
        28, ge=1, le=365, description="Days that safe-contact answers hold (R10).", examples=["28"]
    )
    practitioner_message_hours: int = Field(
        96,
        ge=1,
        le=240,
        description="Hours after which an unsent practitioner's message is dropped (R8); a long weekend fits in.",
        examples=["96"],
    )
    alert_repeat_urgent_minutes: int = Field(
        2, ge=1, le=60, description="Minutes between urgent alerts until somebody acknowledges (R32).", examples=["2"]
    )
    alert_repeat_soon_minutes: int = Field(
        15, ge=1, le=240, description="The same for what is to be read soon.", examples=["15"]
    )
    alert_repeat_routine_minutes: int = Field(
        240, ge=5, le=1440, description="The same for what can wait.", examples=["240"]
    )
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
    staff_idle_minutes: int = Field(
        30,
        ge=5,
        le=240,
        description="Minutes without a press after which the desk asks for the password again.",
        examples=["30"],
    )
    staff_session_hours: int = Field(
        12, ge=1, le=24, description="Hours after which it asks in any case.", examples=["12"]
    )
    staff_login_tries: int = Field(
        5,
        ge=3,
        le=20,
        description="Wrong passwords in a row before an account is locked, one minute at first.",
        examples=["5"],
    )
    staff_lock_minutes: int = Field(
        15,
        ge=1,
        le=240,
        description="The longest that wrong passwords lock an account; each further one doubles the time.",
        examples=["15"],
    )
    exit_url: str = Field(
        "https://www.bbc.co.uk/weather",
        description="Where quick exit goes; an ordinary page that shows nothing personal.",
        examples=["https://www.bbc.co.uk/weather"],
    )

    drama_numbers: bool = Field(
        False, description="Take Ofcom's drama numbers for mobiles. For tests and the demo only.", examples=["false"]
    )
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
    smtp_url: str = Field(
        "", description="Where alerts to practitioners are posted.", examples=["smtps://user:password@mail.example.org"]
    )
    smtp_from: str = Field(
        "desk@localhost", description="The sender of alerts; keep it neutral.", examples=["desk@example.org"]
    )
    rasa_url: str = Field(
        "",
        description="A Rasa server that reads what the built-in understanding does not: on this machine, or by https.",
        examples=["http://127.0.0.1:5005"],
    )
    rasa_ms: int = Field(
        300,
        ge=10,
        le=2000,
        description="Milliseconds that its reading may take; a later one is not waited for.",
        examples=["300"],
    )

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, value: str) -> str:
        if value.upper() not in logging.getLevelNamesMapping():
            raise ValueError("must be one of DEBUG, INFO, WARNING, ERROR")
        return value.upper()

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("must be the name of a time zone")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"smtp", "smtps"} or not urlsplit(value).hostname):
            raise ValueError("must be smtp:// or smtps:// and a host")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_an_origin(cls, value: str) -> str:
        if value and (
            urlsplit(value).scheme not in {"http", "https"}
            or not urlsplit(value).hostname
            or urlsplit(value).path.strip("/")
        ):
            raise ValueError("must be http:// or https://, a host, and no path")
        return value.rstrip("/")

    @field_validator("twilio_timeout_seconds")
    @classmethod
    def _ends_before_the_lease(cls, value: float, info: ValidationInfo) -> float:
        # A call may take two time-outs. One that outlives its lease would be looked for, not found, and made again.
        if 2 * value >= info.data.get("lease_seconds", float("inf")):
            raise ValueError("must be less than half of SIDEDOOR_LEASE_SECONDS")
        return value

    @field_validator("rasa_url")
    @classmethod
    def _may_hear_words(cls, value: str) -> str:
        return check_address(value) if value else value

    @property
    def base_url(self) -> str:
        """The public address without a slash at its end."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def secure(self) -> bool:
        """Whether people reach us by https, so that cookies can be bound to it."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'sidedoor.db').resolve()}"

    @property
    def key_file(self) -> Path:
        """Where the vault's keys are."""
        return self.vault_key_file or self.data_dir / "vault.json"

    def alert_repeat(self, urgency: str) -> timedelta:
        """How long an alert of that urgency waits for an acknowledgement before it is sent again (R32)."""
        minutes = {"urgent": self.alert_repeat_urgent_minutes, "soon": self.alert_repeat_soon_minutes}
        return timedelta(minutes=minutes.get(urgency, self.alert_repeat_routine_minutes))


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
