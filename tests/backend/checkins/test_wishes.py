"""Texts at set times, asked for by text: in the agreed hours at once, beyond them only by a second route (R14)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from backend.checkins import wishes, wishing
from backend.checkins.plans import make_plan
from backend.checkins.rules import Cadence, Every, Rule
from backend.contact_points import pending
from backend.contact_points.confirming import By, NotSafeNowError, confirm
from backend.store.talk import ContactPoint, Conversation
from backend.testing import Bench
from safety.types import PointState
from tests.backend.checkins.people import (
    AGREED,
    EVENINGS,
    HALF_PAST_SEVEN,
    MONDAY,
    act,
    at,
    plans,
    said,
    somebody,
    until,
    with_plan,
)
from tests.backend.talks import conversations, reasons

EACH_EVENING = {"plan_kind": "both", "plan_often": "daily", "plan_time": "19:30", "plan_until": "month"}


async def waits(bench: Bench) -> list[str]:
    return await at(bench, lambda c, found: [one.what for one in pending.waiting(c, bench.house, found)])


@pytest.mark.requirement("R14")
def test_in_the_agreed_hours_it_counts_at_once(bench: Bench) -> None:
    async def scenario() -> None:
        await somebody(bench)
        await act(bench, "action_agree_plan", **EACH_EVENING, plan_theme=["rest"])
        made = await plans(bench)
        assert [plan.purpose for plan in made] == ["check_in", "daily_text"]
        assert {plan.next_at for plan in made} == {datetime(2026, 3, 2, 19, 30, tzinfo=UTC)}
        assert made[0].rule.until == date(2026, 4, 1)
        assert made[1].terms.themes == ("rest",)
        assert (await said(bench), await waits(bench)) == (["utter_plan_agreed"], [])
        assert await reasons(bench) == ["plan_changed_by_text"]

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("beyond", ["hours", "never first", "stale", "word", "enquiry"])
def test_what_goes_beyond_what_was_agreed_waits_and_says_so(bench: Bench, beyond: str) -> None:
    async def scenario() -> None:
        await somebody(bench, replace(AGREED, may_start=beyond != "never first"))
        if beyond == "stale":
            await bench.house.store.write(lambda c: c.execute(update(ContactPoint).values(expires_at=bench.clock())))
        if beyond == "word":
            await bench.house.store.write(lambda c: c.execute(update(Conversation).values(code_word=b"slow")))
        if beyond == "enquiry":
            later = bench.clock() + timedelta(days=30)
            await bench.house.store.write(lambda c: c.execute(update(Conversation).values(expires_at=later)))
        asked = EACH_EVENING | ({"plan_time": "07:00"} if beyond == "hours" else {})
        await act(bench, "action_agree_plan", **asked)
        assert (await plans(bench), await waits(bench)) == ([], ["plan"])
        assert await said(bench) == ["utter_plan_waits"]
        assert "wants_looser_contact" in await reasons(bench)

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
def test_where_somebody_else_may_read_not_even_a_wish_is_kept(bench: Bench) -> None:
    async def scenario() -> None:
        await somebody(bench)
        await at(bench, lambda c, found: found.set_point_state(PointState.UNSAFE))
        await act(bench, "action_agree_plan", **EACH_EVENING)
        assert (await plans(bench), await waits(bench)) == ([], [])
        assert (await said(bench), await reasons(bench)) == (["utter_plan_waits"], ["wants_plan"])

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
def test_a_practitioner_who_confirms_makes_the_plan_and_room_for_it(bench: Bench) -> None:
    async def scenario() -> None:
        await somebody(bench)
        await act(bench, "action_agree_plan", **EACH_EVENING | {"plan_time": "07:00"})

        def confirmed(c: Any, found: Any) -> None:
            (wish,) = pending.waiting(c, bench.house, found)
            confirm(c, bench.house, found, wish.id, By("spoken", conversation_id=found.id))

        await at(bench, confirmed)
        assert [plan.next_at for plan in await plans(bench)] == [datetime(2026, 3, 3, 7, tzinfo=UTC)] * 2
        bench.sms.sent.clear()
        await until(bench, datetime(2026, 3, 3, 8, tzinfo=UTC), step=timedelta(minutes=30))
        assert len(bench.sms.sent) == 2

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
def test_nothing_is_confirmed_where_the_contact_point_is_unsafe(bench: Bench) -> None:
    async def scenario() -> None:
        await somebody(bench)
        await act(bench, "action_agree_plan", **EACH_EVENING | {"plan_time": "07:00"})
        await at(bench, lambda c, found: found.set_point_state(PointState.UNSAFE))

        def confirmed(c: Any, found: Any) -> None:
            (wish,) = pending.waiting(c, bench.house, found)
            confirm(c, bench.house, found, wish.id, By("spoken", conversation_id=found.id))

        with pytest.raises(NotSafeNowError):
            await at(bench, confirmed)
        assert await plans(bench) == []

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
def test_another_time_on_a_day_that_had_its_text_begins_tomorrow(bench: Bench) -> None:
    async def scenario() -> None:
        await with_plan(bench, HALF_PAST_SEVEN, "daily_text")
        await until(bench, datetime(2026, 3, 2, 19, 35, tzinfo=UTC))
        await act(bench, "action_agree_plan", **EACH_EVENING | {"plan_kind": "daily_text", "plan_time": "20:00"})
        (plan,) = await plans(bench)
        assert plan.next_at == datetime(2026, 3, 3, 20, tzinfo=UTC)

    asyncio.run(scenario())


def test_by_text_from_the_first_word_to_the_first_kind_words(bench: Bench) -> None:
    async def scenario() -> None:
        await somebody(bench)
        bench.clock.advance(hours=2)
        for text in ("hello", "1", "1", "1"):
            await bench.text(text)
        for text in ("can you text me each evening", "1", "1", "1", "half past seven in the evening"):
            await bench.text(text)
        (set_now, *_) = await bench.text("4")
        assert set_now.startswith("Thank you. That is set.")
        bench.sms.sent.clear()
        await until(bench, datetime(2026, 3, 2, 19, 35, tzinfo=UTC))
        assert bench.sms.texts == ["Hi. Breathe in for four, and out for six. Three times is plenty."]
        (ended,) = await bench.text("no more of these")
        assert ended.startswith("Thank you. That is fine. No more of these.")
        assert (await plans(bench), await conversations(bench)) == ([], [(await conversations(bench))[0]])

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("slots", "cadence"),
    [
        ({"plan_often": "daily"}, Cadence()),
        ({"plan_often": "days", "plan_days": [0, 3]}, Cadence(Every.WEEKS, 1, frozenset({0, 3}))),
        ({"plan_often": "every_few", "plan_every": "three"}, Cadence(Every.DAYS, 3)),
        ({"plan_often": "days"}, None),
        ({}, None),
    ],
)
def test_answers_become_a_rhythm_or_none(slots: dict[str, Any], cadence: Cadence | None) -> None:
    wish = wishing.wish_of({"plan_kind": "check_in", "plan_time": "19:30"} | slots, MONDAY, "Europe/London")
    assert (wish and wish.rule.cadence) == cadence
    assert wish is None or wishing.wish_from_json(wishing.wish_to_json(wish)) == wish


@pytest.mark.requirement("R7")
@pytest.mark.parametrize(
    ("wall", "keeps"), [(time(18), True), (time(21, 59), True), (time(22), False), (time(17, 59), False)]
)
def test_every_time_of_a_plan_must_lie_in_the_hours(wall: time, keeps: bool) -> None:
    rule = replace(HALF_PAST_SEVEN, at=(wall,), first=MONDAY)
    assert wishing.keeps_to(rule, AGREED) is keeps
    assert wishing.keeps_to(rule, wishing.widened(AGREED, rule, timedelta(hours=2)))
    assert not wishing.keeps_to(rule, replace(AGREED, may_start=False))


def test_one_evening_that_is_not_agreed_is_enough_to_wait() -> None:
    not_wednesday = replace(AGREED, windows=(replace(EVENINGS[0], days=frozenset({0, 1, 3, 4, 5, 6})),))
    assert not wishing.keeps_to(HALF_PAST_SEVEN, not_wednesday)
    days = replace(HALF_PAST_SEVEN, cadence=Cadence(Every.WEEKS, 1, frozenset({0, 1, 3, 4, 5, 6})))
    assert wishing.keeps_to(days, not_wednesday)


@pytest.mark.requirement("R14")
def test_a_plan_may_taper_from_the_beginning(bench: Bench) -> None:
    async def scenario() -> None:
        await somebody(bench)
        await act(bench, "action_agree_plan", **EACH_EVENING, plan_taper="slowly")
        made = await plans(bench)
        steps = ((date(2026, 3, 17), Cadence(n=2)), (date(2026, 3, 25), Cadence(n=4)))
        assert [plan.rule.tapers for plan in made] == [steps, steps]

    asyncio.run(scenario())


def test_a_second_plan_of_a_purpose_is_the_first_one_changed(bench: Bench) -> None:
    async def scenario() -> None:
        talk_id = await somebody(bench)
        rule = Rule(Cadence(), (time(20),), "Europe/London", MONDAY)
        first = await bench.house.store.write(lambda c: make_plan(c, bench.house, talk_id, "check_in", HALF_PAST_SEVEN))
        wish = wishing.Wish(("check_in",), rule)
        await bench.house.store.write(lambda c: wishes.set_plans(c, bench.house, talk_id, wish))
        assert [plan.id for plan in await plans(bench)] == [first]

    asyncio.run(scenario())
