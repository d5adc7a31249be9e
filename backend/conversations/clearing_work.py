"""The loop that clears chats at their providers (see `clearing.py`), and says honestly what stayed (R27)."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, exists, select, update
from sqlalchemy.exc import DBAPIError, NoResultFound

from backend.conversations.clearing import Chat, read_chat
from backend.conversations.engine import say
from backend.conversations.talk import load_talk, load_talk_if_free
from backend.house import House
from backend.store.channels import Clearing
from backend.store.talk import Conversation
from channels.contract import Deleter, SendError

log = logging.getLogger("sidedoor.clearing")
AT_ONCE = 4
TRIES = 5
AGAIN_AFTER = timedelta(seconds=30)
LOOK_EVERY = timedelta(seconds=2)


async def keep_clearing(house: House) -> None:
    """Clear what is due until cancelled. A fault is logged without content, and the work goes on."""
    while True:
        try:
            while await clear_due(house):
                pass
        except Exception as error:
            log.error("clearing: %s", type(error).__name__)
        await asyncio.sleep(LOOK_EVERY.total_seconds())


async def clear_due(house: House) -> int:
    """Clear the chats that are due; how many were looked at."""
    chats = await house.store.write(lambda c: _claim(c, house))
    for chat in chats:
        await _clear(house, chat)
    return len(chats)


async def _clear(house: House, chat: Chat) -> None:
    """Ask the provider, outside any transaction; where it does not answer the row falls due again."""
    sender = house.senders[chat.channel]
    try:
        stayed = await sender.delete(chat.address, chat.ids) if isinstance(sender, Deleter) else frozenset(chat.ids)
    except SendError as error:
        log.info("clearing %d failed: %s", chat.clearing_id, error.code)
        return
    except Exception as error:  # a fault in an adapter keeps no other chat waiting
        log.error("clearing %d broke: %s", chat.clearing_id, type(error).__name__)
        return
    left = chat.too_old + len(stayed)
    await house.store.write(lambda c: _done(c, house, chat, left))
    house.wake.ring()


def _claim(c: Connection, house: House) -> Sequence[Chat]:
    """Take what is due. One that breaks keeps nobody else waiting: it is given up."""
    due = select(Clearing.__table__).where(Clearing.due_at <= house.clock()).order_by(Clearing.due_at).limit(AT_ONCE)
    chats = []
    for row in c.execute(due.with_for_update(skip_locked=True)).all():
        try:
            with c.begin_nested():
                chat = _take(c, house, row)
        except DBAPIError:
            raise  # the database's own trouble is that of the whole transaction
        except Exception as error:
            log.error("clearing %d cannot be done: %s", row.id, type(error).__name__)
            c.execute(update(Clearing).where(Clearing.id == row.id).values(due_at=None))
            continue
        chats += [chat] if chat else []
    return chats


def _take(c: Connection, house: House, row: Any) -> Chat | None:
    """The chat to clear now; None while its talk is busy, where it is gone, or where it was tried in vain too often:
    then what stayed is said."""
    talk, now = load_talk_if_free(c, house, row.conversation_id), house.clock()
    if talk is None:
        there = exists().where(Conversation.id == row.conversation_id)
        c.execute(delete(Clearing).where(Clearing.id == row.id, ~there))
        return None
    chat = read_chat(c, house, row.id, talk, now)
    if row.tries >= TRIES:
        _done(c, house, chat, len(chat.ids) + chat.too_old)
        return None
    again = {"due_at": now + AGAIN_AFTER * 2**row.tries, "tries": row.tries + 1}
    c.execute(update(Clearing).where(Clearing.id == row.id).values(again))
    return chat


def _done(c: Connection, house: House, chat: Chat, left: int) -> None:
    """Remember up to where the chat is clear, and say it where something stayed; nothing, where the talk is gone."""
    try:
        talk = load_talk(c, house, chat.conversation_id)
    except NoResultFound:
        return
    c.execute(update(Clearing).where(Clearing.id == chat.clearing_id).values(due_at=None))
    earlier = (Clearing.conversation_id == chat.conversation_id, Clearing.id < chat.clearing_id)
    c.execute(delete(Clearing).where(*earlier, Clearing.due_at.is_(None)))
    if left:
        say(c, house, talk, "utter_some_stayed")
