"""What somebody else holding the phone learns from a check-in or from kind words: nothing (R3, R5, R12)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from backend.checkins.ahead import coming
from backend.checkins.plans import change_plan, make_plan
from backend.checkins.terms import Terms
from backend.conversations.compartments import enter
from backend.conversations.talk import begin_conversation, find_talk, load_talk, look_at_talk
from backend.store.checkins import Heartbeat
from backend.store.talk import ContactPoint
from backend.testing import HER_NUMBER, Bench
from backend.worker import run_worker
from safety.lint import names_service
from safety.outcomes import AgreedLadder
from safety.types import PointState
from tests.backend.checkins.people import AGREED, HALF_PAST_SEVEN, LONDON, dues, plans, until
from tests.backend.talks import conversations, reasons

ROOT = Path(__file__).parents[3]
OTHER = "+447700900456"
PROBES = ("who is this", "what is this about", "why do you ask", "what did she tell you", "how often do you text", "?")


async def agreed_at(bench: Bench, number: str, purpose: str, first: date) -> None:
    """Somebody who agreed to the same thing, from a day on."""
    await bench.text("hello", number)
    await bench.text("bye", number)

    def work(c: Any) -> None:
        talk = find_talk(c, bench.house, "sms", number)
        assert talk is not None
        talk.agree(AGREED, PointState.SAFE, bench.clock(), timedelta(days=100))
        talk["expires_at"] = None
        talk.save(c)
        make_plan(c, bench.house, talk.id, purpose, replace(HALF_PAST_SEVEN, first=first))

    await bench.house.store.write(work)


async def come_back(bench: Bench, hers: int, another: int) -> None:
    """She has given her word, and her talk is the one that goes on."""

    def work(c: Any) -> None:
        talk = load_talk(c, bench.house, hers)
        enter(c, bench.house, load_talk(c, bench.house, another), talk)
        talk.save(c)

    await bench.house.store.write(work)


async def evening(bench: Bench, day: int) -> None:
    bench.clock.now = datetime(2026, 3, day, 19, 30, tzinfo=LONDON).astimezone(UTC)
    await bench.work()


@pytest.mark.requirement("R3")
@pytest.mark.requirement("R12")
@pytest.mark.parametrize("purpose", ["check_in", "daily_text"])
def test_who_has_told_us_much_and_who_has_told_us_nothing_look_the_same(bench: Bench, purpose: str) -> None:
    async def scenario() -> None:
        await agreed_at(bench, HER_NUMBER, purpose, date(2026, 3, 2))
        await agreed_at(bench, OTHER, purpose, date(2026, 3, 3))
        await evening(bench, 2)
        await bench.text("2")
        await bench.text("1")
        await evening(bench, 3)
        for probe in PROBES:
            hers, theirs = await bench.text(probe), await bench.text(probe, OTHER)
            assert hers == theirs, probe
            assert not any(names_service(line, bench.house.rules.naming_words) for line in hers)

    asyncio.run(scenario())


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("file", ["check_in.yml", "check_in_texts.yml", "plans.yml"])
def test_no_text_asks_on_the_phone_whether_somebody_is_safe_or_names_us(file: str) -> None:
    responses = yaml.safe_load((ROOT / "flows" / "domain" / file).read_text("utf-8"))["responses"]
    for name, variations in responses.items():
        for variation in variations:
            assert not names_service(variation["text"], frozenset()), name
            assert not {"safe", "danger", "hurt", "afraid"} & set(variation["text"].casefold().split()), name
            assert "you must" not in variation["text"].casefold(), name


def test_a_worker_says_each_minute_that_it_is_awake(bench: Bench) -> None:
    async def scenario() -> None:
        worker = asyncio.create_task(run_worker(bench.house))
        while not (beats := await bench.rows(select(Heartbeat.at))):
            await asyncio.sleep(0)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        assert [row.at for row in beats] == [bench.clock.now]

    asyncio.run(scenario())


@pytest.mark.requirement("R15")
@pytest.mark.parametrize("purpose", ["check_in", "daily_text"])
def test_where_another_talk_has_begun_on_the_phone_nothing_goes_and_the_page_says_why(
    bench: Bench, purpose: str
) -> None:
    async def scenario() -> None:
        await agreed_at(bench, HER_NUMBER, purpose, date(2026, 3, 2))
        ((point_id,),) = await bench.rows(select(ContactPoint.id))
        (hers,) = await conversations(bench)
        another = await bench.house.store.write(lambda c: begin_conversation(c, bench.house, point_id))
        told = await bench.house.store.read(
            lambda c: coming(c, bench.house, look_at_talk(c, bench.house, hers), days=1)
        )
        assert {(one.fate, one.reason) for one in told} == {("does not go", "another_talk")}
        bench.sms.sent.clear()
        await evening(bench, 2)
        assert bench.sms.sent == []
        assert await dues(bench) == [("not_sent", "another_talk", "")]
        assert await reasons(bench) == ["check_in_stopped"]
        await come_back(bench, hers, another)
        await evening(bench, 3)
        assert len(bench.sms.sent) == 1, "she has the talk again"

    asyncio.run(scenario())


@pytest.mark.requirement("R15")
def test_nobody_is_asked_once_more_in_another_talk(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed_at(bench, HER_NUMBER, "check_in", date(2026, 3, 2))
        (plan,) = await plans(bench)
        ladder = AgreedLadder(timedelta(minutes=30), try_once_more=True)
        await bench.house.store.write(lambda c: change_plan(c, bench.house, plan.id, plan.rule, Terms(ladder=ladder)))
        await evening(bench, 2)
        bench.sms.sent.clear()
        ((point_id,),) = await bench.rows(select(ContactPoint.id))
        await bench.house.store.write(lambda c: begin_conversation(c, bench.house, point_id))
        await until(bench, datetime(2026, 3, 2, 21, tzinfo=UTC))
        assert bench.sms.sent == []
        assert "check_in_stopped" in await reasons(bench)

    asyncio.run(scenario())
