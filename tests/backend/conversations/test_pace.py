"""How fast messages leave: by channel and by chat, for all processes together (R25)."""

import asyncio
import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from backend.conversations.claim import next_due
from backend.conversations.dispatch import dispatch_due
from backend.conversations.pace import LONGEST_DEBT, parts_of, read_paces
from backend.store.talk import ContactPoint, OutboundMessage, Pace
from backend.testing import MONDAY, Bench, make_bench
from bot import Flows
from channels.contract import Inbound


@pytest.fixture
def paced(url: str, tmp_path: Path, flows: Flows) -> Bench:
    """A bench where ten texts may leave in a second."""
    return make_bench(tmp_path, url, flows=flows, sms_per_second=10, chat_per_second=1, fragment_seconds=0)


async def write_in(bench: Bench, people: int, text: str = "hello") -> None:
    """So many people write, each once."""
    for number in range(people):
        address, message_id = f"+4477009{number:05}", f"SM{number:030x}{len(text):02x}"
        await bench.intake.take(Inbound("sms", address, message_id, text, bench.clock()))


@pytest.mark.requirement("R25")
def test_a_channel_sends_no_faster_than_it_may(paced: Bench) -> None:
    async def scenario() -> None:
        await write_in(paced, 35)
        went = []
        for _tenth in range(26):
            await dispatch_due(paced.house)
            went.append(len(paced.sms.sent))
            paced.clock.advance(seconds=0.1)
        assert went[0] == 10, "a second's worth may go at once"
        assert went[-1] == 35
        assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(went))

    asyncio.run(scenario())


@pytest.mark.requirement("R25")
def test_the_dispatcher_rests_until_there_is_room(paced: Bench) -> None:
    async def scenario() -> None:
        await write_in(paced, 12)
        await dispatch_due(paced.house)
        opens = await paced.house.store.read(lambda c: next_due(c, paced.house, ["sms"]))
        assert opens == MONDAY + timedelta(seconds=0.1)

    asyncio.run(scenario())


@pytest.mark.requirement("R29")
def test_danger_does_not_wait_for_room(paced: Bench) -> None:
    async def scenario() -> None:
        await write_in(paced, 20)
        await dispatch_due(paced.house)
        await paced.intake.take(Inbound("sms", "+447700900999", "SM" + "d" * 32, "he has a knife", paced.clock()))
        await dispatch_due(paced.house)
        assert "999" in paced.sms.texts[-1]

    asyncio.run(scenario())


@pytest.mark.requirement("R25")
def test_one_chat_gets_one_message_in_a_second(paced: Bench) -> None:
    async def scenario() -> None:
        await write_in(paced, 1)
        await dispatch_due(paced.house)
        paced.clock.advance(seconds=0.4)
        await write_in(paced, 1, "1 please")
        await dispatch_due(paced.house)
        assert len(paced.sms.sent) == 1
        paced.clock.advance(seconds=0.6)
        await dispatch_due(paced.house)
        assert len(paced.sms.sent) == 2

    asyncio.run(scenario())


@pytest.mark.requirement("R8")
def test_what_is_late_for_lack_of_room_is_dropped_and_never_sent(paced: Bench) -> None:
    async def scenario() -> None:
        await write_in(paced, 15)
        await dispatch_due(paced.house)
        await paced.house.store.write(lambda c: c.execute(update(OutboundMessage).values(not_after=MONDAY)))
        paced.clock.advance(seconds=5)
        await dispatch_due(paced.house)
        states = await paced.rows(select(OutboundMessage.state).where(OutboundMessage.channel == "sms"))
        assert sorted(row.state for row in states) == ["dropped"] * 5 + ["sent"] * 10

    asyncio.run(scenario())


def test_a_long_text_counts_as_its_parts() -> None:
    assert [parts_of("sms", "a" * 161), parts_of("telegram", "a" * 161)] == [2, 1]


@pytest.mark.requirement("R25")
def test_a_flood_of_danger_keeps_answers_waiting_for_seconds_and_not_for_minutes(paced: Bench) -> None:
    """Danger and alerts count, but what they use up ahead is not without end: an answer would be dropped as late."""

    async def scenario() -> None:
        await write_in(paced, 150, "he has a knife")
        await dispatch_due(paced.house)
        opens = await paced.house.store.read(lambda c: read_paces(c, paced.house, ["sms"]).opens("sms"))
        assert opens - paced.clock() <= LONGEST_DEBT

    asyncio.run(scenario())


@pytest.mark.requirement("R25")
def test_a_clock_that_was_set_back_stops_nothing(paced: Bench) -> None:
    async def scenario() -> None:
        await paced.text("hello")
        ahead = paced.clock() + timedelta(hours=5)
        for table in (Pace, ContactPoint):
            await paced.house.store.write(lambda c, t=table: c.execute(update(t).values(free_at=ahead)))
        await paced.post("1")
        paced.clock.advance(seconds=11)
        await paced.work()
        assert len(paced.sms.sent) == 2

    asyncio.run(scenario())
