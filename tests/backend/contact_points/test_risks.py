"""Signs of risk end the answers at once: what waits does not go, and somebody is told (R6, R10)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from backend.contact_points import acts, risks
from backend.contact_points.acts import Found, NotPossibleError
from backend.conversations.outbox import Words, queue_words
from backend.conversations.receipts import apply_receipt
from backend.store.talk import Attempt, OutboundMessage
from backend.testing import Bench
from channels.contract import Receipt, SendError
from safety.risk import PROVIDER_CODES
from safety.types import Kind, PointState
from tests.backend.contact_points.lives import (
    AGREED,
    a_practitioner,
    agreed,
    answer,
    asks_for_more,
    at,
    comes_back,
    log,
    point,
    run,
    waits,
)
from tests.backend.talks import reasons


async def a_reminder_waits(house: Bench) -> None:
    """Something is queued for tomorrow."""

    def work(c: Any, found: Any) -> None:
        row_id = queue_words(c, house.house, found, Kind.REMINDER, Words("Hello."), lasts=timedelta(days=3))
        later = house.clock() + timedelta(days=1)
        c.execute(update(OutboundMessage).where(OutboundMessage.id == row_id).values(due_at=later))

    await at(house, work)


async def reminders(house: Bench) -> list[str]:
    """What became of it."""
    rows = await house.rows(select(OutboundMessage.state).where(OutboundMessage.kind == "reminder"))
    return [row.state for row in rows]


async def receipt(house: Bench, code: str) -> None:
    """The provider says later what became of the last message."""
    (attempt,) = (await house.rows(select(Attempt.id).order_by(Attempt.id.desc()).limit(1)))[0]
    told = Receipt("sms", "SM1", "failed", house.clock(), code, str(attempt))
    await house.house.store.write(lambda c: apply_receipt(c, house.house, told))


@pytest.mark.requirement("R10")
@pytest.mark.requirement("R25")
@pytest.mark.parametrize("code", sorted(PROVIDER_CODES))
def test_a_receipt_that_says_the_phone_is_gone_ends_the_answers(bench: Bench, code: str) -> None:
    async def scenario() -> None:
        await agreed(bench)
        await a_reminder_waits(bench)
        await receipt(bench, code)
        assert (await point(bench)).state is PointState.UNKNOWN
        assert await reminders(bench) == ["cancelled"]
        assert {"answers_ended", "not_delivered"} <= set(await reasons(bench))
        assert await log(bench) == [PROVIDER_CODES[code].value]

    run(scenario)


@pytest.mark.requirement("R10")
def test_so_does_a_refusal_at_once(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        house.sms.faults = [SendError("twilio-30005")]
        await house.text("1")
        assert (await point(house)).state is PointState.UNKNOWN

    run(scenario)


@pytest.mark.requirement("R10")
def test_a_receipt_that_comes_twice_does_not_undo_what_a_practitioner_found_out(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await receipt(house, "30005")
        sam = await a_practitioner(house)
        await at(house, lambda c, found: acts.renew(c, house.house, found, Found(sam, "in_person", "she has it back")))
        await receipt(house, "30005")
        assert (await point(house)).state is PointState.SAFE

    run(scenario)


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("code", ["30003", "30007", "30008", "21610"])
def test_other_failures_say_nothing_about_who_reads(house: Bench, code: str) -> None:
    async def scenario() -> None:
        await agreed(house)
        await receipt(house, code)
        assert await log(house) == []

    run(scenario)


@pytest.mark.requirement("R10")
@pytest.mark.requirement("R14")
@pytest.mark.parametrize("verified", [False, True])
def test_after_a_risk_no_text_makes_the_answers_hold_again(house: Bench, verified: bool) -> None:
    async def scenario() -> None:
        await agreed(house, words=verified)
        await receipt(house, "30005")
        await comes_back(house, verified=verified)
        await answer(house, AGREED)
        assert (await point(house)).state is PointState.UNKNOWN

    run(scenario)


@pytest.mark.requirement("R10")
@pytest.mark.requirement("R35")
def test_a_missed_appointment_makes_them_stale_and_closes_nothing(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await a_reminder_waits(house)
        (talk_id,) = (await house.rows(select(OutboundMessage.conversation_id).limit(1)))[0]
        await house.house.store.write(lambda c: risks.note_missed_appointment(c, house.house, talk_id))
        assert (await point(house)).state is PointState.STALE
        assert await reminders(house) == ["cancelled"]
        assert await reasons(house) == ["answers_ended"]

    run(scenario)


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R10")
@pytest.mark.parametrize(
    ("act", "state", "logged"),
    [
        (acts.somebody_answered, PointState.UNSAFE, "somebody_answered"),
        (acts.not_confirmed, PointState.UNKNOWN, "not_confirmed"),
        (acts.risk_risen, PointState.UNKNOWN, "risk_risen"),
        (acts.mark_unsafe, PointState.UNSAFE, "marked_unsafe"),
    ],
)
def test_what_a_practitioner_found_out_counts_at_once(house: Bench, act: Any, state: PointState, logged: str) -> None:
    async def scenario() -> None:
        await agreed(house)
        await asks_for_more(house)
        await a_reminder_waits(house)
        sam = await a_practitioner(house)
        await at(house, lambda c, found: act(c, house.house, found, Found(sam, "call", "a man answered")))
        assert (await point(house)).state is state
        assert await reminders(house) == ["cancelled"]
        assert await log(house) == [logged]
        assert bool(await waits(house)) == (state is PointState.UNKNOWN)
        assert "answers_ended" not in await reasons(house)  # whoever wrote it down knows

    run(scenario)


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R14")
def test_only_a_practitioner_makes_an_unsafe_point_safe_again(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        found_out = Found(await a_practitioner(house), "in_person", "she has a new lock on it")
        with pytest.raises(NotPossibleError):
            await at(house, lambda c, found: acts.mark_safe(c, house.house, found, found_out))
        await at(house, lambda c, found: acts.mark_unsafe(c, house.house, found, found_out))
        with pytest.raises(NotPossibleError):
            await at(house, lambda c, found: acts.renew(c, house.house, found, found_out))
        await at(house, lambda c, found: acts.mark_safe(c, house.house, found, found_out))
        now = await point(house)
        assert (now.state, now.confirmed_at) == (PointState.SAFE, house.clock())

    run(scenario)


@pytest.mark.requirement("R2")
def test_where_nothing_was_agreed_safe_again_allows_nothing(house: Bench) -> None:
    async def scenario() -> None:
        await house.text("hello")
        found_out = Found(await a_practitioner(house), "in_person")
        await at(house, lambda c, found: acts.mark_unsafe(c, house.house, found, found_out))
        await at(house, lambda c, found: acts.mark_safe(c, house.house, found, found_out))
        assert (await point(house)).state is PointState.UNKNOWN
        with pytest.raises(NotPossibleError):
            await at(house, lambda c, found: acts.renew(c, house.house, found, found_out))

    run(scenario)


@pytest.mark.requirement("R13")
def test_a_pause_is_lifted_by_a_practitioner_and_the_point_stays_unsafe(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house, words=True)
        await house.text("garden gate")
        found_out = Found(await a_practitioner(house), "in_person", "alone with her")
        await at(house, lambda c, found: acts.lift_pause(c, house.house, found, found_out))
        now = await point(house)
        assert (now.paused, now.state) == (False, PointState.UNSAFE)
        with pytest.raises(NotPossibleError):
            await at(house, lambda c, found: acts.lift_pause(c, house.house, found, found_out))

    run(scenario)
