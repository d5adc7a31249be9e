"""A plan that is changed right after an outage, before its timer is looked at, leaves no time without a word."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from backend.checkins.plans import change_plan, end_plan
from backend.testing import Bench
from tests.backend.checkins.test_plans import HALF_PAST_SEVEN, agreed, dues
from tests.backend.talks import reasons


@pytest.mark.requirement("R8")
def test_a_change_after_an_outage_says_what_became_of_each_time(bench: Bench) -> None:
    async def scenario() -> None:
        plan = await agreed(bench)
        bench.clock.now = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
        later = replace(HALF_PAST_SEVEN, at=(time(21),))
        await bench.house.store.write(lambda c: change_plan(c, bench.house, plan, later))
        await bench.work()
        assert bench.sms.sent == []
        assert await dues(bench) == [("not_sent", "we_were_away")] * 2 + [("not_sent", "plan_changed")]
        assert await reasons(bench) == ["check_in_missed_by_us"]

    asyncio.run(scenario())


def test_an_end_after_an_outage_does_too(bench: Bench) -> None:
    async def scenario() -> None:
        plan = await agreed(bench)
        bench.clock.now = datetime(2026, 3, 2, 19, 45, tzinfo=UTC)
        for _twice in range(2):
            await bench.house.store.write(lambda c: end_plan(c, bench.house, plan))
        assert await dues(bench) == [("not_sent", "plan_ended")]
        assert await reasons(bench) == []

    asyncio.run(scenario())
