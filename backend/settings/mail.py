"""The mail server, for alerts to practitioners."""

from urllib.parse import urlsplit

from pydantic import Field, field_validator

from backend.settings.section import Section


class MailSettings(Section):
    """The mail server, for alerts to practitioners."""

    title = "Mail"

    smtp_url: str = Field(
        "", description="Where alerts to practitioners are posted.", examples=["smtps://user:password@mail.example.org"]
    )
    smtp_from: str = Field(
        "desk@localhost", description="The sender of alerts; keep it neutral.", examples=["desk@example.org"]
    )

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"smtp", "smtps"} or not urlsplit(value).hostname):
            raise ValueError("must be smtp:// or smtps:// and a host")
        return value
