"""What a phone calls us on each channel, and what it shows of a message, by the settings of this service."""

import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

import phonenumbers

from backend.settings import Settings
from safety.exposure import Shown, View, views
from safety.lint import names_service

PAGE_TITLE = "Chat"
"""The one title that every page for people has (R18)."""
SOME_NUMBER = "07700 900000"
"""Stands for the number, where none is set: Ofcom keeps it for drama."""

UK, FROM_ABROAD = 44, phonenumbers.PhoneNumberFormat.INTERNATIONAL


def called_on(channel: str, settings: Settings) -> str:
    """The name or number over our messages. On WhatsApp it is the service's real name, whatever was agreed (R26)."""
    known = {
        "whatsapp": settings.service_name or "the service's real name",
        "telegram": "the bot's name",
        "email": settings.mail_name or settings.mail_address or settings.smtp_from,
        "webchat": f"{PAGE_TITLE} ({urlsplit(settings.base_url).hostname})",
    }
    return known.get(channel) or _as_dialled(settings.twilio_sms_from or SOME_NUMBER)


def _as_dialled(number: str) -> str:
    """A number as a phone here writes it: `07700 900000`."""
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return number
    home = phonenumbers.PhoneNumberFormat.NATIONAL
    return str(phonenumbers.format_number(parsed, home if parsed.country_code == UK else FROM_ABROAD))


def seen_of(channel: str, talk: Sequence[Shown], settings: Settings) -> tuple[View, ...]:
    """Every place of a channel with what it shows of a talk. Raises KeyError for a channel that there is not."""
    return views(channel, talk, called_on(channel, settings))


def given_away(settings: Settings, names: Collection[str]) -> list[str]:
    """What is wrong with addresses that anybody may see, one sentence each with the setting's name (R1)."""
    shown = {
        "SIDEDOOR_SMTP_FROM": settings.smtp_from,
        "SIDEDOOR_MAIL_ADDRESS": settings.mail_address,
        "SIDEDOOR_MAIL_NAME": settings.mail_name,
        "SIDEDOOR_MAIL_SUBJECT": settings.mail_subject,
        "SIDEDOOR_PUBLIC_URL": urlsplit(settings.base_url).hostname or "",
        "SIDEDOOR_EXIT_URL": settings.exit_url,
    }
    found = {name: names_service(_read_aloud(value), names) for name, value in shown.items()}
    return [
        f"{name} names the service or abuse (R1): {', '.join(words)}. Choose one that means nothing."
        for name, words in found.items()
        if words
    ]


def _read_aloud(address: str) -> str:
    """An address as somebody reads it: as it stands, and with its signs as gaps between words."""
    return f"{address} {re.sub(r'[-_.@/]', ' ', address)}"
