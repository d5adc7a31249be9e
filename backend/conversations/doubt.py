"""When somebody writes who is unlike the person: what is counted, what follows, and what ends it (M4, R12).

Nothing but counts is kept, sealed with the rest of the memory. What follows is what follows any new session: the
opening words that everybody sees, and the agreed word before anything of an earlier one. Beside that a practitioner is
told, and what we start waits. Nobody is accused of anything, and nothing else can be seen from outside.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from backend.alerts.service import raise_alert
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.talk import Conversation, OutboundMessage
from safety.impersonation import Counts, Seen, count, learn, signs, unlike_them
from safety.types import PointState

KEY = "habits"
"""In the memory: `usual` and `session`, the counts; `at`, when the last message came; `doubted` and `shown`: whether
doubt was raised in this session, and whether the agreed word came after it."""
REASON = "unlike_them"
MOST_NAMED = 3
"""Signs that the alert names: what fits into the code of one."""
NOBODY_WAITS_SO_LONG = timedelta(hours=1)
"""After this long the next message is no answer to the last words, and says nothing of speed."""

Memory = dict[str, Any]


def close(memory: Memory) -> None:
    """A session is over, and what was counted in it is usual from now on; but one that stayed in doubt teaches
    nothing."""
    habits = _habits(memory)
    doubted, shown = habits.pop("doubted", False), habits.pop("shown", False)
    if shown or not doubted:
        habits["usual"] = learn(_counts(habits["usual"]), _counts(habits["session"]))
    habits["session"] = {}
    habits.pop("at", None)


def arises(c: Connection, house: House, talk: Talk, memory: Memory, text: str) -> bool:
    """Count a message; whether it leaves in doubt who writes. Then a session begins anew, and a practitioner is told
    which signs."""
    found = look(house, talk, memory, text)
    if found:
        begin(c, house, talk, memory, found)
    return bool(found)


def look(house: House, talk: Talk, memory: Memory, text: str) -> tuple[str, ...]:
    """Count a message, and say which signs speak for somebody else, gravest first; empty: not enough of them.

    Doubt is raised once in a session: whoever has given the agreed word after it has shown who they are.
    """
    habits = _habits(memory)
    now, before = house.clock(), habits.get("at")
    habits["at"] = now.isoformat()
    seen = Seen(text, now.astimezone(ZoneInfo(talk.contact().time_zone)).hour, _waited(talk, before, now))
    habits["session"] = count(_counts(habits["session"]), seen)
    found = signs(_counts(habits["usual"]), habits["session"])
    return tuple(found) if unlike_them(found) and "doubted" not in habits else ()


def begin(c: Connection, house: House, talk: Talk, memory: Memory, found: tuple[str, ...]) -> None:
    """What we start waits from here on, and a practitioner is told."""
    _habits(memory)["doubted"] = True
    talk["doubted_at"] = house.clock()
    talk.set_point_state(PointState(talk.point().state))  # the gate must see it
    raise_alert(c, house, talk.id, ".".join((REASON, *found[:MOST_NAMED])), "soon")


def end(c: Connection, talk: Talk, memory: Memory, now: datetime) -> None:
    """The agreed word, or the number to come back with, was given: it is them, and what waited may go."""
    _habits(memory)["shown"] = True
    if talk["doubted_at"] is not None:
        talk["doubted_at"] = None
        _release(c, talk.id, now)


def settle(c: Connection, conversation_id: int, now: datetime) -> None:
    """A practitioner has seen to it: what waited may go as far as everything else allows."""
    c.execute(update(Conversation).where(Conversation.id == conversation_id).values(doubted_at=None))
    _release(c, conversation_id, now)


def _release(c: Connection, conversation_id: int, now: datetime) -> None:
    held = (OutboundMessage.conversation_id == conversation_id, OutboundMessage.state == "held")
    c.execute(update(OutboundMessage).where(*held, OutboundMessage.reason == "in_doubt").values(due_at=now))


def _habits(memory: Memory) -> Memory:
    habits: Memory = memory.setdefault(KEY, {"usual": {}, "session": {}})
    return habits


def _counts(kept: Mapping[str, Any]) -> Counts:
    return {name: (int(hits), int(all_)) for name, (hits, all_) in kept.items()}


def _waited(talk: Talk, before: str | None, now: datetime) -> float | None:
    """Seconds since their last message, where it was the machine that answered it at once."""
    if before is None or talk["owner_id"] is not None:
        return None
    waited = now - datetime.fromisoformat(before)
    return waited.total_seconds() if waited < NOBODY_WAITS_SO_LONG else None
