"""What the page says about a message before it goes: the lock screen, what the gate will do, and who else sees it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.desk.contact import Tone
from backend.desk.words import wall_time
from safety import exposure
from safety.exposure import Place, Shown
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
_TOLD = {
    "lock_screen": "Its first words give something away. Begin with words that would bore a stranger.",
    "preview": "A longer lock screen tells a story. Leave some of it for the next message.",
    "stack": "The message before it is still unread. The two together say more than each alone.",
}
"""What a finding means to somebody who is writing."""
_ELSEWHERE = (Place.NOTIFICATIONS, Place.THREAD_LIST, Place.LINKED, Place.BILL, Place.PROVIDER)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another place that shows a message, what it shows in general, and the line itself where it is a short one."""

    name: str
    words: str
    line: str = field(default="", repr=False)
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What somebody else would see of a message, and whether it goes. `hints` name what a stranger could use.

    `lock_screen` is what every locked phone shows; it is empty for web chat, which never shows on one.
    """

    lock_screen: str = field(repr=False)
    length: str
    fate: str
    tone: Tone
    hints: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


def preview(
    text: str,
    decision: Decision,
    point: Point,
    now: datetime,
    naming_words: Collection[str],
    *,
    unread: Sequence[str] = (),
    called: str = "",
) -> Preview:
    """What is known about a text before it is sent. The gate is asked again when it is, and only that counts.

    `unread`: what we sent since the person last wrote; `called`: what their phone calls us.
    """
    fate, tone = fate_of(decision, point, now)
    stack = [*map(Shown, unread), Shown(text)]
    first = lock_screen(text) if exposure.CHANNELS[point.channel].previewed else ""
    hints = tuple(dict.fromkeys(_hints(text, stack, point, naming_words)))
    length = _length(text, point.channel)
    return Preview(first, length, fate, tone, hints, tuple(_elsewhere(point.channel, stack, called)))


def _hints(text: str, stack: Sequence[Shown], point: Point, naming_words: Collection[str]) -> Iterator[str]:
    """What to change, the worst first."""
    naming = point.contact.naming
    if not naming and (words := names_service(text, naming_words)):
        yield "Leave out: " + ", ".join(words) + "."
    found = list(exposure.look_at(point.channel, stack[-1], naming=naming, names=naming_words))
    if exposure.CHANNELS[point.channel].previewed:
        found += exposure.look_at_stack(stack, naming=naming, names=naming_words)
    yield from (_TOLD[finding.code] for finding in sorted(found, key=_worst_first) if finding.code in _TOLD)
    yield from (f"It holds {_HINTS.get(code, code)}. Is that safe to show?" for code in personal(text))


def _worst_first(finding: exposure.Finding) -> bool:
    return not finding.leaks


def _elsewhere(channel: str, stack: Sequence[Shown], called: str) -> Iterator[Elsewhere]:
    """The other places, in the order in which somebody comes by them."""
    if exposure.CHANNELS[channel].previewed:
        line = exposure.opening(stack[-1], exposure.LONGEST_PREVIEW)
        told = f"Some phones show up to {exposure.LONGEST_PREVIEW} characters."
        yield Elsewhere("A longer lock screen", told, line, unconfirmed=True)
    for view in exposure.views(channel, stack, called or "We"):
        if view.place in _ELSEWHERE:
            short = view.place in (Place.NOTIFICATIONS, Place.THREAD_LIST)
            line = "\n".join(view.lines) if short else ""
            yield Elsewhere(view.name, view.claim.words, line, view.claim.unconfirmed)


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
