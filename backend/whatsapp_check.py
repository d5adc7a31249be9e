"""For `sidedoor doctor`: whether WhatsApp's approved lines may go, asked of the provider now (R26)."""

import asyncio
from collections.abc import Iterator

from backend.configured import whatsapp_settings
from backend.settings import Settings
from channels.contract import SendError
from channels.whatsapp.twilio import TwilioWhatsApp
from safety.types import Kind
from safety.whatsapp import TEMPLATES

Finding = tuple[bool, str]


def look_at_whatsapp(settings: Settings) -> Iterator[Finding]:
    """One line where there is no WhatsApp; else one for it and one for each kind of message that we start."""
    made = whatsapp_settings(settings)
    if made is None:
        yield True, "There is no WhatsApp."
        return
    yield True, "WhatsApp is set up. Its display name shows on every phone: see docs/channels/whatsapp.md."
    adapter = TwilioWhatsApp(made)
    for kind, words in TEMPLATES.items():
        yield asyncio.run(_look_at_line(adapter, kind, words))
    adapter.close()


async def _look_at_line(adapter: TwilioWhatsApp, kind: Kind, words: str) -> Finding:
    try:
        await adapter.templates.approved(kind.value, words)
    except SendError as error:
        left_out = error.code == "template-missing"  # which a service may choose
        fate = "has no template" if left_out else f"may not go ({error.code})"
        return left_out, f"On WhatsApp the line for {kind.value} {fate}: nothing of that kind goes after 24 hours."
    return True, f"On WhatsApp the line for {kind.value} is approved."
