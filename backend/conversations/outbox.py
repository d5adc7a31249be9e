"""Queuing of what is to go out. Nothing here sends: the dispatcher does, and asks the gate first."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from backend.conversations import statements
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.sealing import context
from backend.store.talk import OutboundMessage
from safety.types import Kind
from safety.vault import DataKey

WAITING = ("queued", "held")


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says: its final text, and button titles for channels that have buttons."""

    text: str = field(repr=False)
    choices: tuple[str, ...] = field(default=(), repr=False)

    def seal(self, key: DataKey, row_id: int) -> bytes:
        """As they are kept in the outbox."""
        return key.seal(json.dumps([self.text, self.choices], ensure_ascii=False), context("outbound", "text", row_id))


def open_words(key: DataKey, sealed: bytes, row_id: int) -> Words:
    """What `Words.seal` sealed."""
    text, choices = json.loads(key.open(sealed, context("outbound", "text", row_id)))
    return Words(text, tuple(choices))


def queue_words(
    c: Connection,
    house: House,
    talk: Talk,
    kind: Kind,
    words: Words,
    response: str = "",
    *,
    lasts: timedelta | None = None,
    not_after: datetime | None = None,
    author_id: int | None = None,
    about_id: int | None = None,
) -> int:
    """Queue one message to the person, due now; its id. Unless told otherwise it is dropped when the talk it answers is
    over (R2, R8). `about_id` is the appointment or the time of a plan that it is about."""
    row_id, now = house.new_id(), house.clock()
    row = {
        "id": row_id,
        "conversation_id": talk.id,
        "author_id": author_id,
        "about_id": about_id,
        "channel": talk.channel,
        "kind": kind.value,
        "lane": 0 if kind is Kind.DANGER else 1,
        "response": response,
        "text": words.seal(talk.key, row_id),
        "state": "queued",
        "reason": "",
        "due_at": now,
        "not_after": not_after or now + (lasts or house.rules.in_session),
        "tries": 0,
        "created_at": now,
    }
    c.execute(statements.INSERT_OUTBOUND, row)
    return row_id


def silence_machine(c: Connection, conversation_id: int, now: datetime) -> None:
    """A person takes over: what the machine has queued does not go out, and what it is offering now is not offered a
    second time. The danger words alone still are (R29)."""
    its = (
        OutboundMessage.conversation_id == conversation_id,
        OutboundMessage.kind == Kind.REPLY.value,
        OutboundMessage.author_id.is_(None),
    )
    taken_back = {"state": "cancelled", "reason": "taken_over", "due_at": None}
    c.execute(update(OutboundMessage).where(*its, OutboundMessage.state.in_(WAITING)).values(taken_back))
    c.execute(update(OutboundMessage).where(*its, OutboundMessage.state == "sending").values(not_after=now))


def cancel_queued(c: Connection, conversation_id: int, reason: str) -> None:
    """What waits for this talk does not go out; the danger words alone still do (R29)."""
    waiting = (OutboundMessage.conversation_id == conversation_id, OutboundMessage.state.in_(WAITING))
    still = OutboundMessage.kind != Kind.DANGER.value
    c.execute(update(OutboundMessage).where(*waiting, still).values(state="cancelled", reason=reason, due_at=None))
