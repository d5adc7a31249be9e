"""What in the settings keeps the real thing from starting, and what it starts with but says loudly."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from backend.settings import Settings


def refusals(settings: Settings) -> Iterator[str]:
    """Why it must not start, one sentence each, with the setting's name and a right value.

    A house whose address leads to this machine alone meets nobody, so it may be tried out without a certificate and
    with the numbers that are kept for drama.
    """
    if is_this_machine(settings.base_url):
        return
    if not settings.secure:
        yield (
            "SIDEDOOR_PUBLIC_URL must be https: what people write would cross the network in the open."
            " For example: SIDEDOOR_PUBLIC_URL=https://chat.example.org"
        )
    if settings.drama_numbers:
        yield (
            "SIDEDOOR_DRAMA_NUMBERS is for tests and the demo: nobody has such a number."
            " Take it away, or set SIDEDOOR_DRAMA_NUMBERS=false"
        )


def warnings(settings: Settings) -> Iterator[str]:
    """What it starts with all the same, one sentence each."""
    if not settings.smtp_url:
        yield (
            "NOBODY CAN BE WOKEN: there is no mail server, so alerts show at the desk and nowhere else."
            " Set SIDEDOOR_SMTP_URL=smtps://user:password@mail.example.org"
        )
    if settings.trial:
        yield "THIS IS A TRIAL: only those in SIDEDOOR_TRIAL_ADDRESSES are sent anything, staff included."


def is_this_machine(url: str) -> bool:
    """Whether an address leads no further than to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
