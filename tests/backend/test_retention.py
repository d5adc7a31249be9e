"""What may no longer be kept is destroyed, and nothing that is still needed (R36)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, update

from backend.retention import purge_expired
from backend.store.talk import ContactPoint, Conversation, DataKey, InboundMessage, OutboundMessage
from backend.store.work import Alert
from backend.testing import Bench


async def purge(bench: Bench) -> int:
    """Destroy what is due."""
    return await bench.house.store.write(lambda c: purge_expired(c, bench.house))


async def change(bench: Bench, statement: Any) -> None:
    """Run one statement."""
    await bench.house.store.write(lambda c: c.execute(statement))


async def an_old_enquiry(bench: Bench) -> None:
    """Somebody wrote a month ago, and every alert about it was seen."""
    await bench.text("hello")
    await change(bench, update(Alert).values(acknowledged_at=bench.clock()))
    bench.clock.advance(days=bench.house.settings.enquiry_days, minutes=1)


@pytest.mark.requirement("R36")
def test_an_enquiry_that_became_nothing_goes_with_its_keys(bench: Bench) -> None:
    async def scenario() -> None:
        await an_old_enquiry(bench)
        assert await purge(bench) == 1
        for table in (Conversation, ContactPoint, InboundMessage, OutboundMessage):
            assert (await bench.rows(select(func.count()).select_from(table)))[0][0] == 0
        assert {row.wrapped for row in await bench.rows(select(DataKey.wrapped))} == {None}

    asyncio.run(scenario())


@pytest.mark.parametrize("needed", ["goes on today", "waits for a person", "has an alert"])
def test_what_is_still_needed_stays(bench: Bench, needed: str) -> None:
    async def scenario() -> None:
        await an_old_enquiry(bench)
        if needed == "goes on today":
            await bench.text("hello again")
            await change(bench, update(Alert).values(acknowledged_at=bench.clock()))
        elif needed == "waits for a person":
            await change(bench, update(Conversation).values(waiting_since=bench.clock()))
        else:
            await bench.text("he has a knife")
            bench.clock.advance(days=2)
        assert await purge(bench) == 0

    asyncio.run(scenario())


def test_two_at_once_do_not_stumble(bench: Bench) -> None:
    async def scenario() -> None:
        await an_old_enquiry(bench)
        assert sum(await asyncio.gather(*(purge(bench) for _ in range(4)))) == 1

    asyncio.run(scenario())
