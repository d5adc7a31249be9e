"""The house as web chat sees it: sessions by opaque token, and the same durable turn behind every message."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection, exists, select

from backend.conversations import web_sessions
from backend.conversations.intake import Intake
from backend.conversations.outbox import WAITING
from backend.conversations.reading import ThreadLine, read_thread
from backend.conversations.talk import begin_talk, look_at_talk
from backend.conversations.web_sessions import Session, find_session
from backend.conversations.wrong_codes import WrongCodes, looks_like_one, tell
from backend.house import House
from backend.limits import Limiter
from backend.store.talk import InboundMessage, OutboundMessage
from channels.contract import Inbound
from channels.webchat.house import Line, Outcome, Thread, TooManyChatsError
from channels.webchat.hub import Hub
from safety.return_code import read_return_code

T = TypeVar("T")
CHANNEL = "webchat"
SHOWN = ("sending", "sent", "delivered", "read")


class WebchatHouse:
    """Implements `channels.webchat.house.ChatHouse`. All times are UTC."""

    def __init__(self, house: House, intake: Intake, hub: Hub, limiter: Limiter) -> None:
        self._house, self._intake, self._hub, self._limiter = house, intake, hub, limiter
        self._wrong = WrongCodes(house.clock)

    async def open(self, source: str = "", words: str = "") -> str:
        if not self._limiter.may_open(source, words):
            raise TooManyChatsError
        return await self._write(self._open)

    async def greet(self, token: str) -> None:
        if await self._write(lambda c: web_sessions.greet(c, self._house, token)):
            self._house.wake.ring()

    async def say(self, token: str, message_id: str, text: str, source: str = "") -> Outcome:
        session = await self._find(token)
        if session is None:
            return Outcome.ENDED
        in_danger = self._limiter.is_danger(text)
        if not await self._write(lambda c: web_sessions.goes_on(c, self._house, session, begin=in_danger)):
            return Outcome.ENDED
        if not in_danger and (outcome := await self._stop_short(token, session, text, source)):
            return outcome
        address = await self._address(session)
        external_id = f"{session.id}:{message_id}"[:80]
        turn = await self._intake.message(Inbound(CHANNEL, address, external_id, text, self._house.clock()))
        await self.touch(token)
        self._hub.notify(address)
        return Outcome(turn.outcome)

    async def thread(self, token: str, after: int = 0) -> Thread | None:
        return await self._house.store.read(lambda c: self._thread(c, token, after))

    async def wait(self, token: str, after: int, seconds: float, writing: bool = False) -> bool:
        session = await self._find(token)
        if session is None:
            return True
        address = await self._address(session)

        async def ready() -> bool:
            changed = self._hub.is_writing(address) is not writing
            return changed or await self._house.store.read(lambda c: self._has_news(c, token, session, after))

        return await self._hub.wait(address, seconds, ready)

    async def come_back(self, code: str, source: str = "") -> str | None:
        printed = read_return_code(code)
        if not (self._limiter.may_come_back(source) and self._wrong.may_try(source)):
            printed = None
        token = await self._write(lambda c: web_sessions.come_back(c, self._house, self._hash(printed or "")))
        if token is None:
            await self._count_wrong(code, source)
        else:
            self._house.wake.ring()
        return token

    async def leave(self, token: str) -> None:
        address = await self._write(lambda c: web_sessions.leave(c, self._house, token))
        if address:
            self._hub.notify(address)

    async def touch(self, token: str) -> None:
        await self._write(lambda c: web_sessions.touch(c, self._house, token))

    async def _stop_short(self, token: str, session: Session, text: str, source: str) -> Outcome | None:
        """What becomes of words that are no message: one too many, or a return code. None: they are a message."""
        if not self._limiter.may_say(str(session.id), source):
            return Outcome.TOO_MANY
        return await self._lead_back(token, text, source or str(session.id))

    async def _lead_back(self, token: str, text: str, source: str) -> Outcome | None:
        """A return code may be typed at any time, and is not kept as a message. None: it was none of ours."""
        if not looks_like_one(text):
            return None
        if not self._limiter.may_come_back(source):
            return Outcome.TOO_MANY
        printed = read_return_code(text) if self._wrong.may_try(source) else None
        left = await self._write(lambda c: web_sessions.lead_back(c, self._house, token, self._hash(printed or "")))
        if left is None:
            await self._count_wrong(text, source, await self._find(token))
            return None
        self._house.wake.ring()
        self._hub.notify(left)
        return Outcome.WRITTEN

    async def _count_wrong(self, text: str, source: str, session: Session | None = None) -> None:
        if looks_like_one(text) and self._wrong.count(source):
            typed_in = session.conversation_id if session else None
            await self._write(lambda c: tell(c, self._house, text, typed_in))

    async def _find(self, token: str) -> Session | None:
        return await self._house.store.read(lambda c: find_session(c, self._house, token))

    async def _address(self, session: Session) -> str:
        return await self._house.store.read(lambda c: look_at_talk(c, self._house, session.conversation_id).address())

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._house.store.write(work)

    def _hash(self, code: str) -> bytes:
        return self._house.vault.index("return_code", code)

    # --- inside a transaction ---------------------------------------------------------------------------------------

    def _open(self, c: Connection) -> str:
        talk = begin_talk(c, self._house, CHANNEL, secrets.token_urlsafe(16))
        return web_sessions.new_session(c, self._house, talk.id)

    def _thread(self, c: Connection, token: str, after: int) -> Thread | None:
        session = find_session(c, self._house, token)
        if session is None:
            return None
        talk = look_at_talk(c, self._house, session.conversation_id)
        lines = read_thread(c, self._house, session.conversation_id, session.began_after)
        if talk["session_ended_at"] is not None:
            return _farewell(lines, after)
        shown = tuple(_line(line) for line in lines if line.seq > after and (line.mine or line.state in SHOWN))
        owned = talk["owner_id"] is not None
        writing = owned and self._hub.is_writing(talk.address())
        return Thread(shown, person_joined=owned, person_writing=writing)

    def _has_news(self, c: Connection, token: str, before: Session, after: int) -> bool:
        """A line above `after`, or no longer the session that it was."""
        session = find_session(c, self._house, token)
        moved = session is None or session.conversation_id != before.conversation_id
        return moved or _has_newer(c, before, after)


def _farewell(lines: Sequence[ThreadLine], after: int) -> Thread:
    """What a page shows once the talk on it is over, however it ended: our words to that, and nothing that was said
    before (R12). Until they are on their way it shows what they answer."""
    said = max((line for line in lines if line.mine), key=lambda line: line.id, default=None)
    answers = [line for line in lines if not line.mine and (said is None or line.id > said.id)]
    last = max(answers, key=lambda line: line.id, default=None)
    waits = last is not None and last.state in WAITING
    shown = said if waits else last if last and last.state in SHOWN else None
    return Thread((replace(_line(shown), choices=()),) if shown and shown.seq > after else (), ended=not waits)


def _line(line: ThreadLine) -> Line:
    by_person = line.author_id is not None
    return Line(line.seq, line.mine, line.text, line.at, line.choices, line.message_id, by_person)


def _has_newer(c: Connection, session: Session, after: int) -> bool:
    floor = max(after, session.began_after)
    mine = exists().where(InboundMessage.conversation_id == session.conversation_id, InboundMessage.id > floor)
    ours = exists().where(
        OutboundMessage.conversation_id == session.conversation_id,
        OutboundMessage.shown > floor,
        OutboundMessage.state.in_(SHOWN),
    )
    return bool(c.execute(select(mine | ours)).scalar_one())
