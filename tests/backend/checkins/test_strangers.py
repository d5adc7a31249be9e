"""What somebody else holding the phone learns from a check-in or from kind words: nothing (R3, R5, R12)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from backend.checkins.plans import make_plan
from backend.conversations.talk import find_talk
from backend.store.checkins import Heartbeat
from backend.testing import HER_NUMBER, Bench
from backend.worker import run_worker
from safety.lint import names_service
from safety.types import PointState
from tests.backend.checkins.people import AGREED, HALF_PAST_SEVEN, LONDON

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
