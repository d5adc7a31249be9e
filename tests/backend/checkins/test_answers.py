"""Answers to check-ins are kept, and a low one, a change or a complaint makes the right task (C14, C17, B8, D10)."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from backend.checkins.answers import read_answers
from backend.checkins.topics import AREA, ASKED, ASKS, PER_THEME, THEMES, TURNS, daily, topic
from backend.store.checkins import CheckInAnswer
from backend.store.support import Task
from backend.testing import Bench
from tests.backend.checkins.people import HALF_PAST_SEVEN, act, at, dues, tasks, until, with_plan
from tests.backend.talks import conversations, reasons, talk


async def asked(bench: Bench, day: int = 2, **plan: Any) -> None:
    """The check-in of the day has gone."""
    await with_plan(bench, **plan)
    bench.clock.now = datetime(2026, 3, day, 19, 30, tzinfo=UTC)
    await bench.work()


async def answers(bench: Bench) -> list[dict[str, Any]]:
    (talk_id,) = await conversations(bench)
    kept = await bench.house.store.read(lambda c: read_answers(c, bench.house, talk_id))
    return [dict(each.answers) for each in kept]


@pytest.mark.requirement("R38")
def test_each_answer_is_kept_sealed_as_it_is_given(bench: Bench) -> None:
    async def scenario() -> None:
        await asked(bench)
        await bench.text("2")
        assert await answers(bench) == [{"day": 4}], "what is said before somebody stops counts too"
        (thanks,) = await bench.text("4")
        assert "Thank you for telling us" in thanks
        assert await answers(bench) == [{"day": 4, "settled": 4}]
        assert (await tasks(bench), await reasons(bench), await dues(bench)) == ([], [], [("answered", "", "")])
        ((sealed,),) = await bench.rows(select(CheckInAnswer.answers))
        assert b"settled" not in sealed

    asyncio.run(scenario())


def test_a_bad_day_is_for_a_person_soon(bench: Bench) -> None:
    async def scenario() -> None:
        await asked(bench)
        await bench.text("5")
        assert (await tasks(bench), await reasons(bench)) == (["check_in_low"], ["check_in_low"])

    asyncio.run(scenario())


def test_a_low_answer_about_being_settled_is_for_today(bench: Bench) -> None:
    async def scenario() -> None:
        await asked(bench)
        await talk(bench, ("2", "1"))
        ((kind, due),) = await bench.rows(select(Task.kind, Task.due_at))
        assert (kind, due.date()) == ("low_today", bench.clock.now.date())
        assert await reasons(bench) == ["low_today"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("about", "slots", "kinds"),
    [
        ("money", {"how_true": 1}, ["low_area"]),
        ("kindness", {"how_true": 2}, ["low_today"]),
        ("money", {"how_true": 3}, []),
        ("changes", {"what_changed": ["home", "someone"]}, ["reassess"]),
        ("changes", {"what_changed": ["nothing"]}, []),
        ("changes", {"what_changed": []}, []),
        ("feedback", {"how_we_do": "does_not_help"}, ["not_working"]),
        ("feedback", {"how_we_do": "helps"}, []),
        ("money", {}, []),
    ],
)
def test_each_kind_of_answer_makes_its_task_or_none(
    bench: Bench, about: str, slots: dict[str, Any], kinds: list[str]
) -> None:
    async def scenario() -> None:
        await asked(bench)
        await bench.text("2")

        def told(c: Any, found: Any) -> None:
            memory = found.memory()
            memory["about"] = about
            found.remember(memory)

        await at(bench, told)
        await act(bench, "action_record_check_in", how_it_goes="good", **slots)
        await act(bench, "action_record_check_in", how_it_goes="good", **slots)
        assert await tasks(bench) == kinds, "the same answer makes no second task"

    asyncio.run(scenario())


@pytest.mark.requirement("R29")
def test_words_of_danger_in_an_answer_are_heard_first(bench: Bench) -> None:
    async def scenario() -> None:
        await asked(bench)
        said = await bench.text("he has a knife")
        assert "999" in said[0]
        assert "danger" in await reasons(bench)

    asyncio.run(scenario())


def test_every_reply_to_kind_words_is_read_by_a_person(bench: Bench) -> None:
    async def scenario() -> None:
        await asked(bench, purpose="daily_text")
        (thanks,) = await bench.text("that was nice thank you so much")
        assert thanks.startswith("Thank you for writing.")
        assert await reasons(bench) == ["daily_reply"]

    asyncio.run(scenario())


def test_what_is_asked_takes_turns_and_each_area_comes_once_before_any_comes_again() -> None:
    turns = [topic(turn, ASKS) for turn in range(4 * len(TURNS))]
    areas = [code for code in turns if code in ASKED]
    assert areas[: len(ASKED)] == list(ASKED)
    assert {"settled", "changes", "feedback"} <= set(turns)
    assert topic(1, ("settled",)) == ""


def test_areas_that_only_a_practitioner_opens_are_never_asked_by_text() -> None:
    by_number = {area.number: area for area in AREA.values()}
    assert sorted(by_number) == list(range(1, 19))
    assert not any(by_number[number].ask for number in (11, 14, 15, 18))
    assert [number for number, area in sorted(by_number.items()) if area.same_day] == [2, 14, 16]


def test_kind_words_take_turns_by_theme_and_each_has_words_of_its_own(bench: Bench) -> None:
    from backend.conversations.facts import service_facts
    from bot import render
    from bot.contract import Facts

    said = set()
    for turn in range(len(THEMES) * PER_THEME):
        about, nth = daily(turn, THEMES)
        facts = Facts(about=about, round=nth, service=service_facts(bench.house.settings))
        said.add(render(bench.house.flows, "utter_daily_text", {}, facts).text)
    assert len(said) == len(THEMES) * PER_THEME >= 20
    assert {daily(turn, ("rest",))[0] for turn in range(9)} == {"rest"}


def test_the_words_are_never_the_same_twice_in_a_row(bench: Bench) -> None:
    async def scenario() -> None:
        await with_plan(bench, HALF_PAST_SEVEN, "daily_text")
        await until(bench, datetime(2026, 3, 5, 20, tzinfo=UTC))
        assert len(set(bench.sms.texts)) == len(bench.sms.texts) == 4

    asyncio.run(scenario())
