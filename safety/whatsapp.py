"""WhatsApp's own rule: free words for a day after the person last wrote; later only lines approved beforehand (R26).

The lines are a closed catalogue, as staff texts are: nobody's words go in them, so they may land at any hour on any
screen. A service submits them for approval to the letter (docs/channels/whatsapp.md).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from safety.types import Kind

FREE_WORDS_LAST = timedelta(hours=24)
"""How long after the person's last message free words may go (domain 3.4; Meta's customer service window)."""

TEMPLATES: Mapping[Kind, str] = {
    Kind.PRACTITIONER: "Hello. There is an update. Please reply when it suits you.",
    Kind.REMINDER: "Hello. This is a short note. Please reply when it suits you.",
    Kind.CHECK_IN: "Hello. How are you getting on? Please reply when it suits you.",
    Kind.RECHECK: "Hello. Is this still a good way to write to you? Please reply when it suits you.",
}
"""The line that goes in the place of a message of each kind that we start, outside the window."""


def free_words_end(last_inbound_at: datetime | None) -> datetime | None:
    """When free words stop being allowed (aware); None: they are not, for the person has never written."""
    return last_inbound_at and last_inbound_at + FREE_WORDS_LAST
