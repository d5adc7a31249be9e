"""What is read of the outbox and its attempts, on both databases, with a sender that fails and a moved clock."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from backend.delivery import facts
from backend.delivery.check import look_at_delivery
from backend.delivery.facts import ChannelFacts, Facts, read_facts
from backend.store.base import Base
from backend.store.engine import make_engine
from backend.testing import MONDAY, Bench, make_settings
from channels.contract import Inbound, SendError

DOWN = SendError("down", retryable=True, elsewhere=True)
TIMES_OUT = SendError("timeout", retryable=True, unknown=True)
ACCOUNT = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": "token", "twilio_sms_from": "+447700900000"}
REFUSED = SendError("21211", tell_staff=True)


async def write(bench: Bench, number: int = 0) -> None:
    """Somebody writes, and an answer is tried."""
    address = f"+44770090012{number}"
    await bench.intake.take(Inbound("sms", address, f"SM{number:032x}", "hello", bench.clock()))
    await bench.work()


async def look(bench: Bench) -> Facts:
    house = bench.house
    return await house.store.read(lambda c: read_facts(c, house.settings, house.senders, bench.clock()))


async def of_sms(bench: Bench) -> ChannelFacts:
    (channel,) = [channel for channel in (await look(bench)).channels if channel.channel == "sms"]
    return channel


@pytest.mark.requirement("R32")
def test_failures_and_unknown_outcomes_are_counted_until_one_goes(bench: Bench) -> None:
    async def scenario() -> None:
        await write(bench, 1)
        went = bench.clock()
        bench.clock.advance(minutes=5)
        broke, bench.sms.faults = bench.clock(), [DOWN, TIMES_OUT]
        await write(bench, 2)
        assert await of_sms(bench) == ChannelFacts("sms", True, went, failed=1, failing_since=broke)
        bench.clock.advance(seconds=5)
        await bench.work()
        found = await of_sms(bench)
        assert (found.failed, found.unknown, found.failing_since, found.last_success) == (1, 1, broke, went)
        bench.clock.advance(seconds=30)
        await bench.work()
        assert await of_sms(bench) == ChannelFacts("sms", True, bench.clock())

    asyncio.run(scenario())


def test_one_message_that_is_refused_says_nothing_of_the_channel(bench: Bench) -> None:
    async def scenario() -> None:
        bench.sms.faults = [REFUSED]
        await write(bench)
        found = await of_sms(bench)
        assert (found.failed, found.unknown, found.waiting) == (0, 0, 0)

    asyncio.run(scenario())


@pytest.mark.requirement("R32")
def test_what_is_due_and_not_gone_is_counted_once_it_is_late(bench: Bench) -> None:
    async def scenario() -> None:
        await bench.intake.take(Inbound("sms", "+447700900123", "SM" + "1" * 32, "hello", bench.clock()))
        due = bench.clock()
        assert (await of_sms(bench)).waiting == 0
        bench.clock.advance(minutes=2)
        found = await look(bench)
        (sms,) = [channel for channel in found.channels if channel.channel == "sms"]
        assert (sms.waiting, sms.waiting_since, found.last_begun) == (1, due, None)
        await bench.work()
        assert (await of_sms(bench)).waiting == 0
        assert (await look(bench)).last_begun == bench.clock()

    asyncio.run(scenario())


def test_the_spool_of_this_machine_is_counted(bench: Bench) -> None:
    folder = bench.house.settings.data_dir / "spool"
    folder.mkdir()
    (folder / f"{bench.clock():%Y%m%dT%H%M%S%f}-0a.sealed").touch()
    (folder / "20260301T000000000000-0b.broken").touch()
    found = asyncio.run(look(bench))
    assert (found.kept, found.unreadable) == (0, 1)
    came = bench.clock()
    bench.clock.advance(minutes=2)
    found = asyncio.run(look(bench))
    assert (found.kept, found.kept_since) == (1, came)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (facts._FAILURES, "ix_attempt_troubled"),
        (facts._LAST_SUCCESS, "ix_outbound_sent"),
        (facts._WAITING, "ix_outbound_due"),
        (facts._OVERDUE_TIMER, "ix_timer_due_at"),
    ],
)
def test_no_whole_table_is_read(tmp_path: Path, statement: Select[Any], index: str) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/plan.db")
    Base.metadata.create_all(engine)
    bound = statement.params({"earliest": MONDAY, "late": MONDAY, "now": MONDAY, "channel": "sms"})
    asked = bound.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with engine.connect() as c:
        plan = [row.detail for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")]
    assert index in plan[0], plan
    assert not [step for step in plan if step.startswith("SCAN") and "USING" not in step], plan


@pytest.mark.requirement("R32")
def test_the_doctor_tells_the_same(bench: Bench, url: str) -> None:
    def told(**settings: str) -> list[tuple[bool, str]]:
        made = make_settings(bench.house.settings.data_dir, database_url=url, **settings)
        return list(look_at_delivery(made, bench.clock))

    asyncio.run(write(bench))
    assert told(**ACCOUNT) == [
        (True, "Texts: The last one went 10:00."),
        (True, "Web chat messages: none has gone yet, and none waits."),
    ]
    asyncio.run(bench.intake.take(Inbound("sms", "+447700900129", "SM" + "9" * 32, "hello", bench.clock())))
    bench.clock.advance(minutes=2)
    (first, *_) = told()
    assert first[0] is False and first[1].startswith("Texts are switched off, and some wait since 10:00.")
    (first, *_) = told(**ACCOUNT)
    assert first[0] is False and first[1].startswith("Nothing is going out since 10:00, alerts included.")
