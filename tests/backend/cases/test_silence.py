"""Silence closes nothing: two years without a word, and every case is as it was (R35)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from backend.cases.service import accept
from backend.retention import purge_expired
from backend.staff import Role, add_staff
from backend.store.talk import Conversation
from backend.store.work import Case, Referral
from backend.testing import Bench

PEOPLE = 12
MONTHS = 24


async def begin_cases(bench: Bench) -> None:
    """People write once, one of them says STOP, and a practitioner takes on a case for each."""
    for place in range(PEOPLE):
        await bench.post("hello there", f"+4477009{place:05d}")
    await bench.post("stop", "+447700900003")
    await bench.house.store.write(lambda c: _accept_all(c, bench))


def _accept_all(c: Connection, bench: Bench) -> None:
    house = bench.house
    worker = add_staff(c, house, "Ash", "ash@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
    for talk in c.execute(select(Conversation.id)).scalars().all():
        referral = {"id": house.new_id(), "conversation_id": talk, "answers": b"", "submitted_at": house.clock()}
        c.execute(insert(Referral), referral | {"state": "submitted", "suggested": ""})
        accept(c, house, int(referral["id"]), worker, "community_idva")


async def a_month_passes(bench: Bench) -> None:
    """Everything that the clock may start is started."""
    bench.clock.advance(days=30.5)
    await bench.work()
    await bench.house.store.write(lambda c: purge_expired(c, bench.house))


async def cases(bench: Bench) -> list[Any]:
    """Every case there is, whole, with the talk that it came from."""
    with_talk = (
        select(Case.__table__, Conversation.id.label("talk"))
        .join(Referral, Referral.id == Case.referral_id)
        .join(Conversation, Conversation.id == Referral.conversation_id)
    )
    return [tuple(row) for row in await bench.rows(with_talk.order_by(Case.id))]


@pytest.mark.requirement("R35")
def test_two_years_of_silence_close_no_case(bench: Bench) -> None:
    async def scenario() -> None:
        await begin_cases(bench)
        before = await cases(bench)
        assert len(before) == PEOPLE
        for _ in range(MONTHS):
            await a_month_passes(bench)
        assert await cases(bench) == before

    asyncio.run(scenario())
