"""The second word: ends a talk as any ending does, and calls for help in silence (R13)."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.conversations.outbox import Words, queue_words
from backend.conversations.talk import find_talk
from backend.staff import Role, add_staff
from backend.store.talk import ContactPoint, Conversation, OutboundMessage
from backend.store.work import Alert, Person
from backend.testing import HER_NUMBER as HER
from backend.testing import Bench
from safety.types import Kind
from tests.backend.talks import OPENING, TO_NAME, talk, with_word

OTHER = "+447700900124"
CODE, DURESS = "velvet kettle", "garden gate"


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


async def point(bench: Bench, number: str) -> Any:
    def look(c: Any) -> Any:
        found = find_talk(c, bench.house, "sms", number)
        return found.point() if found else None

    return await bench.house.store.write(look)


@pytest.mark.requirement("R13")
@pytest.mark.parametrize("where", ["in the talk", "in the opening", "as the first words", "after the word", "afresh"])
def test_nothing_that_is_shown_differs_from_an_ordinary_ending(bench: Bench, where: str) -> None:
    """The same talk twice, one ended by `bye` and one by the second word: the transcripts are the same bytes."""
    before = {
        "in the talk": ("Zebedee", "1"),
        "in the opening": (None, *OPENING),
        "as the first words": (None,),
        "after the word": (None, CODE, "1", "1"),
        "afresh": (None, *OPENING, "1", "1"),
    }[where]
    after = (None, "hello", "1", "1", "1", "1", "4", "1")

    async def transcript(number: str, ending: str) -> list[str]:
        texts = (*with_word(CODE, DURESS), *before, ending, *after)
        replies: list[str] = []
        for text in texts:
            if text is None:
                bench.clock.advance(hours=3)
            else:
                replies += await bench.text(text, number)
        return replies

    async def scenario() -> None:
        ordinary, quiet = await transcript(OTHER, "bye"), await transcript(HER, DURESS)
        assert "\n".join(quiet).encode() == "\n".join(ordinary).encode()
        assert (await point(bench, HER)).paused
        assert not (await point(bench, OTHER)).paused

    run(scenario)


@pytest.mark.requirement("R13")
def test_somebody_is_woken_at_once_and_nothing_more_is_started(bench: Bench) -> None:
    async def scenario() -> None:
        await bench.house.store.write(
            lambda c: add_staff(c, bench.house, "Sam", "sam@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
        )
        await talk(bench, with_word(CODE, DURESS))
        await bench.house.store.write(lambda c: _queue_reminder(c, bench))
        mails = len(bench.email.sent)
        assert await bench.post(DURESS) == ["Thank you. Bye for now."]
        (alert,) = await bench.rows(select(Alert).where(Alert.reason == "duress"))
        assert (alert.urgency, alert.raised_at) == ("urgent", bench.clock())
        assert len(bench.email.sent) == mails + 1
        assert "garden" not in bench.email.sent[-1].text
        bench.clock.advance(hours=1)
        await bench.work()
        here = await point(bench, HER)
        assert (here.state.value, here.paused) == ("unsafe", True)
        reminders = await bench.rows(select(OutboundMessage.state).where(OutboundMessage.kind == "reminder"))
        assert [row.state for row in reminders] == ["cancelled"]

    run(scenario)


def _queue_reminder(c: Any, bench: Bench) -> None:
    found = find_talk(c, bench.house, "sms", HER)
    assert found is not None
    row_id = queue_words(c, bench.house, found, Kind.REMINDER, Words("Hello."), lasts=timedelta(hours=9))
    later = bench.clock() + timedelta(minutes=30)
    c.execute(update(OutboundMessage).where(OutboundMessage.id == row_id).values(due_at=later))


@pytest.mark.requirement("R13")
def test_everything_for_the_person_is_paused_on_every_contact_point(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(CODE, DURESS))
        await talk(bench, TO_NAME, OTHER)
        await talk(bench, TO_NAME, "+447700900125")
        await bench.house.store.write(lambda c: _link_two(c, bench))
        await bench.text(DURESS)
        paused = await bench.rows(select(ContactPoint.paused_at).order_by(ContactPoint.id))
        assert [row.paused_at is not None for row in paused] == [True, True, False]

    run(scenario)


def _link_two(c: Any, bench: Bench) -> None:
    """A practitioner has found out that two numbers are one person's."""
    first, second = c.execute(select(Conversation).order_by(Conversation.id).limit(2)).all()
    c.execute(Person.__table__.insert().values(id=1, key_id=first.key_id, created_at=bench.clock()))
    c.execute(update(Conversation).where(Conversation.id.in_((first.id, second.id))).values(person_id=1))


@pytest.mark.requirement("R13")
def test_it_counts_also_while_the_code_word_is_paused(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(CODE, DURESS))
        bench.clock.advance(days=1)
        await talk(bench, ("hello", "crimson lamp", "yellow lamp", "green lamp", "purple lamp"))
        assert await bench.post(DURESS) == ["Thank you. Bye for now."]
        assert (await point(bench, HER)).paused

    run(scenario)


@pytest.mark.requirement("R13")
def test_it_is_heard_in_a_talk_of_somebody_else_on_the_same_phone(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, with_word(CODE, DURESS))
        bench.clock.advance(days=1)
        await talk(bench, (*OPENING, "1"))
        assert await bench.post(DURESS) == ["Thank you. Bye for now."]
        hers = min(row.id for row in await bench.rows(select(Conversation.id)))
        (alert,) = await bench.rows(select(Alert.conversation_id).where(Alert.reason == "duress"))
        assert alert.conversation_id == hers

    run(scenario)
