"""The durable turn, on both databases, with the real flows."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from backend.conversations.talk import begin_talk, find_talk
from backend.conversations.turn import take_turn
from backend.store.sealing import context, seal_json
from backend.store.talk import ContactPoint, Conversation, InboundMessage, OutboundMessage
from backend.store.work import Alert
from backend.testing import Bench
from channels.contract import Inbound
from safety import secret_words

HER = "+447700900123"


def inbound(bench: Bench, text: str, external_id: str = "SM" + "1" * 32, number: str = HER) -> Inbound:
    """A text message."""
    return Inbound("sms", number, external_id, text, bench.clock())


async def count(bench: Bench, table: type) -> int:
    """How many rows a table has."""
    return int((await bench.rows(select(func.count()).select_from(table)))[0][0])


def run(coroutine: object) -> None:
    asyncio.run(coroutine)  # type: ignore[arg-type]


def test_a_first_message_begins_a_talk_and_is_answered_once(bench: Bench) -> None:
    async def scenario() -> None:
        replies = await bench.text("hello")
        assert len(replies) == 1
        assert await count(bench, ContactPoint) == await count(bench, Conversation) == 1

    run(scenario())


@pytest.mark.requirement("R23")
def test_the_same_message_twice_is_one_turn(bench: Bench) -> None:
    async def scenario() -> None:
        first = await bench.intake.take(inbound(bench, "hello"))
        again = await bench.intake.take(inbound(bench, "hello"))
        assert (first, again) == ("written", "duplicate")
        assert await count(bench, InboundMessage) == 1
        assert await count(bench, OutboundMessage) == 1

    run(scenario())


@pytest.mark.requirement("R23")
def test_the_same_message_twice_at_the_same_time_is_one_turn(bench: Bench) -> None:
    async def scenario() -> None:
        words = await asyncio.gather(*(bench.intake.take(inbound(bench, "hello")) for _ in range(5)))
        assert sorted(words) == ["duplicate"] * 4 + ["written"]
        assert await count(bench, OutboundMessage) == 1

    run(scenario())


def test_two_first_messages_at_once_are_one_talk(bench: Bench) -> None:
    async def scenario() -> None:
        await asyncio.gather(*(bench.intake.take(inbound(bench, "hello", f"SM{n:032x}")) for n in range(4)))
        assert await count(bench, ContactPoint) == await count(bench, Conversation) == 1
        assert await count(bench, InboundMessage) == 4

    run(scenario())


def test_a_first_message_that_comes_a_moment_later_finds_the_talk(bench: Bench) -> None:
    async def scenario() -> None:
        def both(c: Connection) -> list[int]:
            return [begin_talk(c, bench.house, "sms", HER).id for _ in range(2)]

        first, second = await bench.house.store.write(both)
        assert first == second

    run(scenario())


def test_a_turn_that_breaks_leaves_nothing_behind(bench: Bench) -> None:
    async def scenario() -> None:
        def broken(c: object) -> None:
            take_turn(c, bench.house, inbound(bench, "hello"), None)  # type: ignore[arg-type]
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await bench.house.store.write(broken)
        for table in (ContactPoint, Conversation, InboundMessage, OutboundMessage):
            assert await count(bench, table) == 0

    run(scenario())


@pytest.mark.requirement("R3")
def test_the_first_reply_is_the_same_for_known_and_unknown(bench: Bench) -> None:
    async def scenario() -> None:
        known = await bench.text("hello", HER)
        await bench.text("1", HER)
        bench.clock.advance(days=2)
        assert await bench.text("hi", HER) == await bench.text("hi", "+447700900124") == known

    run(scenario())


@pytest.mark.requirement("R29")
def test_danger_is_answered_at_once_and_wakes_somebody(bench: Bench) -> None:
    async def scenario() -> None:
        replies = await bench.text("he has a knife")
        assert len(replies) == 1
        assert "999" in replies[0]
        alerts = await bench.rows(select(Alert.urgency))
        assert [row.urgency for row in alerts] == ["urgent"]

    run(scenario())


@pytest.mark.requirement("R24")
def test_stop_is_recorded_and_not_answered(bench: Bench) -> None:
    async def scenario() -> None:
        await bench.text("hello")
        assert await bench.text("STOP") == []
        opted = await bench.rows(select(ContactPoint.opted_out_at))
        assert opted[0].opted_out_at is not None
        assert [row.reason for row in await bench.rows(select(Alert.reason))] == ["opted_out"]

    run(scenario())


@pytest.mark.requirement("R2")
def test_an_answer_that_comes_too_late_is_dropped(bench: Bench) -> None:
    async def scenario() -> None:
        await bench.intake.take(inbound(bench, "hello"))
        bench.clock.now += timedelta(minutes=bench.house.settings.reply_minutes, seconds=1)
        await bench.work()
        rows = await bench.rows(
            select(OutboundMessage.state, OutboundMessage.reason).where(OutboundMessage.channel == "sms")
        )
        assert [tuple(row) for row in rows] == [("dropped", "late")]
        assert bench.sms.sent == []

    run(scenario())


@pytest.mark.requirement("R12")
def test_an_agreed_word_is_kept_only_as_a_slow_hash(bench: Bench) -> None:
    async def scenario() -> None:
        word = secret_words.candidate("purple kettle")
        assert word is not None
        salt = bench.house.vault.salt("word", f"sms:{HER}")
        assert secret_words.slow_hash(word, salt) == await bench.intake._slow_hash(inbound(bench, "Purple  kettle!"))
        assert await bench.intake._slow_hash(inbound(bench, "1")) is None

    run(scenario())


@pytest.mark.requirement("R36")
@pytest.mark.requirement("R3")
def test_a_child_who_says_their_age_first_of_all_wakes_somebody_and_sees_what_everybody_sees(bench: Bench) -> None:
    async def scenario() -> None:
        assert await bench.text("im 12") == await bench.text("hello", "+447700900124")
        alerts = await bench.rows(select(Alert.reason, Alert.urgency))
        assert [tuple(row) for row in alerts] == [("young_person", "urgent")]

    run(scenario())


@pytest.mark.requirement("R2")
def test_a_profile_that_cannot_be_read_counts_as_none_and_somebody_is_told(bench: Bench) -> None:
    async def scenario() -> None:
        await bench.text("hello")
        await bench.house.store.write(lambda c: _spoil_profile(c, bench))
        assert "look" in (await bench.text("1"))[0]
        assert "contact_unreadable" in [row.reason for row in await bench.rows(select(Alert.reason))]

    run(scenario())


def _spoil_profile(c: Connection, bench: Bench) -> None:
    """What a newer version wrote."""
    there = find_talk(c, bench.house, "sms", HER)
    assert there is not None
    there.points["contact"] = seal_json(
        there.point_key, {"by_pigeon": True}, context("contact_point", "contact", there.point_id)
    )
    there.save(c)
