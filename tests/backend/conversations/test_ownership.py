"""From the take-over on the machine says nothing, not even what it had queued."""

import asyncio

import pytest
from sqlalchemy import select

from backend.conversations.claim import claim_due
from backend.conversations.dispatch import dispatch_due
from backend.conversations.ownership import take_over
from backend.staff import Role, add_staff
from backend.store.talk import Conversation, OutboundMessage
from backend.testing import HER_NUMBER, Bench
from channels.contract import Inbound, SendError


async def write(bench: Bench, words: str, number: int) -> None:
    """Somebody texts, and nothing is sent yet."""
    await bench.intake.take(Inbound("sms", HER_NUMBER, f"SM{number:032x}", words, bench.clock()))


async def taken_over(bench: Bench) -> None:
    """A practitioner takes the only conversation."""
    talk = (await bench.rows(select(Conversation.id)))[0][0]

    def take(c: object) -> None:
        ash = add_staff(c, bench.house, "Ash", "ash@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)  # type: ignore[arg-type]
        take_over(c, bench.house, talk, ash)  # type: ignore[arg-type]

    await bench.house.store.write(take)


async def responses(bench: Bench) -> list[tuple[str, str]]:
    """Response and state of what was for the person."""
    rows = await bench.rows(
        select(OutboundMessage.response, OutboundMessage.state)
        .where(OutboundMessage.channel == "sms")
        .order_by(OutboundMessage.id)
    )
    return [tuple(row) for row in rows]


def test_what_the_machine_has_queued_is_taken_back(bench: Bench) -> None:
    async def scenario() -> None:
        await write(bench, "hello", 1)
        await taken_over(bench)
        await dispatch_due(bench.house)
        assert [state for _, state in await responses(bench)] == ["cancelled", "sent"]
        assert (await responses(bench))[-1][0] == "utter_person_joined"

    asyncio.run(scenario())


def test_what_was_on_its_way_is_not_offered_again(bench: Bench) -> None:
    async def scenario() -> None:
        await write(bench, "hello", 1)
        bench.sms.faults = [SendError("20429", retryable=True)]
        await dispatch_due(bench.house)
        await taken_over(bench)
        bench.clock.advance(minutes=1)
        await dispatch_due(bench.house)
        assert [message.text for message in bench.sms.sent] == [bench.sms.sent[0].text]
        assert [state for _, state in await responses(bench)] == ["cancelled", "sent"]

    asyncio.run(scenario())


def test_what_is_being_offered_at_that_moment_is_not_tried_again(bench: Bench) -> None:
    async def scenario() -> None:
        await write(bench, "hello", 1)
        assert await bench.house.store.write(lambda c: claim_due(c, bench.house, ["sms"]))  # and then the process dies
        await taken_over(bench)
        bench.clock.advance(minutes=2)
        await dispatch_due(bench.house)
        bench.clock.advance(minutes=2)
        await dispatch_due(bench.house)
        assert len(bench.sms.sent) == 1
        assert [state for _, state in await responses(bench)] == ["dropped", "sent"]

    asyncio.run(scenario())


@pytest.mark.requirement("R29")
def test_the_danger_words_still_go(bench: Bench) -> None:
    async def scenario() -> None:
        await write(bench, "hello", 1)
        await dispatch_due(bench.house)
        await write(bench, "he has a knife", 2)
        await taken_over(bench)
        await dispatch_due(bench.house)
        assert any("999" in text for text in bench.sms.texts)

    asyncio.run(scenario())
