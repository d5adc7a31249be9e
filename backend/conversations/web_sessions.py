"""Sessions of web chat by opaque token: begun, alive, led back to an earlier talk by its code, and over."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from backend.conversations import doubt
from backend.conversations.compartments import answer_here
from backend.conversations.engine import run_engine, say
from backend.conversations.outbox import cancel_queued
from backend.conversations.talk import Talk, load_talk, lock_talk, look_at_talk
from backend.house import House
from backend.store.talk import Conversation, WebSession
from bot.contract import Opened, Said


@dataclass(frozen=True, slots=True)
class Session:
    """A live web session. Only lines above `began_after` belong to it; `seen_at` is UTC."""

    id: int
    conversation_id: int
    began_after: int
    seen_at: datetime


def find_session(c: Connection, house: House, token: str) -> Session | None:
    """The session of this token, unless it was left, or has been idle for too long (R21)."""
    columns = (WebSession.id, WebSession.conversation_id, WebSession.began_after, WebSession.seen_at)
    row = c.execute(select(*columns).where(_is_live(house, token))).one_or_none()
    return Session(*row) if row else None


def new_session(c: Connection, house: House, conversation_id: int, began_after: int = 0) -> str:
    """A token for a new session on a conversation."""
    token, now = secrets.token_urlsafe(32), house.clock()
    row = {
        "id": house.new_id(),
        "token_index": house.vault.index("web_session", token),
        "conversation_id": conversation_id,
        "began_after": began_after,
        "created_at": now,
        "seen_at": now,
    }
    c.execute(insert(WebSession), row)
    return token


def touch(c: Connection, house: House, token: str) -> None:
    """The person is at the page: its idle time starts again, and an answer still belongs to their talk (R2, R21)."""
    session, now = find_session(c, house, token), house.clock()
    if session is None or _is_over(c, session.conversation_id):
        return
    c.execute(update(Conversation).where(Conversation.id == session.conversation_id).values(last_inbound_at=now))
    c.execute(update(WebSession).where(WebSession.id == session.id).values(seen_at=now))


def goes_on(c: Connection, house: House, session: Session, *, begin: bool = False) -> bool:
    """Whether something may be said in a session: not once its talk is over, by a goodbye in words or otherwise, for
    whoever finds the page then may be somebody else (R12). `begin`: words of danger are taken all the same (R29), and
    nothing that was said before is shown with them."""
    over = _is_over(c, session.conversation_id)
    if over and begin:
        floor = {"began_after": house.new_id()}
        c.execute(update(WebSession).where(WebSession.id == session.id).values(floor))
    return begin or not over


def greet(c: Connection, house: House, token: str) -> bool:
    """Let the bot say its first words, unless the session has begun; whether there was anything to do."""
    session = find_session(c, house, token)
    if session is None:
        return False
    talk = load_talk(c, house, session.conversation_id)
    if talk["session_started_at"] is not None:
        return False
    _begin(c, house, talk, verified=False)
    return True


def come_back(c: Connection, house: House, code: bytes) -> str | None:
    """A new session on the conversation with this code's hash; nothing that was said before is shown in it (R12)."""
    conversation_id = _with_code(c, code)
    if conversation_id is None:
        return None
    talk = load_talk(c, house, conversation_id)
    _end_sessions(c, house, conversation_id)
    token = new_session(c, house, conversation_id, house.new_id())
    _begin(c, house, talk, verified=True)
    return token


def lead_back(c: Connection, house: House, token: str, code: bytes) -> str | None:
    """Lead a live session to the conversation of a code that was typed into the chat; the address of the talk that it
    came from. None: nobody's code.

    The token stays: it is ours, random, and out of reach of scripts, so no other person can have planted it.
    """
    session, conversation_id = find_session(c, house, token), _with_code(c, code)
    if session is None or conversation_id is None:
        return None
    address = look_at_talk(c, house, session.conversation_id).address()
    talk = load_talk(c, house, conversation_id)
    if conversation_id == session.conversation_id:
        _ask_again(c, house, talk)
        return address
    _end_talk(c, house, session.conversation_id)
    _end_sessions(c, house, conversation_id)
    where = {"conversation_id": conversation_id, "began_after": house.new_id()}
    c.execute(update(WebSession).where(WebSession.id == session.id).values(where))
    _begin(c, house, talk, verified=True)
    return address


def leave(c: Connection, house: House, token: str) -> str | None:
    """End a session and what is queued for it (R17); the address that its pages listen to, if there was one."""
    session = find_session(c, house, token)
    if session is None:
        return None
    lock_talk(c, session.conversation_id)  # a turn that goes on at this instant comes first, and its words go with it
    _end_talk(c, house, session.conversation_id)
    c.execute(update(WebSession).where(WebSession.id == session.id).values(ended_at=house.clock()))
    return look_at_talk(c, house, session.conversation_id).address()


def _is_live(house: House, token: str) -> Any:
    oldest = house.clock() - timedelta(minutes=house.settings.web_idle_minutes)
    index = house.vault.index("web_session", token)
    return (WebSession.token_index == index) & WebSession.ended_at.is_(None) & (WebSession.seen_at > oldest)


def _is_over(c: Connection, conversation_id: int) -> bool:
    ended = select(Conversation.session_ended_at).where(Conversation.id == conversation_id)
    return c.execute(ended).scalar_one() is not None


def _with_code(c: Connection, code: bytes) -> int | None:
    return c.execute(select(Conversation.id).where(Conversation.return_code_index == code)).scalar_one_or_none()


def _end_sessions(c: Connection, house: House, conversation_id: int) -> None:
    """An older page of the same conversation must not show what is said in this one."""
    live = (WebSession.conversation_id == conversation_id, WebSession.ended_at.is_(None))
    c.execute(update(WebSession).where(*live).values(ended_at=house.clock()))


def _end_talk(c: Connection, house: House, conversation_id: int) -> None:
    over = update(Conversation).where(Conversation.id == conversation_id)
    c.execute(over.values(session_ended_at=house.clock()))
    cancel_queued(c, conversation_id, "exit")


def _begin(c: Connection, house: House, talk: Talk, *, verified: bool) -> None:
    """Open a session with the first words, which are the same for everybody (R3). Where a practitioner owns the talk
    the engine takes no step."""
    now, memory = house.clock(), talk.memory()
    answer_here(c, house, talk)
    doubt.close(memory)
    talk.begin_session(memory, now)
    talk.talks |= {"last_inbound_at": now, "verified_at": now if verified else None}
    if verified:
        doubt.end(c, talk, memory, now)
    if talk["owner_id"] is None:
        run_engine(c, house, talk, memory, Opened())
    talk.remember(memory)
    talk.save(c)
    if talk["owner_id"] is not None:
        say(c, house, talk, "utter_opener")


def _ask_again(c: Connection, house: House, talk: Talk) -> None:
    """The code of the very talk that is open: it goes on, with the open question once more."""
    if talk["owner_id"] is not None:
        return
    talk["verified_at"], memory = house.clock(), talk.memory()
    doubt.end(c, talk, memory, house.clock())
    run_engine(c, house, talk, memory, Said("/resume"))
    talk.remember(memory)
    talk.save(c)
