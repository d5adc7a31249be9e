"""Sessions of web chat: signs of life, a return code in the chat, and a talk that a practitioner has (R2, R3, R12)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.conversations.ownership import queue_practitioner, show_writing, take_over
from backend.conversations.webchat import WebchatHouse
from backend.limits import RATES, Limiter, Rate
from backend.staff import Role, add_staff
from backend.store.talk import Conversation, InboundMessage, OutboundMessage, WebSession
from backend.testing import Bench
from channels.webchat.house import Outcome
from safety.return_code import new_return_code
from safety.types import Drop

OPENER = "Hello. Is now a good time to chat?"
TO_THE_NAME = ("1", "1", "1", "1", "4", "2", "1")
"""Digits as far as the name, by way of coming to us and so of a number to come back with."""


class Visitor:
    """Somebody at the page."""

    def __init__(self, bench: Bench, limiter: Limiter | None = None) -> None:
        self.bench, self.web = bench, WebchatHouse(bench.house, bench.intake, bench.hub, limiter or Limiter())
        self.token, self.count = "", 0

    async def open(self) -> "Visitor":
        self.token = await self.web.open()
        await self.web.greet(self.token)
        await self.bench.work()
        return self

    async def say(self, *texts: str) -> Outcome:
        """Say each; what became of the last."""
        for text in texts:
            self.count += 1
            outcome = await self.web.say(self.token, f"message-{self.count}", text)
            await self.bench.work()
        return outcome

    async def shown(self) -> list[str]:
        thread = await self.web.thread(self.token)
        return [line.text for line in thread.lines if not line.mine] if thread else []

    async def sees_writing(self) -> bool:
        thread = await self.web.thread(self.token)
        return thread is not None and thread.person_writing

    async def code(self) -> str:
        """The number that was shown."""
        told = next(text for text in await self.shown() if "come back with: " in text)
        return told.partition("come back with: ")[2][:14]

    async def conversation(self) -> int:
        """The one of the newest session."""
        rows = await self.bench.rows(select(WebSession.conversation_id).order_by(WebSession.id.desc()))
        return int(rows[0][0])

    async def by(self, act: Callable[[Any, int, int], Any]) -> Any:
        """Let a practitioner do something to this conversation."""
        talk = await self.conversation()

        def work(c: Any) -> Any:
            sam = add_staff(c, self.bench.house, "Sam", "sam@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
            return act(c, talk, sam)

        done = await self.bench.house.store.write(work)
        await self.bench.work()
        return done


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_a_code_typed_into_the_chat_leads_back_and_shows_nothing(bench: Bench) -> None:
    async def scenario() -> None:
        first = await Visitor(bench).open()
        await first.say(*TO_THE_NAME, "Zebedee")
        code, left = await first.code(), await first.conversation()
        await first.web.leave(first.token)
        bench.clock.advance(days=2)
        second = await Visitor(bench).open()
        await second.say("1", "1")
        assert await second.say(f"it is {code.lower()}") is Outcome.WRITTEN
        assert await second.shown() == [OPENER]
        rows = await bench.rows(select(WebSession.conversation_id).where(WebSession.ended_at.is_(None)))
        assert [row[0] for row in rows] == [left]
        await second.say("1", "1", "1")
        assert "How old are you" in (await second.shown())[-1]
        assert "Zebedee" not in str(await second.shown())

    run(scenario)


@pytest.mark.requirement("R12")
def test_a_code_is_not_kept_as_a_message_and_the_talk_it_was_typed_in_is_over(bench: Bench) -> None:
    async def scenario() -> None:
        first = await Visitor(bench).open()
        await first.say(*TO_THE_NAME)
        code = await first.code()
        await first.web.leave(first.token)
        second = await Visitor(bench).open()
        begun = await second.conversation()
        before = (await bench.rows(select(func.count(InboundMessage.id))))[0][0]
        await second.say(code)
        assert (await bench.rows(select(func.count(InboundMessage.id))))[0][0] == before
        ended = await bench.rows(select(Conversation.session_ended_at).where(Conversation.id == begun))
        assert ended[0][0] is not None

    run(scenario)


def test_a_page_that_waits_hears_that_it_was_led_elsewhere(bench: Bench) -> None:
    async def scenario() -> None:
        first = await Visitor(bench).open()
        await first.say(*TO_THE_NAME)
        code = await first.code()
        await first.web.leave(first.token)
        second = await Visitor(bench).open()
        thread = await second.web.thread(second.token)
        assert thread is not None
        waiting = asyncio.create_task(second.web.wait(second.token, thread.lines[-1].seq, 30))
        await asyncio.sleep(0)
        await second.say(code)
        assert await asyncio.wait_for(waiting, 25)

    run(scenario)


def test_the_code_of_the_talk_that_is_open_asks_its_question_again(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.say(*TO_THE_NAME)
        asked = (await visitor.shown())[-1]
        before = len(await visitor.shown())
        await visitor.say(await visitor.code())
        assert (await visitor.shown())[before:] == [asked]

    run(scenario)


def test_a_code_that_is_nobodys_is_an_ordinary_message(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.say(*TO_THE_NAME, new_return_code())
        assert len(await bench.rows(select(InboundMessage.id))) == len(TO_THE_NAME) + 1
        assert len(await bench.rows(select(WebSession.id))) == 1

    run(scenario)


@pytest.mark.requirement("R29")
def test_danger_beside_a_code_is_never_taken_for_a_code(bench: Bench) -> None:
    async def scenario() -> None:
        first = await Visitor(bench).open()
        await first.say(*TO_THE_NAME)
        code = await first.code()
        await first.web.leave(first.token)
        second = await Visitor(bench).open()
        await second.say(f"{code} he has a knife")
        assert "999" in (await second.shown())[-1]

    run(scenario)


@pytest.mark.requirement("R21")
def test_codes_cannot_be_tried_without_end(bench: Bench) -> None:
    async def scenario() -> None:
        rates = {**RATES, "come_back": Rate(1, 3_600)}
        visitor = await Visitor(bench, Limiter(rates)).open()
        assert await visitor.say(new_return_code()) is Outcome.WRITTEN
        assert await visitor.say(new_return_code()) is Outcome.TOO_MANY

    run(scenario)


@pytest.mark.requirement("R2")
def test_signs_of_life_keep_the_talk_open_and_silence_ends_it(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        for _ in range(3):
            bench.clock.advance(minutes=12)
            await visitor.web.touch(visitor.token)
        await visitor.by(lambda c, talk, sam: take_over(c, bench.house, talk, sam))
        assert "A person has joined" in (await visitor.shown())[-1]
        bench.clock.advance(minutes=16)
        assert await visitor.web.thread(visitor.token) is None

    run(scenario)


@pytest.mark.requirement("R30")
def test_whoever_just_writes_is_announced_first(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.by(lambda c, talk, sam: queue_practitioner(c, bench.house, talk, sam, "Hello, I am Sam."))
        assert (await visitor.shown())[1:] == [
            "Hello. A person has joined and will write to you now. The machine is quiet.",
            "Hello, I am Sam.",
        ]
        thread = await visitor.web.thread(visitor.token)
        assert thread is not None
        assert [line.by_person for line in thread.lines] == [False, False, True]

    run(scenario)


@pytest.mark.requirement("R2")
def test_nothing_is_written_after_somebody_who_left_and_nobody_takes_over(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.web.leave(visitor.token)
        decision = await visitor.by(lambda c, talk, sam: queue_practitioner(c, bench.house, talk, sam, "Hello."))
        assert isinstance(decision, Drop)
        assert (await bench.rows(select(Conversation.owner_id)))[0][0] is None
        assert not await bench.rows(select(OutboundMessage.id).where(OutboundMessage.author_id.is_not(None)))

    run(scenario)


@pytest.mark.requirement("R3")
def test_coming_back_to_a_talk_that_a_practitioner_has_meets_the_same_first_words(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.say(*TO_THE_NAME)
        code = await visitor.code()
        await visitor.by(lambda c, talk, sam: take_over(c, bench.house, talk, sam))
        await visitor.web.leave(visitor.token)
        bench.clock.advance(days=1)
        back = await visitor.web.come_back(code)
        assert back is not None
        await bench.work()
        thread = await visitor.web.thread(back)
        assert thread is not None
        assert ([line.text for line in thread.lines], thread.person_joined) == ([OPENER], True)

    run(scenario)


@pytest.mark.requirement("R30")
def test_only_whoever_has_the_talk_is_shown_to_write(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        talk = await visitor.conversation()
        sam: int = await visitor.by(lambda c, talk, sam: sam)
        await show_writing(bench.house, talk, sam)
        assert not await visitor.sees_writing()
        await bench.house.store.write(lambda c: take_over(c, bench.house, talk, sam))
        await show_writing(bench.house, talk, sam + 1)
        assert not await visitor.sees_writing()
        await show_writing(bench.house, talk, sam)
        assert await visitor.sees_writing()

    run(scenario)


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R17")
@pytest.mark.parametrize(("goodbye", "shown"), [("bye", ["Thank you. Bye for now."]), ("I have her phone", [])])
def test_a_page_whose_talk_is_over_shows_the_farewell_and_takes_nothing_more(
    bench: Bench, goodbye: str, shown: list[str]
) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.say(*TO_THE_NAME, "Zebedee", goodbye)
        for _ in range(2):
            thread = await visitor.web.thread(visitor.token)
            assert thread is not None
            assert ([line.text for line in thread.lines], thread.ended) == (shown, True)
            assert await visitor.say("hello") is Outcome.ENDED
            assert await visitor.say(new_return_code()) is Outcome.ENDED
            await visitor.web.greet(visitor.token)
        bench.clock.advance(minutes=10)
        await visitor.web.touch(visitor.token)  # it is not kept alive by being looked at
        bench.clock.advance(minutes=6)
        assert await visitor.web.thread(visitor.token) is None

    run(scenario)


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R29")
def test_danger_after_a_goodbye_is_taken_and_shows_nothing_of_before(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.say(*TO_THE_NAME, "Zebedee", "bye")
        assert await visitor.say("he has a knife") is Outcome.WRITTEN
        thread = await visitor.web.thread(visitor.token)
        assert thread is not None
        assert "999" in thread.lines[-1].text
        assert [line.text for line in thread.lines if line.mine] == ["he has a knife"]
        assert "Zebedee" not in str([line.text for line in thread.lines])

    run(scenario)


async def starts_again(bench: Bench) -> tuple[Visitor, int, str]:
    """Somebody whose talk was over cries for help on its page, and will not go on from where it stood; the earlier
    conversation, and its number to come back with."""
    visitor = await Visitor(bench).open()
    await visitor.say(*TO_THE_NAME, "Zebedee")
    earlier, code = await visitor.conversation(), await visitor.code()
    await visitor.say("bye")
    bench.clock.advance(minutes=2)
    await visitor.say("he has a knife", "hello", "1", "1", "1", "2")
    return visitor, earlier, code


@pytest.mark.requirement("R15")
@pytest.mark.requirement("R12")
def test_whoever_starts_again_is_answered_on_the_page_that_they_have(bench: Bench) -> None:
    """It may be somebody else, so a conversation of their own begins; the page goes with them."""

    async def scenario() -> None:
        visitor, earlier, _code = await starts_again(bench)
        assert await visitor.conversation() != earlier
        begun = await visitor.shown()
        assert "May we" in begun[-1] and "Zebedee" not in str(begun)
        assert await visitor.say("1") is Outcome.WRITTEN
        assert len(await visitor.shown()) == len(begun) + 1

    run(scenario)


@pytest.mark.requirement("R21")
def test_the_number_of_a_talk_that_was_left_on_the_same_page_leads_back_to_it(bench: Bench) -> None:
    async def scenario() -> None:
        visitor, earlier, code = await starts_again(bench)
        await visitor.say(code)
        assert await visitor.conversation() == earlier
        shown = await visitor.shown()
        assert await visitor.say("1") is Outcome.WRITTEN
        assert len(await visitor.shown()) > len(shown)

    run(scenario)
