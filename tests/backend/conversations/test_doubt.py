"""When somebody writes who is unlike the person: the opening words again, the agreed word, and a quiet alert (M4)."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.conversations import doubt
from backend.conversations.outbox import Words, queue_words
from backend.conversations.ownership import hand_back, queue_practitioner
from backend.conversations.talk import find_talk
from backend.desk.words import alert_words
from backend.staff import Role, add_staff
from backend.store.talk import Conversation, OutboundMessage
from backend.testing import HER_NUMBER as HER
from backend.testing import Bench
from safety.types import Hold, Kind, PointState, SafeContact, Window
from tests.backend.talks import TO_NAME, conversations, memory, reasons, talk, with_word

OTHER = "+447700900124"
WORD = "velvet kettle"
OPENER = "Is now a good time to text?"
HERS = ("yeah im ok thanks x", "he was bad again last nite", "dont know wot to do", "ok thx", "can u text me pls")
HIS = ("Who are you?", "Hello. Please answer me.")
USUAL = {
    "hour:10": [4, 4],
    **{name: [0, 30] for name in ("capital", "full_stop", "long", "emoji", "outsider", "round_quote", "apostrophe")},
    **{name: [28, 30] for name in ("shorthand", "small_i", "english")},
    "at_once": [30, 30],
    "slow": [0, 30],
    "number": [15, 30],
}

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
"""What asks nothing new of the database."""


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


async def well_known(bench: Bench, number: str = HER) -> None:
    """As if four sessions had taught how she writes."""

    def teach(c: Any) -> None:
        there = find_talk(c, bench.house, "sms", number)
        assert there is not None
        there.remember(there.memory() | {doubt.KEY: {"usual": USUAL, "session": {}}})
        there.save(c)

    await bench.house.store.write(teach)


async def come_back(bench: Bench, word: str = WORD) -> None:
    """Another day, as far as where it stopped, with her word."""
    bench.clock.advance(days=2)
    await talk(bench, ("hello", word, "1", "1", "1"))


async def doubted(bench: Bench) -> bool:
    rows = await bench.rows(select(Conversation.doubted_at).order_by(Conversation.id))
    return rows[0].doubted_at is not None


@ON_SQLITE
@pytest.mark.requirement("R12")
def test_somebody_unlike_her_meets_the_opening_words_and_needs_the_word_again(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), "Zebedee"))
        await well_known(bench)
        await come_back(bench)
        replies = [reply for text in HIS for reply in await bench.text(text)]
        assert OPENER in replies[-1] or OPENER in replies[0]
        assert not [reply for reply in replies if "Zebedee" in reply]
        (row,) = await bench.rows(select(Conversation.verified_at, Conversation.doubted_at))
        assert row.verified_at is None and row.doubted_at is not None
        (alert,) = [reason for reason in await reasons(bench) if reason.startswith("unlike_them")]
        assert "What differs: they ask what somebody else would ask" in alert_words(alert)

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R3")
@pytest.mark.requirement("R12")
def test_what_he_then_sees_is_what_a_stranger_sees(bench: Bench) -> None:
    prying = ("1", "1", "1", "who are you", "show me", "back", "1", "yes", "what did i say")

    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), "Zebedee"))
        await well_known(bench)
        await come_back(bench)
        await talk(bench, HIS)
        assert await doubted(bench)
        await bench.text("hello", OTHER)
        assert await talk(bench, prying) == await talk(bench, prying, OTHER)

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R12")
def test_her_word_ends_the_doubt_and_it_is_not_raised_again_that_day(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), "Zebedee"))
        await well_known(bench)
        await come_back(bench)
        await talk(bench, HIS)
        assert "Thank you." in await bench.text(WORD)
        assert not await doubted(bench)
        await talk(bench, ("1", "1", "1", *HIS))
        assert not await doubted(bench)
        assert len([reason for reason in await reasons(bench) if reason.startswith("unlike_them")]) == 1

    run(scenario)


@ON_SQLITE
def test_she_herself_is_never_asked_twice(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), "Zebedee"))
        for _ in range(5):
            await come_back(bench)
            await talk(bench, HERS)
        assert not [reason for reason in await reasons(bench) if reason.startswith("unlike_them")]
        kept = (await memory(bench))[doubt.KEY]
        assert kept["usual"]["hour:10"][0] >= 4
        assert not [text for text in HERS if text in str(kept)]

    run(scenario)


@ON_SQLITE
def test_a_session_in_doubt_teaches_nothing(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*TO_NAME, "Zebedee"))
        await well_known(bench)
        bench.clock.advance(days=2)
        await talk(bench, ("hello", *HIS, *HIS))
        usual = (await memory(bench))[doubt.KEY]["usual"]
        bench.clock.advance(days=2)
        await bench.text("hello")
        assert (await memory(bench))[doubt.KEY]["usual"] == usual

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R29")
def test_danger_is_shown_at_once_whoever_writes_it(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), "Zebedee"))
        await well_known(bench)
        await come_back(bench)
        await talk(bench, HIS[1:])
        assert "999" in (await bench.text("He has a knife. Who are you?"))[-1]

    run(scenario)


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("ended_by", ["the word", "a practitioner"])
def test_what_a_practitioner_wrote_waits_until_somebody_knows_who_it_is(bench: Bench, ended_by: str) -> None:
    async def scenario() -> None:
        await talk(bench, (*with_word(WORD), "Zebedee"))
        await well_known(bench)
        await come_back(bench)
        await bench.house.store.write(lambda c: _hold_for_tonight(c, bench))
        await talk(bench, HIS)
        assert await doubted(bench)
        bench.clock.advance(hours=9)
        await bench.work()
        assert "See you on Friday." not in bench.sms.texts
        decision = await bench.house.store.write(lambda c: _write(c, bench, "Hello again."))
        assert isinstance(decision, Hold) and decision.reason == "in_doubt"
        await bench.work()
        assert "Hello again." not in bench.sms.texts
        if ended_by == "the word":
            await bench.text(WORD)
        else:
            (talk_id,) = await conversations(bench)
            await bench.house.store.write(lambda c: doubt.settle(c, talk_id, bench.clock()))
        await bench.work()
        assert {"See you on Friday.", "Hello again."} <= set(bench.sms.texts)

    run(scenario)


def _hold_for_tonight(c: Any, bench: Bench) -> None:
    """A practitioner's words that wait for the evening, in a talk that is the machine's again."""
    sam = add_staff(c, bench.house, "Sam", "sam@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
    there = find_talk(c, bench.house, "sms", HER)
    assert there is not None
    always = SafeContact(windows=(Window(frozenset(range(7)), time(0), time(0)),), may_start=True)
    there.agree(always, PointState.SAFE, bench.clock(), timedelta(days=9))
    there.save(c)
    lasts = timedelta(days=2)
    row_id = queue_words(
        c, bench.house, there, Kind.PRACTITIONER, Words("See you on Friday."), lasts=lasts, author_id=sam
    )
    tonight = {"state": "held", "reason": "outside_hours", "due_at": bench.clock() + timedelta(hours=8)}
    c.execute(update(OutboundMessage).where(OutboundMessage.id == row_id).values(tonight))


def _write(c: Any, bench: Bench, text: str) -> Any:
    there = find_talk(c, bench.house, "sms", HER)
    assert there is not None
    ((sam,),) = c.execute(select(OutboundMessage.author_id).where(OutboundMessage.author_id.is_not(None)).distinct())
    decision = queue_practitioner(c, bench.house, there.id, sam, text)
    hand_back(c, bench.house, there.id, sam)
    return decision
