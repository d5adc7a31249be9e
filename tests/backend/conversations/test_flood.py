"""Somebody floods the public door; whoever is in danger gets through, and a practitioner is woken (R21, R29, M12)."""

import asyncio

import pytest
from sqlalchemy import func, select

from backend.conversations.webchat import WebchatHouse
from backend.limits import RATES, Limiter, Rate
from backend.store.talk import InboundMessage
from backend.store.work import Alert
from backend.testing import Bench
from channels.webchat.house import Outcome, TooManyChatsError

pytestmark = [pytest.mark.requirement("R21"), pytest.mark.requirement("R29")]

FLOODER, PERSON = "one source", "another source"
DANGER = "he has got a knife"
RATES_HERE = {**RATES, "open": Rate(5, 3_600), "say": Rate(3, 3_600), "say_source": Rate(12, 3_600)}


def still() -> float:
    """A time in which no bucket fills again."""
    return 0.0


async def flood(web: WebchatHouse) -> list[Outcome]:
    """Open as many chats as the door lets through, and talk in each without end; what became of every message."""
    outcomes = []
    for chat in range(20):
        try:
            token = await web.open(FLOODER)
        except TooManyChatsError:
            break
        outcomes += [await web.say(token, f"m-{chat}-{number}", "hello there", FLOODER) for number in range(8)]
    return outcomes


async def urgent(bench: Bench) -> int:
    """How many alerts about danger there are."""
    found = select(func.count()).select_from(Alert).where(Alert.reason == "danger", Alert.urgency == "urgent")
    return int((await bench.rows(found))[0][0])


async def kept(bench: Bench) -> int:
    """How many messages were stored."""
    return int((await bench.rows(select(func.count()).select_from(InboundMessage)))[0][0])


def test_a_flooder_is_stopped_and_others_are_not(bench: Bench) -> None:
    async def scenario() -> None:
        web = WebchatHouse(bench.house, bench.intake, bench.hub, Limiter(RATES_HERE, still))
        outcomes = await flood(web)
        assert outcomes.count(Outcome.WRITTEN) == await kept(bench) == 12
        assert outcomes.count(Outcome.TOO_MANY) == 5 * 8 - 12
        token = await web.open(PERSON)
        assert await web.say(token, "message-1", "hello", PERSON) is Outcome.WRITTEN

    asyncio.run(scenario())


def test_danger_in_the_middle_of_a_flood_wakes_somebody(bench: Bench) -> None:
    async def scenario() -> None:
        rates = {**RATES_HERE, "say_all": Rate(10, 3_600)}
        web = WebchatHouse(bench.house, bench.intake, bench.hub, Limiter(rates, still))
        token = await web.open(PERSON)
        await flood(web)
        assert await web.say(token, "message-1", "are you there", PERSON) is Outcome.TOO_MANY
        assert await web.say(token, "message-2", DANGER, PERSON) is Outcome.WRITTEN
        assert await urgent(bench) == 1

    asyncio.run(scenario())


def test_danger_comes_through_a_door_that_a_flood_has_shut(bench: Bench) -> None:
    async def scenario() -> None:
        rates = {**RATES_HERE, "open_all": Rate(3, 3_600)}
        web = WebchatHouse(bench.house, bench.intake, bench.hub, Limiter(rates, still))
        await flood(web)
        with pytest.raises(TooManyChatsError):
            await web.open(PERSON, "hello")
        token = await web.open(PERSON, DANGER)
        assert await web.say(token, "message-1", DANGER, PERSON) is Outcome.WRITTEN
        assert await urgent(bench) == 1

    asyncio.run(scenario())
