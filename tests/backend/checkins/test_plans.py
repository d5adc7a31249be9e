"""A plan on the whole house: the right minute, once, never late, and a word for whatever did not go (C13, C14)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from backend.checkins.plans import change_plan, end_plan, make_plan, plans_of
from backend.checkins.rules import Between, Cadence, Every, Pause, Rule
from backend.checkins.sealed import rule_from_json, rule_to_json
from backend.conversations.talk import load_talk
from backend.store.support import Plan, PlanDue
from backend.testing import Bench
from safety.types import PointState, SafeContact, Window
from tests.backend.talks import conversations, reasons

LONDON = ZoneInfo("Europe/London")
EVENINGS = (Window(frozenset(range(7)), time(18), time(22)),)
AGREED = SafeContact(windows=EVENINGS, may_start=True, others_see="nobody")
HALF_PAST_SEVEN = Rule(Cadence(), (time(19, 30),), "Europe/London", date(2026, 3, 1))


async def agreed(bench: Bench, rule: Rule = HALF_PAST_SEVEN, purpose: str = "check_in") -> int:
    """Somebody who agreed to this; the plan's id."""
    await bench.text("hello")
    await bench.text("bye")
    (talk_id,) = await conversations(bench)

    def make(c: object) -> int:
        talk = load_talk(c, bench.house, talk_id)  # type: ignore[arg-type]  # the store's connection
        talk.agree(AGREED, PointState.SAFE, bench.clock(), timedelta(days=400))
        talk.save(c)  # type: ignore[arg-type]  # as above
        return make_plan(c, bench.house, talk_id, purpose, rule)  # type: ignore[arg-type]  # as above

    bench.sms.sent.clear()
    return int(await bench.house.store.write(make))


async def live(bench: Bench, days: int, *, step: timedelta = timedelta(minutes=30)) -> list[datetime]:
    """So many days go by; the wall times at which something was sent."""
    went, until = [], bench.clock.now + timedelta(days=days)
    while bench.clock.now < until:
        before = len(bench.sms.sent)
        await bench.work()
        went += [bench.clock.now.astimezone(LONDON).replace(tzinfo=None)] * (len(bench.sms.sent) - before)
        bench.clock.now += step
    return went


async def dues(bench: Bench) -> list[tuple[str, str]]:
    return [tuple(row) for row in await bench.rows(select(PlanDue.state, PlanDue.reason).order_by(PlanDue.due_at))]


def evenings(first: date, count: int) -> list[datetime]:
    return [datetime.combine(first + timedelta(days=n), time(19, 30)) for n in range(count)]


@pytest.mark.requirement("R7")
def test_it_comes_each_evening_at_its_minute_through_the_spring_change(bench: Bench) -> None:
    async def scenario() -> None:
        bench.clock.now = datetime(2026, 3, 26, 12, tzinfo=UTC)
        await agreed(bench)
        assert await live(bench, 6) == evenings(date(2026, 3, 26), 6)
        assert bench.sms.texts[0].startswith("Hi, how is your day going?")

    asyncio.run(scenario())


def test_words_take_turns(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench, purpose="daily_text")
        await live(bench, 2)
        assert len(set(bench.sms.texts)) == 2

    asyncio.run(scenario())


@pytest.mark.requirement("R3")
def test_an_answer_is_heard_as_one_and_a_low_one_wakes_a_person(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench)
        bench.clock.now = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
        await bench.work()
        bench.clock.advance(minutes=15)
        (thanks,) = await bench.text("4")
        assert "sounds hard" in thanks
        assert (await reasons(bench), await dues(bench)) == (["check_in_low"], [("answered", "")])

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_an_answer_days_later_meets_the_opening_words(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench, replace(HALF_PAST_SEVEN, until=date(2026, 3, 2)))
        await live(bench, 3)
        (opener,) = await bench.text("3")
        assert "good time" in opener

    asyncio.run(scenario())


