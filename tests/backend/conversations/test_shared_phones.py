"""Several people on one phone: each has a talk of their own (R12, R15)."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.conversations.ownership import queue_practitioner
from backend.conversations.talk import load_talk
from backend.staff import Role, add_staff
from backend.store.talk import ContactPoint, Conversation, DataKey
from backend.store.work import Staff
from backend.testing import Bench
from safety.types import PointState, SafeContact, Window
from tests.backend.talks import (
    OPENING,
    another_day,
    conversations,
    reasons,
    slots,
    talk,
    thread,
    with_word,
)

STRANGER = "+447700900124"
WORD = "velvet kettle"
TOLD = ("Zebedee", "1", "Crawley", "1", "he took my bank card")
SECRETS = ("Zebedee", "Crawley", "bank card", WORD)


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R15")
def test_somebody_new_on_a_shared_phone_has_a_talk_of_their_own(bench: Bench) -> None:
    async def scenario() -> None:
        hers = await talk(bench, (*with_word(WORD), *TOLD))
        await another_day(bench)
        his = await talk(bench, (*OPENING, "1", "1", "4", "1", "5", "2", "Barnaby", "1", "Horsham"))
        assert his == await talk(bench, (*OPENING, "1", "1", "4", "1", "5", "2", "Barnaby", "1", "Horsham"), STRANGER)
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


NO_WORD = (*OPENING, "1", "1", "4", "1", "5", "2")
TO_SEND = ("1", "Crawley", "1", "skip", "skip", "skip", "skip", "skip", "1")


@pytest.mark.requirement("R15")
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_two_people_who_chose_no_word_are_kept_apart_when_one_begins_anew(bench: Bench) -> None:
    async def scenario() -> None:
        hers = await talk(bench, (*NO_WORD, "Zebedee", *TO_SEND))
        assert any("sent" in reply.lower() for reply in hers)
        await another_day(bench)
        his = await talk(bench, (*NO_WORD[:3], "start again", *NO_WORD[3:], "Barnaby"))
        await talk(bench, NO_WORD[:3], STRANGER)
        assert not [reply for reply in his for secret in SECRETS if secret in reply]
        first, second, *_ = await conversations(bench)
        assert "Barnaby" not in await thread(bench, first)
        assert "Zebedee" not in await thread(bench, second)
        assert "may_be_two" in await reasons(bench)
        assert (await slots(bench))["name"] == "Barnaby"

    run(scenario)


@pytest.mark.requirement("R15")
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_another_name_on_another_day_is_told_to_a_practitioner_alone(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*NO_WORD, "Zebedee", "1"))
        await another_day(bench)
        back = await talk(bench, (*OPENING, "1", "1", "back", "back", "Barnaby"))
        assert not [reply for reply in back if "Zebedee" in reply]
        assert (await reasons(bench)).count("another_name") == 1
        await talk(bench, ("change my name", "Zebedee", "change my name", "Barnaby"))
        assert (await reasons(bench)).count("another_name") == 1

    run(scenario)


@pytest.mark.requirement("R15")
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_name_put_right_in_the_same_talk_tells_nobody(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*NO_WORD, "Zebadee", "change my name", "Zebedee"))
        assert "another_name" not in await reasons(bench)

    run(scenario)
