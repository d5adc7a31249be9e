"""Less of it, asked for by text: rarer, a pause or an end counts at once, whoever asks; going on does not (R14)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from backend.checkins import wishing
from backend.checkins.rules import Cadence, Every, Pause, days_apart, is_due_on, next_time
from backend.store.talk import Conversation
from backend.testing import Bench
from tests.backend.checkins.people import HALF_PAST_SEVEN, MONDAY, act, plans, said, with_plan
from tests.backend.talks import reasons


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
