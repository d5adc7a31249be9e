"""Agreed words: wrong ones, unfit ones, and what stays of one that was sent (R12, R15)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import event, select

from backend.store.talk import Conversation, InboundMessage
from backend.testing import HER_NUMBER as HER
from backend.testing import Bench
from tests.backend.talks import (
    AGREED,
    TO_NAME,
    another_day,
    conversations,
    memory,
    reasons,
    talk,
    thread,
    with_word,
)

STRANGER = "+447700900124"
WORD = "velvet kettle"
TOLD = ("Zebedee", "1", "Crawley", "1", "he took my bank card")
WRONG = ("crimson lamp", "yellow lamp", "green lamp")


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R3")
def test_wrong_words_are_answered_as_on_a_phone_that_has_none_and_a_worker_is_told(bench: Bench) -> None:
    tries = (
        "hello",
        "crimson lamp",
        "yellow lamp",
        "green lamp",
        "purple lamp",
        "1",
        "1",
        "hazel lamp",
        "3",
        "oaken lamp",
    )

    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), *TOLD))
        await another_day(bench)
        assert await talk(bench, tries, HER) == await talk(bench, tries, STRANGER)
        assert (await reasons(bench)).count("wrong_words") == 1

    run(scenario)


@pytest.mark.requirement("R12")
def test_two_wrong_words_tell_nobody(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(WORD))
        await another_day(bench)
        await talk(bench, ("hello", "crimson lamp", "yellow lamp"))
        assert "wrong_words" not in await reasons(bench)

    run(scenario)


@pytest.mark.requirement("R12")
def test_guessing_by_first_messages_is_counted_too(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(WORD))
        await another_day(bench)
        await talk(bench, ("crimson lamp", "bye", "yellow lamp", "bye", "green lamp"))
        assert "wrong_words" in await reasons(bench)

    run(scenario)


@pytest.mark.requirement("R15")
def test_after_three_wrong_words_the_right_one_waits_for_a_while(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(WORD))
        await another_day(bench)
        await talk(bench, ("hello", *WRONG))
        assert "Thank you." not in await bench.text(WORD)
        bench.clock.advance(minutes=3)
        assert "Thank you." in await bench.text(WORD)
        assert "tries" not in await memory(bench)

    run(scenario)


@pytest.mark.requirement("R15")
def test_guessing_without_end_is_slow(bench: Bench) -> None:
    """However it is tried in a day, few guesses are looked at."""

    async def scenario() -> None:
        await talk(bench, with_word(WORD))
        await another_day(bench)
        await bench.text("hello")
        looked_at = 0
        for guess in range(40):
            before = (await memory(bench)).get("tries", {}).get("sum", 0)
            looked_at += before < 60
            await bench.text(f"guess {'abcdefghij'[guess % 10]}{'klmnopqrst'[guess // 10]}wx")
        assert looked_at <= 3

    run(scenario)


@pytest.mark.requirement("R3")
def test_the_same_work_is_done_whether_or_not_a_word_was_agreed(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(WORD))
        await talk(bench, TO_NAME, STRANGER)
        await another_day(bench)
        for text in ("crimson lamp", "yellow lamp"):
            assert await _statements(bench, text, HER) == await _statements(bench, text, STRANGER)

    run(scenario)


async def _statements(bench: Bench, text: str, number: str) -> list[str]:
    """The kinds of statements that a message makes the house run."""
    ran: list[str] = []
    listen = (bench.house.store.engine, "before_cursor_execute", lambda *args: ran.append(args[2]))
    event.listen(*listen)
    await bench.post(text, number)
    event.remove(*listen)
    return ran


@pytest.mark.requirement("R15")
def test_an_agreed_word_stays_readable_nowhere(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(WORD, "garden gate"))
        await another_day(bench)
        await talk(bench, (WORD, "1", "garden gate"))
        (talk_id,) = await conversations(bench)
        lines = await thread(bench, talk_id)
        assert lines.count("") == 4
        assert not [line for line in lines if "kettle" in line or "gate" in line]
        remembered = str(await memory(bench)).lower()
        assert "kettle" not in remembered
        assert "gate" not in remembered
        courses = {row.course for row in await bench.rows(select(InboundMessage.course))}
        assert {"code_word", "duress"} <= courses

    run(scenario)


@pytest.mark.requirement("R15")
@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("password", "too easy to guess"),
        ("cat", "too easy to guess"),
        ("blade runner", "plain meaning"),
        ("my domestic abuse", "says too much"),
        ("one two three four five six words", "too long"),
    ],
)
def test_a_word_that_cannot_be_one_is_refused_with_its_reason(bench: Bench, word: str, told: str) -> None:
    async def scenario() -> None:
        replies = await talk(bench, (*AGREED, "5", "1", word))
        assert [reply for reply in replies if told in reply]
        assert [row.code_word for row in await bench.rows(select(Conversation.code_word))] == [None]
        await bench.text(WORD)
        assert [row.code_word for row in await bench.rows(select(Conversation.code_word))] != [None]

    run(scenario)


@pytest.mark.requirement("R15")
def test_the_second_word_cannot_be_the_first(bench: Bench) -> None:
    async def scenario() -> None:
        replies = await talk(bench, (*with_word(WORD)[:-1], "2", WORD))
        assert [reply for reply in replies if "is in use" in reply]
        row = (await bench.rows(select(Conversation.code_word, Conversation.duress_word)))[0]
        assert row.duress_word is None

    run(scenario)
