"""What tests of whole talks share: ways through the real flows, and a look into what is sealed."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from backend.conversations.reading import read_thread
from backend.conversations.talk import find_talk
from backend.store.talk import Conversation
from backend.store.work import Alert
from backend.testing import HER_NUMBER, Bench

OPENING = ("hello", "1", "1")
"""As far as the question whether to go on: a good time, and nobody else sees the phone."""
AGREED = (*OPENING, "1", "1", "4", "1")
"""As far as the question how to reach them: we may keep it, talk to nobody, get in touch."""
TO_NAME = (*AGREED, "5", "2")
"""As far as the name: they come to us, and choose no word."""


def with_word(word: str, second: str = "") -> tuple[str, ...]:
    """As far as the name, with an agreed word, and a second one where there is one."""
    return (*AGREED, "5", "1", word, *(("2", second) if second else ("1",)))


async def talk(bench: Bench, texts: Iterable[str], number: str = HER_NUMBER) -> list[str]:
    """Text one after the other; everything that came back."""
    return [reply for text in texts for reply in await bench.text(text, number)]


async def memory(bench: Bench, number: str = HER_NUMBER) -> dict[str, Any]:
    """What the conversation that goes on there remembers."""

    def look(c: Any) -> dict[str, Any]:
        found = find_talk(c, bench.house, "sms", number)
        return found.memory() if found else {}

    return await bench.house.store.write(look)


async def slots(bench: Bench, number: str = HER_NUMBER) -> dict[str, Any]:
    """What was answered there."""
    return dict((await memory(bench, number)).get("bot", {}).get("slots", {}))


async def thread(bench: Bench, conversation_id: int) -> list[str]:
    """What was said by the person in one conversation."""
    lines = await bench.house.store.read(lambda c: read_thread(c, bench.house, conversation_id))
    return [line.text for line in lines if line.mine]


async def another_day(bench: Bench) -> None:
    """Two days pass."""
    bench.clock.advance(days=2)


async def reasons(bench: Bench) -> list[str]:
    """Why practitioners were woken, in order."""
    return [row.reason for row in await bench.rows(select(Alert.reason).order_by(Alert.id))]


async def conversations(bench: Bench) -> list[int]:
    """All there are, in the order they were begun."""
    return [row.id for row in await bench.rows(select(Conversation.id).order_by(Conversation.id))]
