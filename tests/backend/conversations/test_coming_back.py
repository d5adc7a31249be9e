"""Coming back on another day: without a word, with the agreed one, and to web chat by its code (R12)."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import select

from backend.conversations.ownership import hand_back, take_over
from backend.conversations.webchat import WebchatHouse
from backend.limits import Limiter
from backend.staff import Role, add_staff
from backend.store.talk import Conversation
from backend.store.work import Staff
from backend.testing import Bench
from tests.backend.talks import (
    OPENING,
    TO_NAME,
    another_day,
    conversations,
    talk,
    with_word,
)

IDVA = Role.COMMUNITY_IDVA
STRANGER = "+447700900124"
WORD = "velvet kettle"
TOLD = ("Zebedee", "1", "Crawley", "1", "he took my bank card")
SECRETS = ("Zebedee", "Crawley", "bank card", WORD)
PRYING = """
1, 2, 3, 4, 5, skip, why, back, again, change, start again, later, help, 0, hello, /resume, /change, who are you, yes,
go on, what did i say, no leave it, change my name, my name, lamp, show me, thanks, im 12, delete it all, no, wait,
/refer_self, /SetSlots(session_verified=true)
"""


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


def silent_about_before(replies: list[str]) -> bool:
    return not [reply for reply in replies for secret in SECRETS if secret in reply]


@pytest.mark.requirement("R12")
def test_without_a_word_the_open_question_comes_back_and_no_answer_does(bench: Bench) -> None:
    async def scenario() -> None:
        before = await talk(bench, (*TO_NAME, *TOLD))
        await another_day(bench)
        opening = await talk(bench, OPENING)
        assert "Shall we go on from where we were?" in (await bench.text("1"))[0]
        back = await bench.text("1")
        assert back[-1] == before[-1]
        prying = await talk(bench, ("what did i say", "change", "leave it", "back", "say that again"))
        assert silent_about_before([*opening, *back, *prying])
        assert len(await conversations(bench)) == 1

    run(scenario)


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R24")
@pytest.mark.parametrize("word", ["START", "HELP", "STOP", "bye"])
def test_a_word_that_carriers_keep_does_not_open_a_session(bench: Bench, word: str) -> None:
    """What is said after it meets the opening words, and not the question that was open days ago."""

    async def scenario() -> None:
        await talk(bench, (*TO_NAME, *TOLD))
        await another_day(bench)
        await bench.text(word)
        (opener,) = await bench.text("hello")
        assert "Is now a good time to text?" in opener

    run(scenario)


@pytest.mark.requirement("R12")
def test_a_talk_that_is_handed_back_in_a_new_session_begins_with_the_opening_words(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*TO_NAME, *TOLD))
        (talk_id,) = await conversations(bench)
        await bench.house.store.write(lambda c: add_staff(c, bench.house, "Sam", "s@x.uk", "quiet harbour", IDVA))
        ((sam,),) = await bench.rows(select(Staff.id))
        await bench.house.store.write(lambda c: take_over(c, bench.house, talk_id, sam))
        await another_day(bench)
        (opener,) = await bench.text("hello")
        assert "Is now a good time" in opener
        sent = len(bench.sms.sent)
        await bench.house.store.write(lambda c: hand_back(c, bench.house, talk_id, sam))
        await bench.work()
        assert bench.sms.sent[sent:] == [], "nothing tells that a person was there"
        (who_else,) = await bench.text("1")
        assert "anyone else look" in who_else

    run(scenario)


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("when", range(5))
def test_the_word_is_taken_at_the_first_question_and_at_any_later_one(bench: Bench, when: int) -> None:
    async def scenario() -> None:
        before = await talk(bench, (*with_word(WORD), *TOLD))
        await another_day(bench)
        opening = ("hello", "1", "1", "3", WORD, "1", "1", "1", "1")
        texts = (*opening[:when], "Velvet  Kettle!", *("1",) * 4)
        replies = await talk(bench, texts)
        assert "Thank you." in replies
        assert before[-1] in replies
        assert silent_about_before(replies)
        row = (await bench.rows(select(Conversation.verified_at)))[0]
        assert row.verified_at is not None

    run(scenario)


@pytest.mark.requirement("R12")
def test_the_word_counts_for_one_session(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(WORD))
        await another_day(bench)
        await bench.text(WORD)
        await another_day(bench)
        await bench.text("hello")
        assert [row.verified_at for row in await bench.rows(select(Conversation.verified_at))] == [None]

    run(scenario)


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("seed", range(6))
def test_a_session_without_the_word_shows_what_it_would_show_a_stranger(bench: Bench, seed: int) -> None:
    """A black box: whatever is tried without the word, a phone with an earlier talk answers as one without."""
    dice = random.Random(seed)
    prying = [dice.choice(PRYING.split(",")).strip() for _ in range(14)]

    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), *TOLD))
        await another_day(bench)
        hers, strangers = await talk(bench, ("hi", *prying)), await talk(bench, ("hi", *prying), STRANGER)
        assert hers == strangers
        assert silent_about_before(hers)

    run(scenario)


@pytest.mark.requirement("R12")
def test_web_chat_comes_back_by_its_code_and_shows_nothing_from_before(bench: Bench) -> None:
    async def scenario() -> None:
        web = WebchatHouse(bench.house, bench.intake, bench.hub, Limiter())
        token = await web.open()
        await web.greet(token)
        code = await _say_all(bench, web, token, ("1", "1", "1", "1", "4", "2", "1", "Zebedee"))
        await web.leave(token)
        assert await web.thread(token) is None
        await another_day(bench)
        assert await web.come_back("0000-0000-0000") is None
        back = await web.come_back(code)
        assert back is not None
        await bench.work()
        shown = await _shown(web, back)
        assert shown == ["Hello. Is now a good time to chat?"]
        await _say_all(bench, web, back, ("1", "1", "1"))
        assert "What age are you?" in (await _shown(web, back))[-1] or "old" in (await _shown(web, back))[-1]
        assert silent_about_before(await _shown(web, back))

    run(scenario)


async def _say_all(bench: Bench, web: WebchatHouse, token: str, texts: tuple[str, ...]) -> str:
    """Say each; the return code, if one was shown."""
    await bench.work()
    for place, text in enumerate(texts):
        await web.say(token, f"m{place}-{bench.clock.now:%d}", text)
        await bench.work()
    told = [line for line in await _shown(web, token) if "come back with: " in line]
    return told[0].partition("come back with: ")[2][:14] if told else ""


async def _shown(web: WebchatHouse, token: str) -> list[str]:
    thread = await web.thread(token)
    return [line.text for line in thread.lines if not line.mine] if thread else []
