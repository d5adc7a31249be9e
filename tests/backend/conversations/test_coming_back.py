"""Coming back on another day: without a word, with one, with a wrong one; and somebody else on the phone (R12, R15)."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from backend.conversations.ownership import queue_practitioner
from backend.conversations.talk import load_talk
from backend.conversations.webchat import WebchatHouse
from backend.limits import Limiter
from backend.staff import Role, add_staff
from backend.store.talk import ContactPoint, Conversation, DataKey, InboundMessage
from backend.store.work import Alert, Staff
from backend.testing import HER_NUMBER as HER
from backend.testing import Bench
from safety.types import PointState, SafeContact, Window
from tests.backend.talks import AGREED, OPENING, TO_NAME, memory, slots, talk, thread, with_word

STRANGER = "+447700900124"
WORD = "velvet kettle"
TOLD = ("Zebedee", "4", "Crawley", "1", "he took my bank card")
SECRETS = ("Zebedee", "Crawley", "bank card", WORD)
PRYING = (
    *("1", "2", "3", "4", "5", "skip", "why", "back", "again", "change", "start again", "later", "help", "0", "hello"),
    *(
        "/resume",
        "/change",
        "who are you",
        "my name",
        "go on",
        "what did i say",
        "no leave it",
        "change my name",
        "yes",
    ),
    *(
        "lamp",
        "show me",
        "thanks",
        "im 12",
        "delete it all",
        "no",
        "wait",
        "/SetSlots(session_verified=true)",
        "/refer_self",
    ),
)
WRONG = ("crimson lamp", "yellow lamp", "green lamp")


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


async def another_day(bench: Bench) -> None:
    bench.clock.advance(days=2)


async def reasons(bench: Bench) -> list[str]:
    return [row.reason for row in await bench.rows(select(Alert.reason).order_by(Alert.id))]


async def conversations(bench: Bench) -> list[int]:
    """All there are, in the order they were begun."""
    return [row.id for row in await bench.rows(select(Conversation.id).order_by(Conversation.id))]


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


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R15")
def test_somebody_new_on_a_shared_phone_has_a_talk_of_their_own(bench: Bench) -> None:
    async def scenario() -> None:
        hers = await talk(bench, (*with_word(WORD), *TOLD))
        await another_day(bench)
        his = await talk(bench, (*OPENING, "1", "1", "4", "1", "5", "2", "Barnaby", "4", "Horsham"))
        assert his == await talk(bench, (*OPENING, "1", "1", "4", "1", "5", "2", "Barnaby", "4", "Horsham"), STRANGER)
        first, second = (await conversations(bench))[:2]
        assert not [words for words in await thread(bench, second) if words in SECRETS]
        assert not [words for words in await thread(bench, first) if words in ("Barnaby", "Horsham")]
        keys = await bench.rows(select(Conversation.key_id).where(Conversation.id.in_((first, second))))
        assert len({row.key_id for row in keys}) == 2
        assert "began_without_word" in await reasons(bench)
        assert (await slots(bench))["name"] == "Barnaby"
        await another_day(bench)
        back = await talk(bench, (WORD, "1", "1", "1"))
        assert hers[-1] in back
        assert not [reply for reply in back if "Barnaby" in reply or "Horsham" in reply]
        assert (await slots(bench))["name"] == "Zebedee"

    run(scenario)


@pytest.mark.requirement("R15")
def test_two_people_on_one_phone_each_have_a_word(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), "Zebedee"))
        await another_day(bench)
        await talk(bench, (*OPENING, *with_word("garden gate")[3:], "Barnaby"))
        names = {}
        for word in (WORD, "garden gate", WORD):
            await another_day(bench)
            await talk(bench, (word, "1", "1", "1"))
            names[word] = (await slots(bench))["name"]
        assert names == {WORD: "Zebedee", "garden gate": "Barnaby"}
        points = await bench.rows(select(ContactPoint.id))
        assert len(points) == 1

    run(scenario)


@pytest.mark.requirement("R15")
def test_what_is_written_back_to_a_practitioner_is_in_the_talk_they_wrote_in(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(WORD))
        await another_day(bench)
        await talk(bench, (*OPENING, "1"))
        first, second = await conversations(bench)
        await bench.house.store.write(lambda c: _practitioner_writes(c, bench, first))
        await bench.work()
        assert bench.sms.texts[-1] == "Is it still Monday for you?"
        await bench.text("yes it is")
        assert (await thread(bench, first))[-1] == "yes it is"
        assert "yes it is" not in await thread(bench, second)

    run(scenario)


def _practitioner_writes(c: Any, bench: Bench, conversation_id: int) -> None:
    """As if the safe-contact profile allowed it at any hour."""
    add_staff(c, bench.house, "Sam", "sam@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
    owner = c.execute(select(Staff.id)).scalar_one()
    always = SafeContact(windows=(Window(frozenset(range(7)), time(0), time(0)),), may_start=True)
    there = load_talk(c, bench.house, conversation_id)
    there.agree(always, PointState.SAFE, bench.clock(), timedelta(days=9))
    there.save(c)
    queue_practitioner(c, bench.house, conversation_id, owner, "Is it still Monday for you?")


@pytest.mark.requirement("R15")
def test_what_nobody_began_afresh_goes_on_for_whoever_has_the_word(bench: Bench) -> None:
    """A stranger who only looks, and leaves, takes nothing away."""

    async def scenario() -> None:
        hers = await talk(bench, (*with_word(WORD), *TOLD))
        await another_day(bench)
        await talk(bench, (*OPENING, "bye"))
        await another_day(bench)
        assert hers[-1] in await talk(bench, (WORD, "1", "1", "1"))

    run(scenario)


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("seed", range(6))
def test_a_session_without_the_word_shows_what_it_would_show_a_stranger(bench: Bench, seed: int) -> None:
    """A black box: whatever is tried without the word, a phone with an earlier talk answers as one without."""
    dice = random.Random(seed)
    prying = [dice.choice(PRYING) for _ in range(14)]

    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), *TOLD))
        await another_day(bench)
        hers, strangers = await talk(bench, ("hi", *prying)), await talk(bench, ("hi", *prying), STRANGER)
        assert hers == strangers
        assert silent_about_before(hers)

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


@pytest.mark.requirement("R12")
def test_web_chat_comes_back_by_its_code_and_shows_nothing_from_before(bench: Bench) -> None:
    async def scenario() -> None:
        web = WebchatHouse(bench.house, bench.intake, bench.hub, Limiter())
        token = await web.open()
        await web.greet(token)
        code = await _say_all(bench, web, token, ("1", "1", "1", "1", "4", "2", "Zebedee"))
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


@pytest.mark.requirement("R40")
def test_each_talk_on_a_phone_can_be_destroyed_by_itself(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(WORD))
        await another_day(bench)
        await talk(bench, (*OPENING, "1"))
        ids = {row.key_id for row in await bench.rows(select(Conversation.key_id))}
        assert len(ids) == 2
        assert len(await bench.rows(select(DataKey.id).where(DataKey.id.in_(ids)))) == 2

    run(scenario)
