"""A house of cards for tests and for work on the pages: one process, nothing stored, a few fixed words."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from channels.webchat.house import Line, Outcome, Thread, TooManyChatsError
from channels.webchat.hub import Hub

FIRST_WORDS = "Hello. I am a machine. A person can take over at any time. Is now a good time?"
FIRST_CHOICES = ("Yes, now is fine", "Not now")
ANSWER = "Thank you. I have noted that. What else would you like to say?"


@dataclass(slots=True)
class _Session:
    lines: list[Line] = field(default_factory=list)
    seen_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: bool = False
    person_joined: bool = False
    person_writing: bool = False


class FakeChatHouse:
    """A `ChatHouse` that answers every message with the same words.

    `codes` can each be used once to come back. `clock` gives UTC. `silent` leaves answering to the test (`answer`).
    """

    def __init__(
        self,
        *,
        codes: Iterable[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        idle: timedelta = timedelta(minutes=15),
        silent: bool = False,
    ) -> None:
        self.hub = Hub()
        self.sessions: dict[str, _Session] = {}
        self.codes, self.silent = set(codes), silent
        self.refuse: Outcome | None = None
        """When set, what `say` answers instead of taking a message."""
        self.full = False
        """When set, no chat can be opened."""
        self._clock, self._idle = clock, idle

    async def open(self, source: str = "", words: str = "") -> str:
        if self.full:
            raise TooManyChatsError
        token = secrets.token_urlsafe(32)
        self.sessions[token] = _Session(seen_at=self._clock())
        return token

    async def greet(self, token: str) -> None:
        session = self._live(token)
        if session and not session.lines:
            self.answer(token, FIRST_WORDS, FIRST_CHOICES)

    async def say(self, token: str, message_id: str, text: str, source: str = "") -> Outcome:
        session = self._live(token)
        if session is None or session.ended:
            return Outcome.ENDED
        if self.refuse:
            return self.refuse
        if any(line.message_id == message_id for line in session.lines):
            return Outcome.DUPLICATE
        self._add(token, Line(self._next(session), True, text, self._clock(), message_id=message_id))
        if not self.silent:
            self.answer(token, ANSWER)
        return Outcome.WRITTEN

    async def thread(self, token: str, after: int = 0) -> Thread | None:
        session = self._live(token)
        if session is None:
            return None
        kept = [line for line in session.lines if not line.mine][-1:] if session.ended else session.lines
        lines = tuple(line for line in kept if line.seq > after)
        return Thread(lines, session.ended, session.person_joined, session.person_writing)

    async def wait(self, token: str, after: int, seconds: float, writing: bool = False) -> bool:
        async def ready() -> bool:
            thread = await self.thread(token, after)
            return thread is None or bool(thread.lines) or thread.person_writing is not writing

        return await self.hub.wait(token, seconds, ready)

    async def come_back(self, code: str, source: str = "") -> str | None:
        if code not in self.codes:
            return None
        self.codes.remove(code)
        return await self.open()

    async def leave(self, token: str) -> None:
        self.sessions.pop(token, None)
        self.hub.notify(token)

    async def touch(self, token: str) -> None:
        if session := self._live(token):
            session.seen_at = self._clock()

    def answer(self, token: str, text: str, choices: tuple[str, ...] = ()) -> None:
        """Say something to the person, as the bot or a practitioner would."""
        self._add(token, Line(self._next(self.sessions[token]), False, text, self._clock(), choices))

    def writes(self, token: str, writing: bool = True) -> None:
        """A practitioner is, or is no longer, at the keyboard."""
        self.sessions[token].person_writing = writing
        self.hub.notify(token)

    def _live(self, token: str) -> _Session | None:
        session = self.sessions.get(token)
        return session if session and self._clock() - session.seen_at < self._idle else None

    def _next(self, session: _Session) -> int:
        return len(session.lines) + 1

    def _add(self, token: str, line: Line) -> None:
        self.sessions[token].lines.append(line)
        self.hub.notify(token)
