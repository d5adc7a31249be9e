"""What will happen next and why, without a word of content; and what goes with an enquiry that is destroyed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from backend.checkins.ahead import became, coming, conversations_ahead
from backend.checkins.terms import Terms
from backend.commands.due import lines
from backend.conversations.talk import look_at_talk
from backend.retention import purge_expired
from backend.store.checkins import CheckInAnswer
from backend.store.support import Plan, PlanDue, Task
from backend.store.talk import Conversation, Timer
from backend.store.work import Alert
from backend.testing import Bench
from safety.outcomes import AgreedLadder
from safety.types import PointState
from tests.backend.checkins.people import AGREED, HALF_PAST_SEVEN, at, until, with_plan
from tests.backend.talks import conversations


async def ahead(bench: Bench, days: int = 3) -> list[tuple[str, str, str]]:
    (talk_id,) = await conversations(bench)

    def look(c: Any) -> list[tuple[str, str, str]]:
        talk = look_at_talk(c, bench.house, talk_id)
        return [(one.what, one.fate, one.reason) for one in coming(c, bench.house, talk, days)]

    return await bench.house.store.read(look)


@pytest.mark.requirement("R7")
def test_each_time_to_come_says_what_the_gate_will_say(bench: Bench) -> None:
    async def scenario() -> None:
        await with_plan(bench, replace(HALF_PAST_SEVEN, at=(time(17, 30), time(19, 30), time(23))))
        found = [one for one in await ahead(bench, 1) if one[0] == "check_in"]
        assert found == [
            ("check_in", "waits", "outside_hours"),
            ("check_in", "goes", ""),
            ("check_in", "does not go", "too_late_in_hours"),
        ]
        await at(bench, lambda c, talk: talk.set_point_state(PointState.UNSAFE))
        assert {one[1:] for one in await ahead(bench) if one[0] == "check_in"} == {("does not go", "unsafe")}

    asyncio.run(scenario())


def test_what_is_held_and_what_was_not_sent_say_which_rule(bench: Bench) -> None:
    async def scenario() -> None:
        await with_plan(bench, replace(HALF_PAST_SEVEN, at=(time(17, 30),)))
        bench.clock.now = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
        await bench.work()
        assert ("message (check_in)", "waits", "outside_hours") in await ahead(bench)
        await bench.text("STOP")
        await until(bench, datetime(2026, 3, 4, 18, tzinfo=UTC), step=timedelta(hours=1))
        (talk_id,) = await conversations(bench)
        seen = await bench.house.store.read(lambda c: became(c, talk_id))
        assert [(one.state, one.reason) for one in seen] == [
            ("not_sent", "opted_out"),
            ("not_sent", "opted_out"),
            ("cancelled", "wrote_first"),
        ]

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_the_command_prints_ids_times_and_codes_only(bench: Bench) -> None:
    async def scenario() -> None:
        plan_id = await with_plan(bench)
        (talk_id,) = await conversations(bench)
        told = await bench.house.store.read(lambda c: lines(c, bench.house, talk_id, 1))
        assert told[:2] == [f"conversation {talk_id}", f"  2026-03-02 19:30  check_in {plan_id}  goes"]
        assert "How is" not in "\n".join(told)
        assert await bench.house.store.read(conversations_ahead) == [talk_id]

    asyncio.run(scenario())


@pytest.mark.requirement("R36")
def test_plans_answers_and_tasks_go_with_what_is_destroyed(bench: Bench) -> None:
    async def scenario() -> None:
        terms = Terms(ladder=AgreedLadder(tell_worker=True))
        await with_plan(bench, terms=terms, contact=AGREED)
        bench.clock.now = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
        await bench.work()
        await bench.text("5")

        def expired(c: Any) -> None:
            c.execute(update(Alert).values(acknowledged_at=bench.clock()))
            c.execute(update(Conversation).values(expires_at=bench.clock()))

        await bench.house.store.write(expired)
        bench.clock.advance(days=2)
        assert await bench.house.store.write(lambda c: purge_expired(c, bench.house)) == 1
        for table in (Plan, PlanDue, Task, CheckInAnswer):
            assert await bench.rows(select(func.count()).select_from(table)) == [(0,)]
        kinds = {row.kind for row in await bench.rows(select(Timer.kind))}
        assert not kinds & {"plan", "missed", "task", "talk"}

    asyncio.run(scenario())
