"""A Rasa server that may be asked, beside the built-in reading."""

from pydantic import Field, field_validator

from backend.settings.section import Section
from backend.understanding.address import check_address


class UnderstandingSettings(Section):
    """A Rasa server that may be asked, beside the built-in reading."""

    title = "Understanding"

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

    @field_validator("rasa_url")
    @classmethod
    def _may_hear_words(cls, value: str) -> str:
        return check_address(value) if value else value
