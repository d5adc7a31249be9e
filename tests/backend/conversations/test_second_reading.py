"""A second reading on its way from the edge to the engine: before the transaction, with the words, and never in place
of what keeps people safe."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import select

from backend.conversations.intake import Intake
from backend.store.talk import InboundMessage, OutboundMessage
from backend.store.work import Alert
from backend.testing import Bench
from bot.contract import Said

ODD = "summat about wot time u lot knock off"
"""Words that the built-in understanding makes nothing of."""
PAST_PRIVACY = ("hello", "1", "1", "1", "1")
ASKS_HOURS = Said("", "ask_hours", 0.95)


@dataclass
class Other:
    """Another understanding that hears what it is told to, and keeps what it was asked and what was stored by then."""

    bench: Bench
    reading: Said = ASKS_HOURS
    asked: list[str] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)

    async def hear(self, text: str) -> Said:
        self.asked.append(text)
        self.stored.append(len(await self.bench.rows(select(InboundMessage.id))))
        return replace(self.reading, text=text)


def with_other(bench: Bench, other: Other) -> Bench:
    """The same house with another understanding beside the built-in one."""
    house = replace(bench.house, listener=other)
    return replace(bench, house=house, intake=Intake(house))


async def responses(bench: Bench) -> list[str]:
    """The reviewed lines that were sent, oldest first."""
    rows = await bench.rows(
        select(OutboundMessage.response).where(OutboundMessage.channel == "sms").order_by(OutboundMessage.id)
    )
    return [row.response for row in rows]


async def at_a_question(bench: Bench) -> int:
    """Somebody has come past the privacy check; how many lines they were sent."""
    for text in PAST_PRIVACY:
        await bench.text(text)
    return len(await responses(bench))


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scenario)


def test_alone_the_odd_words_are_unclear(bench: Bench) -> None:
    async def scenario() -> None:
        before = await at_a_question(bench)
        await bench.text(ODD)
        assert "utter_how_long" not in (await responses(bench))[before:]

    run(scenario())


def test_a_sure_reading_is_acted_on_after_the_wait_for_more(bench: Bench) -> None:
    async def scenario() -> None:
        other = Other(bench)
        house = with_other(bench, other)
        before = await at_a_question(house)
        assert await house.post(ODD) == []
        await house.settle()
        assert "utter_how_long" in (await responses(house))[before:]
        assert other.asked == [*PAST_PRIVACY, ODD]

    run(scenario())


def test_a_reading_of_one_part_says_nothing_of_the_whole(bench: Bench) -> None:
    async def scenario() -> None:
        house = with_other(bench, Other(bench))
        before = await at_a_question(house)
        await house.post(ODD)
        await house.post("and then he went on about the match")
        await house.settle()
        assert "utter_how_long" not in (await responses(house))[before:]

    run(scenario())


def test_it_is_asked_before_anything_is_stored(bench: Bench) -> None:
    async def scenario() -> None:
        other = Other(bench)
        await with_other(bench, other).text("hello")
        assert other.stored == [0]

    run(scenario())


@pytest.mark.requirement("R29")
def test_danger_goes_before_any_reading(bench: Bench) -> None:
    async def scenario() -> None:
        house = with_other(bench, Other(bench, replace(ASKS_HOURS, confidence=1.0)))
        before = await at_a_question(house)
        await house.text("he has a knife")
        assert (await responses(house))[before:][0] == "utter_danger"
        assert "urgent" in [row.urgency for row in await house.rows(select(Alert.urgency))]

    run(scenario())


@pytest.mark.requirement("R3")
def test_the_first_reply_is_the_same_whatever_was_read(bench: Bench) -> None:
    async def scenario() -> None:
        alone = await bench.text("hello", "+447700900123")
        read = await with_other(bench, Other(bench)).text("hello", "+447700900124")
        assert alone == read

    run(scenario())
