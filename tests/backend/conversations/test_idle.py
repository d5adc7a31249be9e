"""A session that goes quiet is over, on every channel: nothing of it shows, and nothing more of it goes out (R21)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import select

from backend.conversations.talk import find_talk
from backend.store.talk import OutboundMessage
from backend.testing import HER_NUMBER as HER
from backend.testing import Bench
from channels.contract import Inbound
from tests.backend.conversations.test_web_sessions import Visitor
from tests.backend.talks import talk, with_word

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
ADDRESSES = {"sms": HER, "whatsapp": HER, "telegram": "7700900123", "email": "zoe@example.org"}
WORD = "velvet kettle"


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


@ON_SQLITE
@pytest.mark.requirement("R21")
@pytest.mark.parametrize("channel", sorted(ADDRESSES))
def test_after_an_idle_hour_the_opening_words_come_first(bench: Bench, channel: str) -> None:
    async def scenario() -> None:
        count = 0

        async def say(text: str) -> str:
            nonlocal count
            count += 1
            await bench.intake.take(Inbound(channel, ADDRESSES[channel], f"{channel}-{count}", text, bench.clock()))
            rows = await bench.rows(select(OutboundMessage.response).order_by(OutboundMessage.id))
            return str(rows[-1].response)

        opening = await say("hello")
        second = await say("1")
        assert opening != second
        bench.clock.advance(minutes=bench.house.settings.session_minutes + 1)
        assert await say("1") == opening

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R21")
@pytest.mark.requirement("R12")
def test_the_agreed_word_does_not_outlast_its_session(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), "Zebedee"))
        bench.clock.advance(days=1)
        await talk(bench, (WORD, "1", "1"))
        bench.clock.advance(minutes=bench.house.settings.session_minutes + 1)
        assert "Is now a good time" in (await bench.text("1"))[0]

        def verified(c: Any) -> bool:
            there = find_talk(c, bench.house, "sms", HER)
            return there is not None and there["verified_at"] is not None

        assert not await bench.house.store.write(verified)

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R21")
def test_an_idle_page_is_over(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.say("1")
        bench.clock.advance(minutes=bench.house.settings.web_idle_minutes + 1)
        assert await visitor.web.thread(visitor.token) is None

    run(scenario)
