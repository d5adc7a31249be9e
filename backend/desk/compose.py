"""What the page says about a message before it goes: the lock screen, the price, and what the gate will do with it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from backend.desk.contact import Tone
from backend.desk.words import wall_time
from safety.gate import REASONS
from safety.lint import lock_screen, names_service, personal
from safety.sms_text import not_gsm7, segments
from safety.types import Decision, Drop, Hold, Point

LONGEST = 1000
"""Characters; what is longer is not a text message any more."""

_HINTS = {
    "link": "a link",
    "email": "an e-mail address",
    "phone_number": "a phone number",
    "postcode": "a postcode",
    "street_address": "an address",
    "case_number": "a case number",
    "titled_name": "a full name",
    "date_of_birth": "a date of birth",
    "worker": "a worker's name",
    "diagnosis": "something about health",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What somebody else would see of a message, and whether it goes. `hints` name what a stranger could use.

    `lock_screen` is empty for web chat, which never shows on one.
    """

    lock_screen: str = field(repr=False)
    length: str
    fate: str
    tone: Tone
    hints: tuple[str, ...] = ()


def preview(text: str, decision: Decision, point: Point, now: datetime, naming_words: Collection[str]) -> Preview:
    """What is known about a text before it is sent. The gate is asked again when it is, and only that counts."""
    hints = [f"It holds {_HINTS.get(code, code)}. Is that safe to show?" for code in personal(text)]
    if not point.contact.naming and (words := names_service(text, naming_words)):
        hints.insert(0, "Leave out: " + ", ".join(words) + ".")
    fate, tone = fate_of(decision, point, now)
    on_lock = "" if point.channel == "webchat" else lock_screen(text)
    return Preview(on_lock, _length(text, point.channel), fate, tone, tuple(hints))


def fate_of(decision: Decision, point: Point, now: datetime) -> tuple[str, Tone]:
    """The gate's decision as one sentence, with the time on the person's own clock."""
    if isinstance(decision, Drop):
        return f"It would not be sent. {REASONS.get(decision.reason, '')}".strip(), "stop"
    if isinstance(decision, Hold):
        until = wall_time(now, decision.until, point.contact.time_zone)
        return f"It will be held until {until}. {REASONS.get(decision.reason, '')}".strip(), "wait"
    if decision.instead:
        return f"Only this line would go, not your words: {decision.instead} {REASONS['whatsapp_window']}", "wait"
    return "It goes now.", "go"


def _length(text: str, channel: str) -> str:
    """How long it is; for a text message in the parts that a phone company counts (R5)."""
    if channel != "sms":
        return f"{len(text)} characters."
    size = segments(text)
    parts = "one text" if size.count <= 1 else f"{size.count} texts joined together"
    odd = f", for it holds {' '.join(not_gsm7(text)[:3])}, which takes more room" if size.encoding != "GSM-7" else ""
    return f"{len(text)} characters, {parts}{odd}."
