"""A check-in that gets no right answer: each outcome as what it is, and only agreed steps follow (T8)."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from backend.alerts.service import raise_alert
from backend.checkins import heartbeats
from backend.checkins.outcome import what_is_known
from backend.checkins.terms import Terms
from backend.conversations.talk import load_talk
from backend.desk.words import alert_words
from backend.store.checkins import Heartbeat
from backend.store.support import PlanDue
from backend.store.talk import Attempt, Conversation, OutboundMessage
from backend.testing import Bench
from channels.contract import SendError
from safety.ladder import TOLD
from safety.outcomes import AgreedLadder, Outcome
from safety.types import OnSilence
from tests.backend.checkins.people import AGREED, HALF_PAST_SEVEN, dues, tasks, until, with_plan
from tests.backend.talks import conversations, reasons

SENT = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE_DAY = replace(HALF_PAST_SEVEN, until=SENT.date())
TELL = Terms(ladder=AgreedLadder(HOUR, tell_worker=True))
TRY_THEN_TELL = Terms(ladder=AgreedLadder(HOUR, try_once_more=True, tell_worker=True))


async def sent(bench: Bench, terms: Terms | None = None, **more: Any) -> None:
    """A check-in has come due at half past seven."""
    await with_plan(bench, ONE_DAY, terms=terms, **more)
    bench.clock.now = SENT
    await bench.work()


async def change(bench: Bench, statement: Any) -> None:
    await bench.house.store.write(lambda c: c.execute(statement))


async def outbound(bench: Bench, **values: Any) -> None:
    await change(bench, update(OutboundMessage).where(OutboundMessage.kind == "check_in").values(values))


async def known(bench: Bench) -> Any:
    """What is known of the check-in now."""
    (talk_id,) = await conversations(bench)

    def look(c: Any) -> Any:
        due = c.execute(select(PlanDue.__table__)).one()
        return what_is_known(c, bench.house, load_talk(c, bench.house, talk_id), due)

    return await bench.house.store.write(look)


@pytest.mark.requirement("R35")
def test_with_nothing_agreed_we_wait_and_nothing_follows(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench)
        await until(bench, SENT + 24 * HOUR, step=timedelta(minutes=20))
        assert (len(bench.sms.sent), await tasks(bench), await reasons(bench)) == (1, [], [])

    asyncio.run(scenario())


def test_silence_tells_a_worker_after_the_grace_if_that_was_agreed(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench, contact=replace(AGREED, on_silence=OnSilence.TELL_WORKER))
        await until(bench, SENT + timedelta(minutes=55))
        assert await reasons(bench) == []
        await until(bench, SENT + 3 * HOUR)
        assert (await reasons(bench), await tasks(bench)) == (["check_in_sent"], ["missed_check_in"])
        assert alert_words("check_in_sent") == TOLD[Outcome.SENT]
        assert (len(bench.sms.sent), await dues(bench)) == (1, [("queued", "", "tell_worker")])

    asyncio.run(scenario())


def test_a_second_try_comes_once_and_only_if_agreed(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench, TRY_THEN_TELL)
        await until(bench, SENT + 3 * HOUR)
        assert bench.sms.texts == [bench.sms.texts[0]] * 2, "the same agreed words"
        assert await reasons(bench) == ["check_in_sent_twice"]
        assert await dues(bench) == [("queued", "", "tell_worker,try_once_more")]

    asyncio.run(scenario())


def test_an_answer_to_the_second_try_ends_it(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench, TRY_THEN_TELL)
        await until(bench, SENT + HOUR + timedelta(minutes=5))
        await bench.text("2")
        await until(bench, SENT + 5 * HOUR)
        assert (len([text for text in bench.sms.texts if text.startswith("Hi, how")]), await reasons(bench)) == (2, [])

    asyncio.run(scenario())


@pytest.mark.parametrize("word", ["2", "hello"])
def test_whoever_writes_is_not_silent(bench: Bench, word: str) -> None:
    async def scenario() -> None:
        await sent(bench, TELL)
        await bench.text(word)
        await until(bench, SENT + 3 * HOUR)
        assert await reasons(bench) == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ({"state": "delivered"}, Outcome.UNREAD),
        ({"state": "read"}, Outcome.SILENT),
        ({"state": "sent"}, Outcome.SENT),
        ({"state": "failed", "reason": "30005"}, Outcome.UNDELIVERED),
        ({"state": "failed", "reason": "unknown_outcome"}, Outcome.UNCERTAIN),
        ({"state": "failed", "reason": "21610", "sent_at": None}, Outcome.NOT_SENT),
    ],
)
def test_each_outcome_is_told_apart_and_told_in_its_own_words(
    bench: Bench, row: dict[str, Any], outcome: Outcome
) -> None:
    async def scenario() -> None:
        await sent(bench, TELL)
        await outbound(bench, **row)
        assert (await known(bench)).outcome is outcome
        await until(bench, SENT + 3 * HOUR)
        assert f"check_in_{outcome.value}" in await reasons(bench)
        assert alert_words(f"check_in_{outcome.value}") == TOLD[outcome]
        assert (len(bench.sms.sent), await tasks(bench)) == (1, ["missed_check_in"])

    asyncio.run(scenario())


@pytest.mark.parametrize(("state", "reason"), [("dropped", "stale"), ("cancelled", "risk"), ("cancelled", "left")])
def test_what_a_rule_stopped_is_told_as_that_and_as_nobodys_fault(bench: Bench, state: str, reason: str) -> None:
    async def scenario() -> None:
        await sent(bench)
        await outbound(bench, state=state, reason=reason, sent_at=None)
        assert (await known(bench)).outcome is Outcome.NOT_SENT
        await until(bench, SENT + HOUR)
        assert (await reasons(bench), await tasks(bench)) == (["check_in_stopped"], ["missed_check_in"])

    asyncio.run(scenario())


@pytest.mark.parametrize("reason", ["plan_ended", "plan_changed", "wrote_first", "exit", "opted_out"])
def test_words_that_were_taken_back_are_missed_by_nobody(bench: Bench, reason: str) -> None:
    async def scenario() -> None:
        await sent(bench, TELL)
        await outbound(bench, state="cancelled", reason=reason, sent_at=None)
        await until(bench, SENT + 3 * HOUR)
        assert await reasons(bench) == []

    asyncio.run(scenario())


@pytest.mark.requirement("R6")
def test_somebody_else_with_the_phone_is_told_of_and_nothing_more_goes(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench, TRY_THEN_TELL)
        await bench.text("this is her husband")
        before = len(bench.sms.sent)
        await until(bench, SENT + 3 * HOUR)
        assert len(bench.sms.sent) == before
        assert (await known(bench)).outcome is Outcome.SOMEBODY_ELSE
        assert await tasks(bench) == ["missed_check_in"]

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_a_wrong_word_is_no_answer(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench, TELL)
        (talk_id,) = await conversations(bench)
        await bench.house.store.write(lambda c: raise_alert(c, bench.house, talk_id, "wrong_words", "soon"))
        assert (await known(bench)).outcome is Outcome.WRONG_WORD
        await until(bench, SENT + 2 * HOUR)
        assert "check_in_wrong_word" in await reasons(bench)

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_in_doubt_who_writes_it_is_still_silence(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench, TELL)
        await bench.text("hello")
        await change(bench, update(Conversation).values(doubted_at=bench.clock()))
        await change(bench, update(PlanDue).values(state="queued"))
        assert (await known(bench)).outcome is Outcome.SENT

    asyncio.run(scenario())


@pytest.mark.requirement("R32")
def test_an_outage_of_ours_never_looks_like_silence_of_theirs(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench, TELL)
        for minute in range(-5, 10):
            await change(bench, insert(Heartbeat).values(at=SENT + timedelta(minutes=minute)))
        bench.clock.now = SENT + 4 * HOUR
        await bench.house.store.write(lambda c: heartbeats.beat(c, bench.house))
        await bench.work()
        assert await reasons(bench) == [], "nobody could have heard an answer"
        await live_with_heartbeats(bench, bench.clock.now + timedelta(minutes=50))
        assert await reasons(bench) == []
        await live_with_heartbeats(bench, bench.clock.now + timedelta(minutes=20))
        assert await reasons(bench) == ["check_in_sent"], "the whole grace began again at its end"

    asyncio.run(scenario())


def test_an_outage_that_is_not_over_keeps_us_waiting(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench, TELL)
        await change(bench, insert(Heartbeat).values(at=SENT))
        await until(bench, SENT + 3 * HOUR, step=timedelta(minutes=15))
        assert await reasons(bench) == []

    asyncio.run(scenario())


def test_a_provider_that_is_down_puts_the_grace_off(bench: Bench) -> None:
    async def scenario() -> None:
        await sent(bench, TELL)
        ((outbound_id,),) = await bench.rows(select(OutboundMessage.id).where(OutboundMessage.kind == "check_in"))
        trouble = SENT + timedelta(minutes=50)
        row = {"id": 1, "outbound_id": outbound_id, "state": "unknown", "code": "twilio-timeout", "point_version": 0}
        await change(bench, insert(Attempt).values(row | {"started_at": trouble}))
        await until(bench, SENT + HOUR + timedelta(minutes=50))
        assert await reasons(bench) == []
        await until(bench, trouble + heartbeats.ONE_FAILURE + HOUR + timedelta(minutes=10))
        assert await reasons(bench) == ["check_in_sent"]

    asyncio.run(scenario())


def test_an_attempt_that_broke_for_good_says_nothing_about_the_person(bench: Bench) -> None:
    async def scenario() -> None:
        bench.sms.faults = []
        await with_plan(bench, ONE_DAY, terms=TELL)
        bench.sms.faults = [SendError("not-a-phone-number")]
        bench.clock.now = SENT
        await bench.work()
        await until(bench, SENT + HOUR)
        assert "check_in_not_sent" in await reasons(bench)

    asyncio.run(scenario())


def test_heartbeats_are_one_a_minute_and_old_ones_go(bench: Bench) -> None:
    async def scenario() -> None:
        beat = heartbeats.beat
        for _ in range(3):
            await bench.house.store.write(lambda c: beat(c, bench.house))
        assert len(await bench.rows(select(Heartbeat.at))) == 1
        bench.clock.advance(days=20)
        await bench.house.store.write(lambda c: beat(c, bench.house))
        assert len(await bench.rows(select(Heartbeat.at))) == 1

    asyncio.run(scenario())


async def live_with_heartbeats(bench: Bench, end: datetime) -> None:
    """A worker that is awake all the time."""
    while bench.clock.now < end:
        bench.clock.now += timedelta(minutes=2)
        await bench.house.store.write(lambda c: heartbeats.beat(c, bench.house))
        await bench.work()
