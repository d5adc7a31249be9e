"""Taking a chat's messages away from the person's phone, where the provider lets us: both sides, and not too old (R27).

It is asked for in the turn, as a row, and done after it: what was said up to that row goes, what was said since stays.
Our own record stays as well: to wipe that can be coerced, and is a person's decision (R14).
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from backend.conversations.talk import Talk
from backend.house import House
from backend.store.channels import Clearing
from backend.store.talk import Attempt, Conversation, InboundMessage, OutboundMessage
from channels.contract import Deleter


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat to clear: the ids within reach, and how many messages are too old to be."""

    clearing_id: int
    conversation_id: int
    channel: str
    address: str = field(repr=False)
    ids: tuple[str, ...]
    too_old: int


def plan_clearing(c: Connection, house: House, talk: Talk) -> None:
    """Have this chat cleared of all that was said up to now; nothing where the channel cannot."""
    if isinstance(house.senders.get(talk.channel), Deleter):
        c.execute(insert(Clearing).values(id=house.new_id(), conversation_id=talk.id, due_at=house.clock(), tries=0))


def read_chat(c: Connection, house: House, clearing_id: int, talk: Talk, now: datetime) -> Chat:
    """What stands in the chat of a locked talk: of everybody who shares the phone, since it was cleared last."""
    here = select(Conversation.id).where(Conversation.contact_point_id == talk.point_id)
    before = select(func.max(Clearing.id)).where(Clearing.conversation_id.in_(here), Clearing.due_at.is_(None))
    since = c.execute(before).scalar() or 0
    theirs = select(InboundMessage.external_id, InboundMessage.received_at).where(
        InboundMessage.conversation_id.in_(here), InboundMessage.id > since, InboundMessage.id < clearing_id
    )
    ours = (
        select(Attempt.provider_id, Attempt.started_at)
        .join(OutboundMessage, OutboundMessage.id == Attempt.outbound_id)
        .where(OutboundMessage.conversation_id.in_(here), Attempt.provider_id.is_not(None))
        .where(OutboundMessage.id > since, OutboundMessage.id < clearing_id)
    )
    found = [(str(one), at) for query in (theirs, ours) for one, at in c.execute(query)]
    sender = house.senders.get(talk.channel)
    oldest = now - sender.reach if isinstance(sender, Deleter) else now
    ids = tuple(one for one, at in found if at > oldest)
    return Chat(clearing_id, talk.id, talk.channel, talk.address(), ids, len(found) - len(ids))