@pytest.mark.requirement("R8")
def test_after_an_outage_nothing_late_goes_and_each_time_is_accounted_for(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench)
        bench.clock.advance(days=4, hours=12)
        await bench.work()
        assert bench.sms.sent == []
        assert await dues(bench) == [("not_sent", "we_were_away")] * 5
        assert await reasons(bench) == ["check_in_missed_by_us"]
        assert await live(bench, 1) == evenings(date(2026, 3, 7), 1)

    asyncio.run(scenario())


def test_a_short_outage_sends_the_last_one_and_no_burst(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench)
        bench.clock.now = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
        await bench.work()
        assert len(bench.sms.sent) == 1
        assert [state for state, _ in await dues(bench)] == ["not_sent", "not_sent", "queued"]

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
def test_a_change_never_causes_a_burst_or_a_repeat(bench: Bench) -> None:
    async def scenario() -> None:
        plan = await agreed(bench)
        bench.clock.now = datetime(2026, 3, 2, 19, 31, tzinfo=UTC)
        await bench.work()
        for minute in (32, 33, 34):
            rule = replace(HALF_PAST_SEVEN, at=(time(19, minute), time(21)))
            bench.clock.now = datetime(2026, 3, 2, 19, 36, tzinfo=UTC)
            await bench.house.store.write(lambda c, rule=rule: change_plan(c, bench.house, plan, rule))
            await bench.work()
        assert len(bench.sms.sent) == 1
        bench.clock.now = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
        await bench.work()
        assert len(bench.sms.sent) == 2

    asyncio.run(scenario())


def test_what_waits_is_taken_back_when_the_plan_ends(bench: Bench) -> None:
    async def scenario() -> None:
        plan = await agreed(bench, replace(HALF_PAST_SEVEN, at=(time(17, 30),)))
        bench.clock.now = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
        await bench.work()
        assert bench.sms.sent == [], "it is held until the agreed hours"
        await bench.house.store.write(lambda c: end_plan(c, bench.house, plan))
        assert await live(bench, 3) == []
        assert await bench.rows(select(Plan.state)) == [("ended",)]

    asyncio.run(scenario())


@pytest.mark.requirement("R24")
def test_after_stop_each_time_says_why_it_did_not_go(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench)
        await bench.text("STOP")
        assert await live(bench, 2) == []
        assert await dues(bench) == [("not_sent", "opted_out")] * 2

    asyncio.run(scenario())


def test_a_second_plan_of_the_same_purpose_takes_the_place_of_the_first(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench)
        (talk_id,) = await conversations(bench)
        later = replace(HALF_PAST_SEVEN, at=(time(20),))
        await bench.house.store.write(lambda c: make_plan(c, bench.house, talk_id, "check_in", later))
        (plan,) = await bench.house.store.read(lambda c: plans_of(c, bench.house, talk_id))
        assert plan.rule == later
        assert plan.next_at == datetime(2026, 3, 2, 20, tzinfo=UTC)

    asyncio.run(scenario())


@pytest.mark.requirement("R38")
def test_when_somebody_is_written_to_is_sealed(bench: Bench) -> None:
    async def scenario() -> None:
        await agreed(bench)
        ((sealed,),) = await bench.rows(select(Plan.rule))
        assert b"19:30" not in sealed

    asyncio.run(scenario())


def test_every_rule_survives_its_json() -> None:
    weekly = Cadence(Every.WEEKS, 2, frozenset({0, 4}))
    rule = Rule(
        weekly,
        Between(time(9), time(12)),
        "Europe/London",
        date(2026, 1, 1),
        date(2026, 9, 1),
        (Pause(date(2026, 2, 1)), Pause(date(2026, 3, 1), date(2026, 3, 4))),
        ((date(2026, 5, 1), Cadence(Every.MONTHS)),),
    )
    assert rule_from_json(rule_to_json(rule)) == rule
    assert rule_from_json(rule_to_json(HALF_PAST_SEVEN)) == HALF_PAST_SEVEN
