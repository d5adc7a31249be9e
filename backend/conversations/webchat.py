"""The house as web chat sees it: sessions by opaque token, and the same durable turn behind every message."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, exists, insert, select, update

from backend.conversations.engine import run_engine
from backend.conversations.intake import Intake
from backend.conversations.outbox import cancel_queued
from backend.conversations.reading import ThreadLine, read_thread
from backend.conversations.talk import Talk, begin_talk, load_talk, look_at_talk
from backend.house import House
from backend.limits import Limiter
from backend.store.talk import Conversation, InboundMessage, OutboundMessage, WebSession
from bot.contract import Opened
from channels.contract import Inbound
from channels.webchat.house import Line, Outcome, Thread, TooManyChatsError
from channels.webchat.hub import Hub
from safety.return_code import read_return_code

T = TypeVar("T")
CHANNEL = "webchat"
SHOWN = ("sending", "sent", "delivered", "read")


@dataclass(frozen=True, slots=True)
class Session:
    """A live web session."""

    id: int
    conversation_id: int
    began_after: int
    seen_at: datetime


class WebchatHouse:
    """Implements `channels.webchat.house.ChatHouse`. All times are UTC."""

    def __init__(self, house: House, intake: Intake, hub: Hub, limiter: Limiter) -> None:
        self._house, self._intake, self._hub, self._limiter = house, intake, hub, limiter

    async def open(self) -> str:
        if not self._limiter.allow("open", "everybody"):
            raise TooManyChatsError
        return await self._write(
            lambda c: self._new_session(c, begin_talk(c, self._house, CHANNEL, secrets.token_urlsafe(16)).id, 0)
        )

    async def greet(self, token: str) -> None:
        if await self._write(lambda c: self._greet(c, token)):
            self._house.wake.ring()

    async def say(self, token: str, message_id: str, text: str) -> Outcome:
        session = await self._house.store.read(lambda c: self._live(c, token))
        if session is None:
            return Outcome.ENDED
        if not self._limiter.allow("say", str(session.id)) and not self._limiter.is_danger(text):
            return Outcome.TOO_MANY
        address = await self._house.store.read(
            lambda c: look_at_talk(c, self._house, session.conversation_id).address()
        )
        external_id = f"{session.id}:{message_id}"[:80]
        turn = await self._intake.message(Inbound(CHANNEL, address, external_id, text, self._house.clock()))
        await self.touch(token)
        self._hub.notify(address)
        return Outcome(turn.outcome)

    async def thread(self, token: str, after: int = 0) -> Thread | None:
        return await self._house.store.read(lambda c: self._thread(c, token, after))

    async def wait(self, token: str, after: int, seconds: float) -> bool:
        session = await self._house.store.read(lambda c: self._live(c, token))
        if session is None:
            return True
        address = await self._house.store.read(
            lambda c: look_at_talk(c, self._house, session.conversation_id).address()
        )

        async def ready() -> bool:
            return await self._house.store.read(lambda c: self._live(c, token) is None or _has_newer(c, session, after))

        return await self._hub.wait(address, seconds, ready)

    async def come_back(self, code: str) -> str | None:
        printed = read_return_code(code)
        if not self._limiter.allow("come_back", "everybody"):
            printed = None
        index = self._house.vault.index("return_code", printed or "")
        token = await self._write(lambda c: self._come_back(c, index))
        if token is not None:
            self._house.wake.ring()
        return token

    async def leave(self, token: str) -> None:
        address = await self._write(lambda c: self._leave(c, token))
        if address:
            self._hub.notify(address)

    async def touch(self, token: str) -> None:
        await self._write(
            lambda c: c.execute(update(WebSession).where(self._is_live(token)).values(seen_at=self._house.clock()))
        )

    # --- inside a transaction ---------------------------------------------------------------------------------------

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._house.store.write(work)

    def _is_live(self, token: str) -> Any:
        """The session of this token, unless it was left, or has been idle for too long (R21)."""
        oldest = self._house.clock() - timedelta(minutes=self._house.settings.web_idle_minutes)
        index = self._house.vault.index("web_session", token)
        return (WebSession.token_index == index) & WebSession.ended_at.is_(None) & (WebSession.seen_at > oldest)

    def _live(self, c: Connection, token: str) -> Session | None:
        columns = (WebSession.id, WebSession.conversation_id, WebSession.began_after, WebSession.seen_at)
        row = c.execute(select(*columns).where(self._is_live(token))).one_or_none()
        return Session(*row) if row else None

    def _new_session(self, c: Connection, conversation_id: int, began_after: int) -> str:
        token, now = secrets.token_urlsafe(32), self._house.clock()
        row = {
            "id": self._house.new_id(),
            "token_index": self._house.vault.index("web_session", token),
            "conversation_id": conversation_id,
            "began_after": began_after,
            "created_at": now,
            "seen_at": now,
        }
        c.execute(insert(WebSession), row)
        return token

    def _greet(self, c: Connection, token: str) -> bool:
        session = self._live(c, token)
        if session is None:
            return False
        talk = load_talk(c, self._house, session.conversation_id)
        if talk["session_started_at"] is not None and talk["session_ended_at"] is None:
            return False
        _begin_session(c, self._house, talk, verified=False)
        return True

    def _come_back(self, c: Connection, index: bytes) -> str | None:
        """A new session on the conversation of this code; nothing that was said before is shown in it (R12)."""
        conversation_id = c.execute(
            select(Conversation.id).where(Conversation.return_code_index == index)
        ).scalar_one_or_none()
        if conversation_id is None:
            return None
        talk = load_talk(c, self._house, conversation_id)
        ended = update(WebSession).where(WebSession.conversation_id == conversation_id, WebSession.ended_at.is_(None))
        c.execute(ended.values(ended_at=self._house.clock()))
        token = self._new_session(c, conversation_id, self._house.new_id())
        _begin_session(c, self._house, talk, verified=True)
        return token

    def _leave(self, c: Connection, token: str) -> str | None:
        session = self._live(c, token)
        if session is None:
            return None
        now = self._house.clock()
        c.execute(update(WebSession).where(WebSession.id == session.id).values(ended_at=now))
        c.execute(update(Conversation).where(Conversation.id == session.conversation_id).values(session_ended_at=now))
        cancel_queued(c, session.conversation_id, "exit")
        return look_at_talk(c, self._house, session.conversation_id).address()

    def _thread(self, c: Connection, token: str, after: int) -> Thread | None:
        session = self._live(c, token)
        if session is None:
            return None
        talk = look_at_talk(c, self._house, session.conversation_id)
        lines = read_thread(c, self._house, session.conversation_id, max(after, session.began_after))
        shown = tuple(_line(line) for line in lines if line.mine or line.state in SHOWN)
        return Thread(shown, ended=talk["session_ended_at"] is not None, person_joined=talk["owner_id"] is not None)


def _begin_session(c: Connection, house: House, talk: Talk, *, verified: bool) -> None:
    """Open a session with the bot's own first words. While a practitioner owns the talk, the bot stays silent."""
    now = house.clock()
    talk.talks |= {
        "session_started_at": now,
        "session_ended_at": None,
        "last_inbound_at": now,
        "verified_at": now if verified else None,
    }
    if talk["owner_id"] is None:
        memory = talk.memory()
        run_engine(c, house, talk, memory, Opened(), new_session=True)
        talk.remember(memory)
    talk.save(c)


def _line(line: ThreadLine) -> Line:
    return Line(line.seq, line.mine, line.text, line.at, line.choices, line.message_id)


def _has_newer(c: Connection, session: Session, after: int) -> bool:
    floor = max(after, session.began_after)
    mine = exists().where(InboundMessage.conversation_id == session.conversation_id, InboundMessage.id > floor)
    ours = exists().where(
        OutboundMessage.conversation_id == session.conversation_id,
        OutboundMessage.shown > floor,
        OutboundMessage.state.in_(SHOWN),
    )
    return bool(c.execute(select(mine | ours)).scalar_one())
