"""Texts at set times, asked for by text: in the agreed hours at once, beyond them only by a second route (R14)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.checkins import wishes, wishing
from backend.checkins.plans import make_plan
from backend.checkins.rules import Cadence, Every, Pause, Rule, days_apart, is_due_on, next_time
from backend.contact_points import pending
from backend.contact_points.confirming import By, NotSafeNowError, confirm
from backend.store.talk import ContactPoint, Conversation, OutboundMessage
from backend.testing import Bench
from safety.types import PointState
from tests.backend.checkins.people import (
    AGREED,
    EVENINGS,
    HALF_PAST_SEVEN,
    act,
    at,
    plans,
    somebody,
    until,
    with_plan,
)
from tests.backend.talks import conversations, reasons

MONDAY = date(2026, 3, 2)
EACH_EVENING = {"plan_kind": "both", "plan_often": "daily", "plan_time": "19:30", "plan_until": "month"}


async def said(bench: Bench) -> list[str]:
    """The lines that the house said."""
    rows = await bench.rows(select(OutboundMessage.response).order_by(OutboundMessage.id))
    return [row.response for row in rows if row.response.startswith("utter_plan")]


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


@pytest.mark.requirement("R14")
def test_what_is_less_counts_at_once_whoever_asks(bench: Bench) -> None:
    async def scenario() -> None:
        await with_plan(bench)
        await bench.house.store.write(lambda c: c.execute(update(Conversation).values(code_word=b"slow")))
        await act(bench, "action_fewer_texts")
        assert [plan.rule.cadence.n for plan in await plans(bench)] == [2]
        await act(bench, "action_pause_plans")
        assert [plan.next_at for plan in await plans(bench)] == [None], "until they write"
        await act(bench, "action_pause_until", plan_pause="this_week")
        assert [plan.next_at for plan in await plans(bench)] == [datetime(2026, 3, 10, 19, 30, tzinfo=UTC)]
        await act(bench, "action_end_plans")
        assert (await plans(bench), await reasons(bench)) == ([], ["plan_changed_by_text", "plan_changed_by_text"])

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
def test_a_pause_ends_by_text_only_if_it_is_known_who_asks(bench: Bench) -> None:
    async def scenario() -> None:
        await with_plan(bench)
        await act(bench, "action_pause_plans")
        await bench.house.store.write(lambda c: c.execute(update(Conversation).values(code_word=b"slow")))
        await act(bench, "action_resume_plans")
        assert [plan.next_at for plan in await plans(bench)] == [None]
        await bench.house.store.write(lambda c: c.execute(update(Conversation).values(verified_at=bench.clock())))
        await act(bench, "action_resume_plans")
        assert [plan.next_at for plan in await plans(bench)] == [datetime(2026, 3, 2, 19, 30, tzinfo=UTC)]
        assert await said(bench) == ["utter_plan_waits", "utter_plan_resumed"]

    asyncio.run(scenario())


@pytest.mark.requirement("R3")
def test_where_there_is_no_plan_the_words_are_the_same(bench: Bench) -> None:
    async def scenario() -> None:
        await with_plan(bench)
        known = await bench.text("no more of these") + await bench.text("no more of these")
        await bench.text("hello", "+447700900999")
        unknown = await bench.text("no more of these", "+447700900999")
        assert unknown[-1] in known
        assert await plans(bench) == []

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


@pytest.mark.parametrize(
    ("cadence", "half"),
    [
        (Cadence(), Cadence(n=2)),
        (Cadence(Every.WEEKS, 1, frozenset({0, 2, 4})), Cadence(Every.WEEKS, 1, frozenset({0, 4}))),
        (Cadence(Every.WEEKS, 1, frozenset({1})), Cadence(Every.WEEKS, 2, frozenset({1}))),
        (Cadence(n=60), Cadence(n=60)),
    ],
)
def test_half_as_often(cadence: Cadence, half: Cadence) -> None:
    assert wishing.rarer(replace(HALF_PAST_SEVEN, cadence=cadence)).cadence == half


def test_a_taper_is_made_rarer_in_every_step() -> None:
    rule = replace(HALF_PAST_SEVEN, tapers=((date(2026, 4, 1), Cadence(Every.WEEKS, 1, frozenset({2}))),))
    assert wishing.rarer(rule).tapers == ((date(2026, 4, 1), Cadence(Every.WEEKS, 2, frozenset({2}))),)


@pytest.mark.parametrize(
    ("cadence", "steps"),
    [
        (Cadence(), [(date(2026, 3, 17), 4), (date(2026, 4, 2), 8)]),
        (Cadence(Every.WEEKS, 1, frozenset({2})), [(date(2026, 3, 25), 4), (date(2026, 4, 22), 8)]),
        (Cadence(Every.MONTHS), [(date(2026, 5, 1), 4)]),
    ],
)
def test_slowly_is_half_as_often_now_and_again_in_steps(cadence: Cadence, steps: list[tuple[date, int]]) -> None:
    slow = wishing.tapered(replace(HALF_PAST_SEVEN, cadence=cadence), MONDAY)
    assert (slow.cadence.n, [(day, each.n) for day, each in slow.tapers]) == (2, steps)
    gaps = [days_apart(each) for each in (slow.cadence, *(each for _, each in slow.tapers))]
    assert gaps == sorted(set(gaps)), "each step is rarer than the one before"
    due = [day for n in range(200) if is_due_on(slow, day := MONDAY + timedelta(days=n))]
    between = [later - earlier for earlier, later in pairwise(due)]
    assert between == sorted(between), "never two that are nearer than those before"


def test_what_tapers_already_is_only_made_rarer() -> None:
    slow = wishing.tapered(HALF_PAST_SEVEN, MONDAY)
    assert wishing.tapered(slow, MONDAY) == wishing.rarer(slow)


@pytest.mark.requirement("R14")
def test_slowly_less_counts_at_once_whoever_asks(bench: Bench) -> None:
    async def scenario() -> None:
        await with_plan(bench, HALF_PAST_SEVEN, "daily_text")
        await bench.house.store.write(lambda c: c.execute(update(Conversation).values(code_word=b"slow")))
        await bench.text("hello")
        (said,) = await bench.text("less and less often please")
        assert said == "Thank you. That is fine. From now on it is less and less often."
        (plan,) = await plans(bench)
        assert (plan.rule.cadence.n, [each.n for _, each in plan.rule.tapers]) == (2, [4, 8])
        assert await reasons(bench) == ["plan_changed_by_text"]

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
def test_a_plan_may_taper_from_the_beginning(bench: Bench) -> None:
    async def scenario() -> None:
        await somebody(bench)
        await act(bench, "action_agree_plan", **EACH_EVENING, plan_taper="slowly")
        made = await plans(bench)
        steps = ((date(2026, 3, 17), Cadence(n=2)), (date(2026, 3, 25), Cadence(n=4)))
        assert [plan.rule.tapers for plan in made] == [steps, steps]

    asyncio.run(scenario())


def test_pauses_end_when_they_say() -> None:
    quiet = wishing.paused(HALF_PAST_SEVEN, MONDAY, None)
    again = wishing.goes_on("two_weeks", MONDAY)
    ends = wishing.paused(quiet, MONDAY, again and again - timedelta(days=1))
    assert ends.pauses == (Pause(MONDAY, date(2026, 3, 15)),)
    assert next_time(ends, datetime(2026, 3, 2, tzinfo=UTC)) == datetime(2026, 3, 16, 19, 30, tzinfo=UTC)
    week_later = wishing.taken_up(quiet, date(2026, 3, 9))
    assert week_later.pauses == (Pause(MONDAY, date(2026, 3, 8)),)


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ("this_week", date(2026, 3, 9)),
        ("two_weeks", date(2026, 3, 16)),
        ("2026-03-06", date(2026, 3, 6)),
        ("2026-03-01", date(2026, 3, 3)),
        ("till_i_say", None),
        (None, None),
    ],
)
def test_the_day_on_which_it_goes_on_again(answer: str | None, day: date | None) -> None:
    assert wishing.goes_on(answer, MONDAY) == day


@pytest.mark.requirement("R14")
@pytest.mark.parametrize(
    ("words", "said", "next_at"),
    [
        ("pause till friday", "until Fri 6 March", datetime(2026, 3, 6, 19, 30, tzinfo=UTC)),
        ("pause the texts for two weeks", "until Mon 16 March", datetime(2026, 3, 16, 19, 30, tzinfo=UTC)),
        ("not this week", "until Mon 9 March", datetime(2026, 3, 9, 19, 30, tzinfo=UTC)),
    ],
)
def test_a_pause_that_says_until_when_is_not_asked_about(
    bench: Bench, words: str, said: str, next_at: datetime
) -> None:
    async def scenario() -> None:
        await with_plan(bench)
        await bench.text("hello")
        (answer,) = await bench.text(words)
        assert (said in answer, [plan.next_at for plan in await plans(bench)]) == (True, [next_at])

    asyncio.run(scenario())


@pytest.mark.requirement("R14")
def test_a_pause_that_may_mean_two_days_is_quiet_and_asks(bench: Bench) -> None:
    async def scenario() -> None:
        await with_plan(bench)
        await bench.text("hello")
        (asks,) = await bench.text("pause till after christmas")
        assert "For how long?" in asks
        assert [plan.next_at for plan in await plans(bench)] == [None]
        (answer,) = await bench.text("till the 20th")
        assert "until Fri 20 March" in answer

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
