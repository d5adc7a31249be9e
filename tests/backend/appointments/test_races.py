"""Cancel against send: whoever comes first, nothing goes for what is no more, but for the one being offered (R9)."""

import asyncio
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from backend.appointments import service
from backend.appointments.rules import AHEAD, when_words
from backend.appointments.sealed import Reminders
from backend.conversations.claim import Job, claim_due
from backend.conversations.record import record_failure
from backend.conversations.talk import load_talk
from backend.conversations.timers import fire_due
from backend.store.support import Appointment
from backend.store.talk import OutboundMessage
from backend.testing import Bench, make_bench
from bot import Flows
from channels.contract import SendError
from tests.backend.appointments.diary import A_DAY, TUESDAY, TWO_HOURS, Diary, diary

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
ROUNDS = 6


@pytest.fixture
def on_postgres(postgres: Callable[[], str], tmp_path: Path, flows: Flows) -> Iterator[Bench]:
    """A house on PostgreSQL, where two transactions can be open at once."""
    made = make_bench(tmp_path, postgres(), flows=flows)
    yield made
    made.close()


async def queued(bench: Bench) -> tuple[Diary, int]:
    """A reminder that is in the outbox and due."""
    book = await diary(bench)
    made = await book.book(reminders=Reminders((A_DAY,)))
    bench.clock.now = TUESDAY - timedelta(days=1)
    await bench.house.store.write(lambda c: fire_due(c, bench.house))
    return book, made


def claim(bench: Bench) -> Callable[[Connection], list[Job]]:
    return lambda c: claim_due(c, bench.house, ["sms"])


def cancel(book: Diary, made: int) -> Callable[[Connection], None]:
    house = book.bench.house
    return lambda c: service.end(c, house, load_talk(c, house, book.talk_id), made, "cancelled")


async def states(bench: Bench) -> list[tuple[str, str]]:
    """The state and the reason of each reminder, the oldest first."""
    reminders = select(OutboundMessage.state, OutboundMessage.reason).where(OutboundMessage.kind == "reminder")
    return [tuple(row) for row in await bench.rows(reminders.order_by(OutboundMessage.id))]


@pytest.mark.requirement("R9")
def test_a_claim_leaves_alone_what_is_being_cancelled(on_postgres: Bench) -> None:
    book, made = asyncio.run(queued(on_postgres))
    engine = on_postgres.house.store.engine
    with engine.connect() as cancelling:
        cancel(book, made)(cancelling)
        with ThreadPoolExecutor(1) as beside:
            assert beside.submit(_in_its_own(on_postgres, claim(on_postgres))).result(timeout=60) == []
        cancelling.commit()
    asyncio.run(on_postgres.work())
    assert on_postgres.sms.sent == []
    assert asyncio.run(states(on_postgres)) == [("cancelled", "appointment_changed")]


@pytest.mark.requirement("R9")
def test_a_cancel_that_waits_for_a_claim_lets_that_one_offer_be_the_last(on_postgres: Bench) -> None:
    book, made = asyncio.run(queued(on_postgres))
    engine = on_postgres.house.store.engine
    with ThreadPoolExecutor(1) as beside, engine.connect() as claiming:
        (job,) = claim(on_postgres)(claiming)
        later = beside.submit(_in_its_own(on_postgres, cancel(book, made)))
        with engine.connect() as watching:
            while not later.done() and not watching.execute(WAITING).scalar_one():
                watching.rollback()
        claiming.commit()
        later.result(timeout=60)
    asyncio.run(_busy(on_postgres, job))
    on_postgres.clock.advance(minutes=5)
    asyncio.run(on_postgres.work())
    assert on_postgres.sms.sent == []
    assert asyncio.run(states(on_postgres)) == [("dropped", "appointment_changed")]


@pytest.mark.requirement("R9")
def test_two_at_once_end_in_one_of_two_ways(bench: Bench) -> None:
    async def scenario() -> None:
        book = await diary(bench)
        for number in range(ROUNDS):
            starts = TUESDAY + timedelta(days=2 * number)
            made = await book.book(starts, reminders=Reminders((A_DAY,)))
            bench.clock.now = starts - timedelta(days=1)
            await bench.house.store.write(lambda c: fire_due(c, bench.house))
            jobs, _ = await asyncio.gather(
                bench.house.store.write(claim(bench)), bench.house.store.write(cancel(book, made))
            )
            (state, _reason) = (await states(bench))[-1]
            assert (len(jobs), state) in ((0, "cancelled"), (1, "sending"))
            for job in jobs:
                await _busy(bench, job)
            bench.clock.advance(minutes=5)
            await bench.work()
        assert bench.sms.sent == []

    asyncio.run(scenario())


@pytest.mark.requirement("R9")
@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_booked_moved_and_cancelled_no_text_is_of_an_earlier_version(quick: Bench, seed: int) -> None:
    """Random acts over three weeks across the spring change; each text that goes is held against the row as it stands
    at that instant."""

    async def scenario() -> None:
        chance = random.Random(seed)
        quick.clock.now += timedelta(days=14)
        book = await diary(quick)
        made: list[int] = []
        for _ in range(60):
            await _act(chance, book, made)
            quick.clock.advance(minutes=chance.choice((1, 30, 180, 600)))
            if chance.random() < 0.2:
                quick.sms.faults = [SendError("busy", retryable=True)]
            before = len(quick.sms.sent)
            await quick.work()
            rows = await quick.rows(select(Appointment.starts_at, Appointment.state))
            true = {when_words(quick.clock(), row.starts_at, "Europe/London") for row in rows if row.state in AHEAD}
            for sent in quick.sms.texts[before:]:
                assert any(f"is {words} still fine" in sent for words in true), sent

    asyncio.run(scenario())


async def _act(chance: random.Random, book: Diary, made: list[int]) -> None:
    """Book, move or cancel something, or nothing; minutes are unlike, so that each text names one row."""
    at = book.bench.clock() + timedelta(minutes=chance.randrange(30, 4000))
    remind = Reminders(chance.choice(((A_DAY,), (A_DAY, TWO_HOURS), (60,))))
    match chance.randrange(4):
        case 0:
            made.append(await book.book(at, reminders=remind))
        case 1 if made:
            await book.move(chance.choice(made), at, reminders=remind)
        case 2 if made:
            await book.cancel(made.pop(chance.randrange(len(made))))


def _in_its_own(bench: Bench, work: Callable[[Connection], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with bench.house.store.engine.begin() as c:
            return work(c)

    return run


async def _busy(bench: Bench, job: Job) -> None:
    """The provider did not take it."""
    await bench.house.store.write(lambda c: record_failure(c, bench.house, job, SendError("busy", retryable=True)))
