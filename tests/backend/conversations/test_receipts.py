"""What a provider says later: in any order, twice, of an earlier attempt, too late (R8, R25)."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.conversations.dispatch import dispatch_due
from backend.conversations.receipts import apply_receipt
from backend.store.talk import Attempt, OutboundMessage
from backend.testing import HER_NUMBER, Bench
from channels.contract import Inbound, Receipt, SendError
from tests.backend.talks import reasons


async def sent(bench: Bench) -> list[str]:
    """Somebody writes and is answered; the provider ids of the attempts."""
    await bench.intake.take(Inbound("sms", HER_NUMBER, "SM" + "1" * 32, "hello", bench.clock()))
    await dispatch_due(bench.house)
    return await attempts(bench)


async def attempts(bench: Bench) -> list[str]:
    return [row.provider_id for row in await bench.rows(select(Attempt.provider_id).order_by(Attempt.id))]


async def hear(bench: Bench, provider_id: str, status: str, code: str = "", *, retryable: bool = False) -> None:
    receipt = Receipt("sms", provider_id, status, bench.clock(), code, retryable=retryable)
    assert await bench.house.store.write(lambda c: apply_receipt(c, bench.house, receipt))


async def state(bench: Bench) -> str:
    ((found,),) = await bench.rows(select(OutboundMessage.state).where(OutboundMessage.channel == "sms"))
    return str(found)


@pytest.mark.requirement("R25")
def test_a_passing_failure_that_is_told_later_is_offered_again_and_no_more_often_than_set(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench)
        for _ in range(3):
            await hear(bench, (await attempts(bench))[-1], "failed", "30003", retryable=True)
            bench.clock.advance(minutes=2)
            await dispatch_due(bench.house)
        assert len(bench.sms.sent) == 3
        assert await state(bench) == "failed"
        assert await reasons(bench) == ["not_delivered"]

    asyncio.run(scenario())


@pytest.mark.requirement("R25")
def test_a_failure_for_good_that_is_told_later_stops_and_tells_a_practitioner(bench: Bench) -> None:
    async def scenario() -> None:
        (provider_id,) = await sent(bench)
        await hear(bench, provider_id, "failed", "30007")
        await dispatch_due(bench.house)
        assert (len(bench.sms.sent), await state(bench), await reasons(bench)) == (1, "failed", ["not_delivered"])

    asyncio.run(scenario())


@pytest.mark.requirement("R8")
def test_what_failed_is_not_offered_again_after_its_time(bench: Bench) -> None:
    async def scenario() -> None:
        (provider_id,) = await sent(bench)
        bench.clock.advance(hours=3)
        await hear(bench, provider_id, "failed", "30003", retryable=True)
        await dispatch_due(bench.house)
        assert (len(bench.sms.sent), await state(bench)) == (1, "failed")

    asyncio.run(scenario())


def test_a_late_failure_of_an_earlier_attempt_does_not_undo_the_later_one(bench: Bench) -> None:
    async def scenario() -> None:
        bench.sms.faults = [SendError("dropped", unknown=True)]
        await sent(bench)
        first, _second = await bench.rows(select(Attempt.id).order_by(Attempt.id))
        receipt = Receipt("sms", "SM" + "e" * 32, "failed", bench.clock(), "30008", str(first.id))
        await bench.house.store.write(lambda c: apply_receipt(c, bench.house, receipt))
        assert await state(bench) == "sent"

    asyncio.run(scenario())


@pytest.mark.requirement("R8")
@pytest.mark.parametrize(("hours", "told"), [(0.1, []), (72, ["arrived_late"])])
def test_what_arrives_after_its_time_is_an_incident(bench: Bench, hours: float, told: list[str]) -> None:
    async def scenario() -> None:
        (provider_id,) = await sent(bench)
        bench.clock.now += timedelta(hours=hours)
        await hear(bench, provider_id, "delivered")
        await hear(bench, provider_id, "read")
        assert await reasons(bench) == told

    asyncio.run(scenario())
