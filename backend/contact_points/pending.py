"""Wishes that wait: kept sealed as they were asked for, and void as soon as something speaks against them (R14)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select, update

from backend.alerts.service import raise_alert
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.contact_points import PendingChange
from backend.store.sealing import context, open_json, seal_json
from backend.store.talk import Conversation
from safety.profile import Json

TELLS = {
    "code_word": "wants_new_code_word",
    "duress_word": "wants_new_code_word",
    "exit_word": "wants_new_code_word",
    "deletion": "wants_deletion",
    "copy": "wants_copy",
    "closure": "wants_closure",
}
"""The alert for each wish; every other one is about how they are reached."""
WISHES = frozenset({"deletion", "copy", "closure"})
"""What may have been forced and what only a person carries out, also once it is confirmed (R31, R35, R40)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One change that waits. `value` is what was asked for; times are UTC."""

    id: int
    conversation_id: int
    what: str
    value: Json = field(repr=False)
    channel: str
    verified: bool
    asked_at: datetime
    expires_at: datetime


def ask(c: Connection, house: House, talk: Talk, what: str, value: Json, *, tell: bool = True) -> bool:
    """Keep a wish until somebody confirms it, and tell a practitioner; False when the same one waits already.

    An earlier wish about the same thing gives way to it.
    """
    same = [one for one in waiting(c, house, talk) if one.what == what]
    if any(one.value == value for one in same):
        return False
    drop(c, house, talk.id, [what], "replaced")
    row_id, now = house.new_id(), house.clock()
    row = {
        "id": row_id,
        "conversation_id": talk.id,
        "what": what,
        "value": seal_json(talk.key, value, context("pending_change", "value", row_id)),
        "channel": talk.channel,
        "verified": talk["verified_at"] is not None,
        "asked_at": now,
        "expires_at": now + timedelta(days=house.settings.pending_days),
        "state": "pending",
        "reason": "",
    }
    c.execute(insert(PendingChange), row)
    if tell:
        raise_alert(c, house, talk.id, TELLS.get(what, "wants_looser_contact"), "soon")
    return True


def waiting(c: Connection, house: House, talk: Talk) -> list[Waiting]:
    """What waits from one conversation, oldest first."""
    columns = PendingChange.__table__
    rows = c.execute(
        select(columns)
        .where(*still_waits(house.clock()), PendingChange.conversation_id == talk.id)
        .order_by(PendingChange.id)
    )
    return [
        Waiting(
            row.id,
            row.conversation_id,
            row.what,
            open_json(talk.key, row.value, context("pending_change", "value", row.id)),
            row.channel,
            row.verified,
            row.asked_at,
            row.expires_at,
        )
        for row in rows
    ]


def count_waiting(c: Connection, house: House, conversation_id: int) -> int:
    """How many wishes of one conversation wait."""
    there = (*still_waits(house.clock()), PendingChange.conversation_id == conversation_id)
    return c.execute(select(func.count()).select_from(PendingChange).where(*there)).scalar_one()


def still_waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a row that may still be confirmed."""
    return (PendingChange.state == "pending", PendingChange.expires_at > now)


def drop(c: Connection, house: House, conversation_id: int, what: Sequence[str], reason: str) -> None:
    """Some wishes of one conversation are void: another answer has taken their place."""
    end(c, house, select(Conversation.id).where(Conversation.id == conversation_id), reason, what)


def void_at_point(c: Connection, house: House, point_id: int, reason: str) -> None:
    """Everything that was asked for at one contact point is void: nobody can say who asked."""
    end(c, house, select(Conversation.id).where(Conversation.contact_point_id == point_id), reason)


def void_of_person(c: Connection, house: House, conversation_id: int, reason: str) -> None:
    """Everything that was asked for by the person of a conversation is void, wherever they asked (R13)."""
    person = select(Conversation.person_id).where(Conversation.id == conversation_id).scalar_subquery()
    theirs = select(Conversation.id).where((Conversation.person_id == person) | (Conversation.id == conversation_id))
    end(c, house, theirs, reason)


def end(c: Connection, house: House, conversations: Select[Any], reason: str, what: Sequence[str] = ()) -> None:
    """Void what waits in these conversations; what was asked is then nobody's business any more."""
    which = [PendingChange.state == "pending", PendingChange.conversation_id.in_(conversations)]
    if what:
        which.append(PendingChange.what.in_(what))
    void = {"state": "void", "reason": reason, "value": None, "ended_at": house.clock()}
    c.execute(update(PendingChange).where(*which).values(void))


def forget_old(c: Connection, house: House) -> int:
    """Wishes that nobody confirmed in time; how many. What they asked for is not kept."""
    old = (PendingChange.state == "pending", PendingChange.expires_at <= house.clock())
    gone = {"state": "expired", "value": None, "ended_at": house.clock()}
    return c.execute(update(PendingChange).where(*old).values(gone)).rowcount
