"""One row that cannot be read, or one flow that breaks, keeps nobody else waiting."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from backend.conversations.dispatch import dispatch_due
from backend.conversations.timers import fire_due
from backend.store.talk import ContactPoint, Conversation, InboundMessage, OutboundMessage, Timer
from backend.store.work import Alert
from backend.testing import HER_NUMBER, Bench
from channels.contract import Inbound
from safety.helplines import EMERGENCY_TEXT

OTHER = "+447700900199"


async def queue_two(bench: Bench) -> int:
    """Two people write; the id of the first one's answer, which waits before the other's."""
    for number, sender in enumerate((HER_NUMBER, OTHER)):
        await bench.intake.take(Inbound("sms", sender, f"SM{number:032x}", "hello", bench.clock()))
    return int((await bench.rows(select(OutboundMessage.id).order_by(OutboundMessage.id)))[0][0])


async def change(bench: Bench, statement: Any) -> None:
    """Run one statement."""
    await bench.house.store.write(lambda c: c.execute(statement))


async def reasons(bench: Bench) -> list[str]:
    """The reasons of all alerts."""
    return [row.reason for row in await bench.rows(select(Alert.reason))]


@pytest.mark.requirement("R29")
def test_a_message_that_cannot_be_opened_is_given_up_and_the_next_one_goes(bench: Bench) -> None:
    async def scenario() -> None:
        broken = await queue_two(bench)
        await change(bench, update(OutboundMessage).where(OutboundMessage.id == broken).values(text=b"\x01damaged"))
        await dispatch_due(bench.house)
        assert [message.address for message in bench.sms.sent] == [OTHER]
        row = (await bench.rows(select(OutboundMessage).where(OutboundMessage.id == broken)))[0]
        assert (row.state, row.due_at) == ("failed", None)
        assert "not_sent" in await reasons(bench)

    asyncio.run(scenario())


def test_a_talk_that_cannot_go_on_at_its_timer_is_handed_to_a_person(bench: Bench) -> None:
    async def scenario() -> None:
        await queue_two(bench)
        her, other = [row.id for row in await bench.rows(select(Conversation.id).order_by(Conversation.id))]
        due = bench.clock() + timedelta(minutes=1)
        await change(bench, update(Conversation).where(Conversation.id == her).values(state=b"\x01damaged"))
        for name, talk in (("first", her), ("second", other)):
            row = {"id": bench.house.new_id(), "kind": "talk", "subject_id": talk, "name": name, "due_at": due}
            await change(bench, insert(Timer).values(row | {"fence": ""}))
        bench.clock.advance(minutes=2)
        assert await bench.house.store.write(lambda c: fire_due(c, bench.house)) == 2
        assert await bench.rows(select(Timer.name).where(Timer.kind == "talk", Timer.due_at <= bench.clock())) == []
        assert "trouble" in await reasons(bench)

    asyncio.run(scenario())


@pytest.mark.requirement("R29")
@pytest.mark.parametrize(("words", "reason"), [("he has a knife", "danger"), ("are you there", "trouble")])
def test_somebody_whose_talk_does_not_open_is_heard_by_a_person(bench: Bench, words: str, reason: str) -> None:
    async def scenario() -> None:
        await bench.text("hello")
        await change(bench, update(Conversation).values(state=b"\x01damaged"))
        assert await bench.text(words) == [EMERGENCY_TEXT]
        assert reason in await reasons(bench)
        assert {row.urgency for row in await bench.rows(select(Alert.urgency))} == {"urgent"}
        assert (await bench.rows(select(Conversation.waiting_since)))[0][0] is not None
        assert len(await bench.rows(select(InboundMessage.id))) == 2

    asyncio.run(scenario())


@pytest.mark.requirement("R23")
def test_a_broken_turn_that_is_offered_again_is_a_duplicate(bench: Bench) -> None:
    async def scenario() -> None:
        await bench.text("hello")
        await change(bench, update(Conversation).values(state=b"\x01damaged"))
        again = Inbound("sms", HER_NUMBER, "SM" + "e" * 32, "are you there", bench.clock())
        assert [await bench.intake.take(again) for _ in range(2)] == ["written", "duplicate"]

    asyncio.run(scenario())


@pytest.mark.requirement("R24")
def test_a_refusal_holds_in_a_broken_turn_too(bench: Bench) -> None:
    async def scenario() -> None:
        await bench.text("hello")
        await change(bench, update(Conversation).values(state=b"\x01damaged"))
        assert await bench.text("please stop texting me") == []
        assert (await bench.rows(select(ContactPoint.opted_out_at)))[0][0] is not None

    asyncio.run(scenario())
