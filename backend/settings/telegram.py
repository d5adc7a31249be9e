"""The bot at Telegram."""

import re

from pydantic import Field, SecretStr, field_validator

from backend.settings.section import Section

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)


class TelegramBotSettings(Section):
    """The bot at Telegram."""

    title = "Telegram"

    telegram_token: SecretStr = Field(
        SecretStr(""),
        description="The bot's token; empty: no Telegram.",
        examples=["123456:ABC-DEF1234ghIkl-zyx57W2v1u"],
    )
    telegram_secret: SecretStr = Field(
        SecretStr(""),
        description="What Telegram sends along with each webhook, 1 to 256 of A-Z a-z 0-9 _ -; empty: no webhook.",
        examples=["a-long-random-word"],
    )
    telegram_polling: bool = Field(
        False,
        description="Ask Telegram for messages instead of being called: for a service without a public address.",
        examples=["true"],
    )
    telegram_api_base: str = Field(
        "",
        description="Another base address for the Bot API, for tests; empty: Telegram's own.",
        examples=["http://127.0.0.1:9200"],
    )
    telegram_timeout_seconds: float = Field(
        10.0, gt=0, le=25, description="How long one call to Telegram may take.", examples=["10"]
    )

    @field_validator("telegram_secret")
    @classmethod
    def _is_what_telegram_takes(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 1 to 256 of A-Z a-z 0-9 _ -")
        return value
