"""The gate is asked at every try: what was allowed when it failed may not be when it is offered again (R7, R8, R14)."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import Connection, select

from backend.contact_points.agreeing import agree
from backend.conversations.dispatch import dispatch_due
from backend.conversations.outbox import Words, queue_words
from backend.conversations.talk import find_talk
from backend.store.talk import OutboundMessage
from backend.testing import HER_NUMBER, Bench
from channels.contract import SendError
from safety.types import Kind, PointState, SafeContact, Window
from tests.backend.talks import reasons

MORNINGS = SafeContact((Window(frozenset(range(7)), time(9), time(12)),), may_start=True, reminders=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)


async def fail_once(bench: Bench, at: datetime, lasts: timedelta = A_DAY) -> int:
    """A check-in is due at that moment, and the provider does not take it; the row's id."""
    await bench.text("hello")
    bench.sms.sent.clear()
    bench.clock.now = at
    bench.sms.faults = [SendError("30001", retryable=True)]
    row_id = await bench.house.store.write(lambda c: _queue(c, bench, lasts))
    await dispatch_due(bench.house)
    assert not bench.sms.sent and not bench.sms.faults
    return row_id


def _queue(c: Connection, bench: Bench, lasts: timedelta) -> int:
    talk = find_talk(c, bench.house, "sms", HER_NUMBER)
    assert talk
    agree(c, bench.house, talk, MORNINGS, PointState.SAFE)
    talk.save(c)
    return queue_words(c, bench.house, talk, Kind.CHECK_IN, Words("Hello. How are things?"), lasts=lasts)


async def change(bench: Bench, contact: SafeContact) -> None:
    """The person agrees to something else in the meantime."""

    def write(c: Connection) -> None:
        talk = find_talk(c, bench.house, "sms", HER_NUMBER)
        assert talk
        agree(c, bench.house, talk, contact, PointState.SAFE)
        talk.save(c)

    await bench.house.store.write(write)


async def fate(bench: Bench, row_id: int) -> tuple[str, str]:
    """State and reason of one message, after whatever is due was tried."""
    await dispatch_due(bench.house)
    (row,) = await bench.rows(select(OutboundMessage.state, OutboundMessage.reason).where(OutboundMessage.id == row_id))
    return row.state, row.reason


@pytest.mark.requirement("R7")
@pytest.mark.requirement("R25")
def test_a_retry_after_the_hours_waits_for_the_next_and_goes_then(bench: Bench) -> None:
    async def scenario() -> None:
        row_id = await fail_once(bench, NOON - timedelta(seconds=2))
        bench.clock.advance(seconds=6)
        assert await fate(bench, row_id) == ("held", "outside_hours")
        bench.clock.now = NOON + timedelta(hours=20, minutes=59)
        assert await fate(bench, row_id) == ("held", "outside_hours")
        bench.clock.now = NOON + timedelta(hours=21)
        assert (await fate(bench, row_id))[0] == "sent"
        assert bench.sms.texts == ["Hello. How are things?"]

    asyncio.run(scenario())


@pytest.mark.requirement("R8")
@pytest.mark.requirement("R25")
def test_a_retry_that_is_too_late_is_dropped_and_a_practitioner_is_told(bench: Bench) -> None:
    async def scenario() -> None:
        row_id = await fail_once(bench, NOON - timedelta(hours=1), lasts=timedelta(seconds=4))
        bench.clock.advance(seconds=6)
        assert await fate(bench, row_id) == ("dropped", "late")
        assert "not_sent" in await reasons(bench) and not bench.sms.sent

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R25")
@pytest.mark.parametrize(
    ("contact", "state", "reason"),
    [
        (replace(MORNINGS, may_start=False), "dropped", "not_agreed"),
        (replace(MORNINGS, windows=(Window(frozenset({6}), time(9), time(10)),)), "dropped", "too_late_in_hours"),
        (replace(MORNINGS, windows=(Window(frozenset(range(7)), time(8), time(9)),)), "held", "outside_hours"),
    ],
)
def test_what_was_tightened_in_between_holds_for_the_retry(
    bench: Bench, contact: SafeContact, state: str, reason: str
) -> None:
    async def scenario() -> None:
        row_id = await fail_once(bench, NOON - timedelta(hours=1))
        await change(bench, contact)
        bench.clock.advance(seconds=6)
        assert await fate(bench, row_id) == (state, reason)
        assert not bench.sms.sent

    asyncio.run(scenario())


@pytest.mark.requirement("R24")
def test_after_stop_nothing_is_offered_again(bench: Bench) -> None:
    async def scenario() -> None:
        row_id = await fail_once(bench, NOON - timedelta(hours=1))
        await bench.post("stop")
        bench.clock.advance(seconds=6)
        assert (await fate(bench, row_id))[0] in ("cancelled", "dropped")
        assert "Hello. How are things?" not in bench.sms.texts

    asyncio.run(scenario())
