"""What a message, a stack of messages or a pattern of hours gives away, graded, and what to change (R1, R5)."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from safety.exposure.tables import CHANNELS, HINTS, LONGEST_PREVIEW, Hint, Place
from safety.exposure.views import Shown
from safety.lint import LOCK_SCREEN, names_service, personal

STORY = 3
"""Groups of hints that together tell a story which none of them tells alone."""
SAME_MINUTE = 3
"""Days with a message in the same minute, from which on somebody may see a pattern."""
MANY_A_DAY = 20
"""Texts sent on one day that stand out on a bill. Our own choice: nobody has measured it."""

_INVENTED = re.compile(r"\b07700 ?900 ?\d{3}\b")
"""Ofcom keeps these numbers for drama: an example in a text, and nobody's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a place gives away. `leaks`: it must not go out like this; else it is for somebody to weigh."""

    code: str
    place: Place
    leaks: bool
    what: str
    instead: str


def look_at(
    channel: str, message: Shown, *, naming: bool, names: Collection[str] = (), sender: str = ""
) -> Iterator[Finding]:
    """What one message gives away on a channel. `names` are the service's own; `sender` what a phone calls us."""
    if sender and not naming and (found := names_service(sender, names)):
        yield _sender_names(channel, found)
    if not CHANNELS[channel].previewed:
        return
    yield from _first_characters(message, names)
    yield from _preview(message, naming, names)
    if found := personal(_INVENTED.sub("", f"{message.subject} {message.text}")):
        what = f"it holds {_listed(found)}, which a thread keeps for whoever opens it (R5)"
        yield Finding("personal", Place.THREAD, False, what, "leave it out, unless the person asked for it")


def look_at_all(
    channel: str, fresh: Sequence[Shown], *, naming: bool, names: Collection[str] = (), sender: str = ""
) -> Iterator[Finding]:
    """What all unread messages of a channel give away, each by itself and together."""
    for message in fresh:
        yield from look_at(channel, message, naming=naming, names=names, sender=sender)
    if CHANNELS[channel].previewed:
        yield from look_at_stack(fresh, naming=naming, names=names)


def look_at_stack(messages: Sequence[Shown], *, naming: bool, names: Collection[str] = ()) -> Iterator[Finding]:
    """What unread messages of one thread say together in the notification centre, and none of them says alone."""
    cut = [_cut(message, LONGEST_PREVIEW) for message in messages]
    if len(cut) < 2:
        return
    alone = {word.casefold() for text in cut for word in names_service(text, names)}
    joined = [word for word in names_service(" ".join(cut), names) if word.casefold() not in alone]
    if joined and not naming:
        what = f"one under the other they read {_listed(joined)} (R1)"
        yield Finding("stack", Place.NOTIFICATIONS, True, what, "begin the second one with other words")
    if max(len(_hints(text)) for text in cut) < STORY <= len(told := _hints(" ".join(cut))):
        what = f"stacked, they tell of {_named(told)}, which none of them does alone (R5)"
        yield Finding("stack", Place.NOTIFICATIONS, False, what, "say less at once, or ask before the rest")


def look_at_hours(times: Sequence[datetime], zone: ZoneInfo) -> Iterator[Finding]:
    """What times alone give away: the same minute day after day, a day that stands out on the bill. Notes, never
    leaks."""
    walls = [at.astimezone(zone) for at in times]
    days: dict[tuple[int, int], set[date]] = {}
    for wall in walls:
        days.setdefault((wall.hour, wall.minute), set()).add(wall.date())
    for (hour, minute), seen in sorted(days.items()):
        if len(seen) >= SAME_MINUTE:
            what = f"{len(seen)} days have a message at {hour:02}:{minute:02}"
            yield Finding("pattern", Place.BILL, False, what, "vary the minute, if the person agrees")
    for day, count in sorted(Counter(wall.date() for wall in walls).items()):
        if count >= MANY_A_DAY:
            what = f"{count} messages on {day:%d.%m.} stand out"
            yield Finding("pattern", Place.BILL, False, what, "offer web chat for a long talk")


def _sender_names(channel: str, found: Collection[str]) -> Finding:
    fixed = channel == "whatsapp"
    instead = (
        "WhatsApp shows the real name: the person must have agreed to that first (R26)"
        if fixed
        else "choose a sender that means nothing"
    )
    return Finding("sender", Place.LOCK_SCREEN, not fixed, f"the sender says {_listed(found)} (R1)", instead)


def _first_characters(message: Shown, names: Collection[str]) -> Iterator[Finding]:
    first = _cut(message, LOCK_SCREEN)
    found = (*names_service(first, names), *personal(first), *_words(first, [hint for hint in HINTS if hint.loud]))
    if found:
        what = f"a lock screen shows {_listed(found)} in its first {LOCK_SCREEN} characters (R5)"
        yield Finding("lock_screen", Place.LOCK_SCREEN, True, what, "begin with something that would bore a stranger")


def _preview(message: Shown, naming: bool, names: Collection[str]) -> Iterator[Finding]:
    """The longer preview of some phones: what it names, where naming was chosen, and the story it tells."""
    long = _cut(message, LONGEST_PREVIEW)
    named = names_service(long, names) if naming else ()
    if named:
        what = f"a longer lock screen also shows {_listed(named)} (R5)"
        yield Finding("preview", Place.LOCK_SCREEN, False, what, "put it further back, or in a second message")
    if len(told := _hints(long)) >= STORY:
        what = f"a longer lock screen tells of {_named(told)} at once (R5)"
        yield Finding("preview", Place.LOCK_SCREEN, False, what, "leave one of them for the next message")


def _cut(message: Shown, characters: int) -> str:
    return " ".join(f"{message.subject} {message.text}".split())[:characters]


def _hints(text: str) -> list[Hint]:
    return [hint for hint in HINTS if hint.pattern.search(text)]


def _words(text: str, hints: Sequence[Hint]) -> list[str]:
    return [match.group().casefold() for hint in hints for match in hint.pattern.finditer(text)]


def _listed(found: Collection[str]) -> str:
    return ", ".join(f"`{each}`" for each in dict.fromkeys(found))


def _named(hints: Sequence[Hint]) -> str:
    return ", ".join(hint.name for hint in hints)
