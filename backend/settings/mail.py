"""The mail server, for alerts to practitioners; and the address that people may write to."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from backend.settings.section import Section


class MailSettings(Section):
    """The mail server, for alerts to practitioners; and the address that people may write to."""

    title = "Mail"

    smtp_url: str = Field(
        "",
        description="Where alerts to practitioners, and answers to people, are posted.",
        examples=["smtps://user:password@mail.example.org"],
    )
    smtp_from: str = Field(
        "desk@localhost", description="The sender of alerts; keep it neutral.", examples=["desk@example.org"]
    )
    mail_address: str = Field(
        "",
        description="The address that people write to; empty: no e-mail with people. Neither its name nor its domain "
        "may name the service or abuse (R1).",
        examples=["hello@example.org"],
    )
    mail_name: str = Field(
        "", description="The name beside it, which shows on a lock screen; keep it neutral.", examples=["Anna"]
    )
    mail_subject: str = Field(
        "Your message", description="The subject of every mail to a person; keep it neutral.", examples=["Your message"]
    )
    mail_hook_secret: SecretStr = Field(
        SecretStr(""),
        description="What a relay of your own signs mails with that it posts to /hooks/email; empty: it may not.",
        examples=["a-long-random-word"],
    )
    mailgun_signing_key: SecretStr = Field(
        SecretStr(""),
        description="Mailgun's webhook signing key, for mails to /hooks/email/mime; empty: it may not.",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    mail_checks_by: str = Field(
        "",
        description="The name under which your mail server writes Authentication-Results; empty: no sender is proven.",
        examples=["mx.example.org"],
    )
    imap_url: str = Field(
        "",
        description="The mailbox that people's mails are read from, with its folder; empty: none.",
        examples=["imaps://user:password@mail.example.org/INBOX"],
    )
    imap_seconds: int = Field(
        20,
        ge=1,
        le=300,
        description="How often a mailbox is looked at whose server does not tell of new mail.",
        examples=["20"],
    )
    imap_delete: bool = Field(
        False, description="Delete a mail from the mailbox once it has been taken in.", examples=["true"]
    )
    mail_timeout_seconds: float = Field(
        10.0, gt=0, le=25, description="How long one step with a mail server may take.", examples=["10"]
    )

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: str) -> str:
        return _checked(value, "smtp", "smtps")

    @field_validator("imap_url")
    @classmethod
    def _is_a_mailbox(cls, value: str) -> str:
        return _checked(value, "imap", "imaps")

    @field_validator("mail_address")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        name, at, domain = value.rpartition("@")
        if value and not (at and name and domain and value.isascii() and not set(value) & set("<> ,;")):
            raise ValueError("must be one bare address")
        return value


def _checked(value: str, *schemes: str) -> str:
    if value and (urlsplit(value).scheme not in schemes or not urlsplit(value).hostname):
        raise ValueError(f"must be {schemes[0]}:// or {schemes[1]}:// and a host")
    return value
