"""An enquiry whose person is to be met is kept until then, and its appointments go with it (R36, R40)."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from backend.conversations.talk import Talk
from backend.retention import purge_expired
from backend.store.support import Appointment, Reminder
from backend.store.talk import Conversation, Timer
from backend.testing import Bench
from tests.backend.appointments.diary import diary


@pytest.mark.requirement("R36")
def test_an_enquiry_goes_with_its_appointments_once_they_are_over(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        await book.write(lambda c, talk: _expire(c, talk, bench))
        starts = bench.clock() + timedelta(days=40)
        await book.book(starts)
        await book.until(starts - timedelta(days=1))
        assert await bench.house.store.write(lambda c: purge_expired(c, bench.house)) == 0
        bench.clock.now = starts + timedelta(days=3)
        assert await bench.house.store.write(lambda c: purge_expired(c, bench.house)) == 1
        for table in (Conversation, Appointment, Reminder):
            assert await bench.rows(select(func.count()).select_from(table)) == [(0,)]
        assert await bench.rows(select(Timer.id).where(Timer.kind == "reminder")) == []

    asyncio.run(scenario())


def _expire(c: Connection, talk: Talk, bench: Bench) -> None:
    talk["expires_at"] = bench.clock() + timedelta(days=30)
    talk.save(c)
