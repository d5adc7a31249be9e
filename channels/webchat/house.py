"""What the web pages ask of the house behind them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What became of something a person sent."""

    WRITTEN = "written"
    DUPLICATE = "duplicate"
    """This message id was written before: a retry, already safe."""
    ENDED = "ended"
    """There is no live session behind the token, or the conversation in it is over."""
    TOO_MANY = "too_many"
    """Too much at once; the person may send it again in a moment. Never the answer to words of danger (R21)."""


class TooManyChatsError(Exception):
    """Too many chats were opened at once; ask again shortly."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message as a page shows it; `at` is UTC.

    `seq` grows in the order in which lines come into sight: what came later is never below what a page has seen.
    `choices` are button titles; pressing one says its title, and the house finds the payload behind it. `message_id` is
    set on the person's own lines: it is how a page knows that what it was still sending has arrived. `by_person`: a
    practitioner wrote it, not the machine.
    """

    seq: int
    mine: bool
    text: str = field(repr=False)
    at: datetime
    choices: tuple[str, ...] = field(default=(), repr=False)
    message_id: str = ""
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """What a session shows now. `person_joined`: a practitioner, not the machine, is answering; `person_writing`: and
    is at the keyboard just now."""

    lines: tuple[Line, ...]
    ended: bool = False
    person_joined: bool = False
    person_writing: bool = False


class ChatHouse(Protocol):
    """The house as web chat sees it. A token is opaque, random, and the value of the session cookie.

    `source` is an opaque word for where a request comes from, for the limits (R21); empty where it is not known.
    """

    async def open(self, source: str = "", words: str = "") -> str:
        """A token for a new session. Raises TooManyChatsError, but not where the first `words` tell of danger (R29)."""
        ...

    async def greet(self, token: str) -> None:
        """Let the bot say its first words, once in a session; does nothing the second time."""
        ...

    async def say(self, token: str, message_id: str, text: str, source: str = "") -> Outcome:
        """Take what the person wrote, or the title of the choice they pressed.

        `message_id` is made by the page, so that a retry is never a second message.
        """
        ...

    async def thread(self, token: str, after: int = 0) -> Thread | None:
        """The lines with a `seq` above `after`, oldest first; None: no live session.

        Asking does not keep a session alive. A line shows from the moment its message is being sent, so that nobody
        waits for our own receipt.
        """
        ...

    async def wait(self, token: str, after: int, seconds: float, writing: bool = False) -> bool:
        """True as soon as there is a line above `after`, no live session, or `person_writing` is no longer `writing`;
        False when `seconds` have passed."""
        ...

    async def come_back(self, code: str, source: str = "") -> str | None:
        """A token for a new session on the conversation of this return code (R21).

        None for every kind of no, in the same time: unknown, used up, malformed, or too many tries.
        """
        ...

    async def leave(self, token: str) -> None:
        """Destroy the session and cancel what is queued for it; done when this returns (R17)."""
        ...

    async def touch(self, token: str) -> None:
        """The person is still there: the session's idle time starts again (R21)."""
        ...
