"""Reading what was sealed, for practitioners' pages: the thread, the contact point, the referral."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from backend.conversations.outbox import WAITING, open_words
from backend.conversations.talk import look_at_talk
from backend.house import House
from backend.store.sealing import context, open_json, open_key
from backend.store.talk import Conversation, InboundMessage, OutboundMessage
from backend.store.work import Referral
from safety.types import Point
from safety.vault import DataKey


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One message of a conversation. `seq` grows in the order in which lines came into sight. `mine`: from the person.
    `at` is UTC. `state` and `reason` tell of an outbound one's delivery."""

    id: int
    mine: bool
    text: str = field(repr=False)
    at: datetime
    state: str = ""
    reason: str = ""
    author_id: int | None = None
    kind: str = ""
    level: str = "none"
    choices: tuple[str, ...] = field(default=(), repr=False)
    message_id: str = ""
    """The id that a web page gave its own message."""
    seq: int = 0
    course: str = ""
    """What triage made of it, where it is the person's; of an agreed word this is all that is kept (R15)."""
    came_as: str = ""
    """Of the person's: message, edit, reaction or unproven."""


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral with its answers opened. `submitted_at` is UTC."""

    id: int
    conversation_id: int
    answers: Mapping[str, Any] = field(repr=False)
    suggested: str
    state: str
    submitted_at: datetime


def read_thread(c: Connection, house: House, conversation_id: int, after: int = 0) -> list[ThreadLine]:
    """The messages with a `seq` above `after`, in its order; what still waits to go stands last. Raises NoResultFound,
    or KeyDestroyedError once erased."""
    key = _key(c, house, conversation_id)
    inbound = select(InboundMessage.__table__).where(
        InboundMessage.conversation_id == conversation_id, InboundMessage.id > after
    )
    outbound = select(OutboundMessage.__table__).where(
        OutboundMessage.conversation_id == conversation_id,
        func.coalesce(OutboundMessage.shown, OutboundMessage.id) > after,
    )
    lines = [_inbound(key, row) for row in c.execute(inbound)] + [_outbound(key, row) for row in c.execute(outbound)]
    return sorted(lines, key=lambda line: (line.state in WAITING, line.seq))


def read_point(c: Connection, house: House, conversation_id: int) -> Point:
    """The contact point of a conversation, with its safe-contact profile. Raises NoResultFound."""
    return look_at_talk(c, house, conversation_id).point()


def read_address(c: Connection, house: House, conversation_id: int) -> str:
    """The address of a conversation's contact point. Raises NoResultFound."""
    return look_at_talk(c, house, conversation_id).address()


def read_referral(c: Connection, house: House, referral_id: int) -> ReferralView:
    """One referral. Raises NoResultFound."""
    row = c.execute(select(Referral.__table__).where(Referral.id == referral_id)).one()
    key = _key(c, house, row.conversation_id)
    answers = open_json(key, row.answers, context("referral", "answers", row.id))
    return ReferralView(row.id, row.conversation_id, answers, row.suggested, row.state, row.submitted_at)


def _key(c: Connection, house: House, conversation_id: int) -> DataKey:
    key_id = c.execute(select(Conversation.key_id).where(Conversation.id == conversation_id)).scalar_one()
    return open_key(c, house, key_id)


def _inbound(key: DataKey, row: Any) -> ThreadLine:
    text = key.open(row.text, context("inbound", "text", row.id))
    message_id = row.external_id.rpartition(":")[2]
    return ThreadLine(
        row.id,
        True,
        text,
        row.received_at,
        level=row.level,
        message_id=message_id,
        seq=row.id,
        course=row.course,
        came_as=row.kind,
    )


def _outbound(key: DataKey, row: Any) -> ThreadLine:
    words = open_words(key, row.text, row.id)
    return ThreadLine(
        row.id,
        False,
        words.text,
        row.sent_at or row.created_at,
        row.state,
        row.reason,
        row.author_id,
        row.kind,
        choices=words.choices,
        seq=row.shown or row.id,
    )
