"""A word of the person's own that leaves, and the word for bad times on web chat and without a code word (R13, R15)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import select

from backend.conversations.outbox import Words, queue_words
from backend.conversations.talk import find_talk
from backend.store.talk import ContactPoint, Conversation, InboundMessage, OutboundMessage
from backend.testing import HER_NUMBER as HER
from backend.testing import Bench
from safety.types import Kind
from tests.backend.conversations.test_web_sessions import Visitor
from tests.backend.talks import AGREED, another_day, memory, reasons, talk, thread

OTHER = "+447700900124"
WORD, SIGN = "purple teapot", "\N{FOX FACE}"
BYE = ["Thank you. Bye for now."]
JUST_LEAVES, TELLS, NONE = ("3", "3"), ("3", "2"), ("2",)
TO_THE_CODE = ("1", "1", "1", "1", "4", "2")
"""On the page, as far as the number to come back with and the question for a word for bad times."""

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""What asks nothing new of the database."""


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


def agreeing(word: str, kind: tuple[str, ...] = JUST_LEAVES) -> tuple[str, ...]:
    """By text, as far as the name, with a word for leaving and no code word."""
    return (*AGREED, "5", *kind, word)


@pytest.mark.requirement("R15")
@pytest.mark.parametrize("word", [WORD, SIGN])
def test_it_leaves_at_once_like_any_bye_and_is_kept_nowhere(bench: Bench, word: str) -> None:
    async def scenario() -> None:
        await talk(bench, agreeing(word))
        await talk(bench, agreeing(word, NONE)[:-1], OTHER)
        assert await bench.post(word.upper()) == BYE == await bench.post("bye", OTHER)
        (first, *_) = await bench.rows(select(Conversation).order_by(Conversation.id))
        assert first.session_ended_at is not None and word.encode() not in first.exit_word
        assert (await thread(bench, first.id)).count("") == 2
        assert word.split()[-1] not in str(await memory(bench)).lower()
        courses = [row.course for row in await bench.rows(select(InboundMessage.course))]
        assert courses.count("exit") == 2

    run(scenario)


@ON_SQLITE
@pytest.mark.parametrize("where", ["in the talk", "in the opening", "as the first words", "while an answer waits"])
def test_it_leaves_from_anywhere_and_what_was_queued_does_not_follow(bench: Bench, where: str) -> None:
    async def scenario() -> None:
        await talk(bench, agreeing(WORD))
        if where != "in the talk":
            await another_day(bench)
        if where == "in the opening":
            await talk(bench, ("hello", "1"))
        if where == "while an answer waits":
            await talk(bench, ("hello", "1", "1", "1", "1"))
            await bench.post("well it is")
        await bench.house.store.write(lambda c: _queue(c, bench))
        assert await bench.post(WORD) == BYE
        assert await bench.settle() == []
        queued = await bench.rows(select(OutboundMessage.state).where(OutboundMessage.kind == "check_in"))
        assert [row.state for row in queued] == ["cancelled"]
        assert "Is now a good time" in (await bench.text("hello"))[0]

    run(scenario)


def _queue(c: Any, bench: Bench) -> None:
    found = find_talk(c, bench.house, "sms", HER)
    assert found is not None
    queue_words(c, bench.house, found, Kind.CHECK_IN, Words("Hello."))


@ON_SQLITE
@pytest.mark.requirement("R29")
def test_danger_is_still_danger_and_the_word_after_it_still_leaves(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, agreeing(WORD))
        assert "999" in (await bench.text("he has a knife"))[-1]
        assert await bench.post(WORD) == BYE

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R13")
def test_a_word_for_bad_times_needs_no_code_word(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, agreeing("garden gate", TELLS))
        assert await bench.post("garden gate") == BYE
        assert "duress" in await reasons(bench)
        (point,) = await bench.rows(select(ContactPoint.state, ContactPoint.paused_at))
        assert point.state == "unsafe" and point.paused_at is not None

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R15")
def test_an_emoji_is_no_code_word_and_no_guess_at_one(bench: Bench) -> None:
    async def scenario() -> None:
        replies = await talk(bench, (*AGREED, "5", "1", SIGN, WORD, "1"))
        assert [reply for reply in replies if "too easy to guess" in reply]
        await another_day(bench)
        await talk(bench, ("hello", *(sign for sign in "\N{HEDGEHOG}\N{LEMON}\N{TEAPOT}\N{BADGER}")))
        assert "wrong_words" not in await reasons(bench)

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R12")
def test_wrong_words_are_told_only_where_a_code_word_was_agreed(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, agreeing(WORD))
        await another_day(bench)
        await talk(bench, ("hello", "crimson lamp", "yellow lamp", "green lamp", "hazel lamp"))
        assert "wrong_words" not in await reasons(bench)

    run(scenario)


@pytest.mark.requirement("R13")
@pytest.mark.requirement("R21")
@pytest.mark.parametrize("returning", [False, True])
def test_on_web_chat_the_page_shows_what_an_ordinary_ending_shows(bench: Bench, returning: bool) -> None:
    """The same visit twice, one ended by `bye` and one by the word: the pages are the same bytes, but for the code."""

    async def scenario() -> None:
        pages = {ending: await _visit(bench, ending, returning) for ending in ("bye", "garden gate")}
        assert pages["bye"] == pages["garden gate"]
        assert pages["bye"][0][-1] == BYE[0] and pages["bye"][1]
        assert (await reasons(bench)).count("duress") == 1
        points = await bench.rows(select(ContactPoint.state, ContactPoint.paused_at).order_by(ContactPoint.id))
        assert [row.paused_at is not None for row in points if row.state == "unsafe"] == [True]

    run(scenario)


async def _visit(bench: Bench, ending: str, returning: bool) -> tuple[list[str], bool]:
    """What the page showed, and whether it says that the talk has ended; each visit agrees the same two answers."""
    visitor = await Visitor(bench).open()
    await visitor.say(*TO_THE_CODE, "2", "garden gate", "Zebedee")
    code = await visitor.code()
    if returning:
        await visitor.web.leave(visitor.token)
        visitor.token = await visitor.web.come_back(code) or ""
        await bench.work()
        await visitor.say("1", "1")
    await visitor.say(ending)
    page = await visitor.web.thread(visitor.token)
    assert page is not None
    return [line.text.replace(code, "code") for line in page.lines if not line.mine], page.ended


@ON_SQLITE
@pytest.mark.requirement("R27")
@pytest.mark.requirement("R3")
def test_right_after_leaving_one_word_brings_how_to_delete_the_chat(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, agreeing("garden gate", TELLS))
        await bench.text("hello", OTHER)
        assert await bench.post("garden gate") == await bench.post("bye", OTHER)
        helped = await bench.post("clear")
        assert helped == await bench.post("clear", OTHER)
        assert "We cannot take texts off your phone" in helped[0]
        bench.clock.advance(minutes=30)
        assert "Is now a good time" in (await bench.text("clear"))[0]

    run(scenario)
