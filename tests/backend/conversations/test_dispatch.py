"""The dispatcher: one attempt a row, the gate asked every time, unknown outcomes settled as the design says."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select, update

from backend.conversations.claim import claim_due, lease
from backend.conversations.dispatch import dispatch_due
from backend.conversations.receipts import apply_receipt
from backend.store.talk import Attempt, OutboundMessage
from backend.store.work import Alert
from backend.testing import Bench, Outbox
from channels.contract import CannotSay, Found, Inbound, NotFound, Outbound, Receipt, SendError


class Asked(Outbox):
    """A sender whose provider can be asked what it took."""

    answer: Found | NotFound | CannotSay = CannotSay()

    async def find(
        self, message: Outbound, since: datetime, known: Collection[str] = ()
    ) -> Found | NotFound | CannotSay:
        return self.answer


def with_sender(bench: Bench, sender: Outbox) -> Bench:
    """The same bench with another way out for texts."""
    bench.house = replace(bench.house, senders={**bench.house.senders, "sms": sender})
    bench.sms = sender
    return bench


async def greet(bench: Bench) -> None:
    """Somebody writes, and an answer is queued."""
    await bench.intake.take(Inbound("sms", "+447700900123", "SM" + "1" * 32, "hello", bench.clock()))


async def states(bench: Bench) -> list[tuple[str, str]]:
    """State and reason of what goes to the person."""
    rows = await bench.rows(
        select(OutboundMessage.state, OutboundMessage.reason)
        .where(OutboundMessage.channel == "sms")
        .order_by(OutboundMessage.id)
    )
    return [tuple(row) for row in rows]


def test_a_message_is_sent_once(bench: Bench) -> None:
    async def scenario() -> None:
        await greet(bench)
        await dispatch_due(bench.house)
        await dispatch_due(bench.house)
        assert len(bench.sms.sent) == 1
        assert await states(bench) == [("sent", "")]

    asyncio.run(scenario())


def test_two_dispatchers_never_take_the_same_row(bench: Bench) -> None:
    async def scenario() -> None:
        await greet(bench)
        await asyncio.gather(*(dispatch_due(bench.house) for _ in range(4)))
        assert len(bench.sms.sent) == 1

    asyncio.run(scenario())


@pytest.mark.requirement("R25")
def test_a_passing_failure_is_tried_again_and_no_more_often_than_set(bench: Bench) -> None:
    async def scenario() -> None:
        bench.sms.faults = [SendError("30003", retryable=True)] * 9
        await greet(bench)
        for _ in range(6):
            await dispatch_due(bench.house)
            bench.clock.advance(seconds=45)
        assert len(await bench.rows(select(Attempt.id))) == 1 + bench.house.settings.send_retries
        assert await states(bench) == [("failed", "30003")]
        assert ("not_sent",) in [tuple(row) for row in await bench.rows(select(Alert.reason))]

    asyncio.run(scenario())


def test_a_failure_for_good_stops_and_tells_a_practitioner(bench: Bench) -> None:
    async def scenario() -> None:
        bench.sms.faults = [SendError("21610", tell_staff=True)]
        await greet(bench)
        await dispatch_due(bench.house)
        assert await states(bench) == [("failed", "21610")]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("answer", "sent", "state"),
    [(Found("SM" + "9" * 32), 0, "sent"), (NotFound(), 1, "sent"), (CannotSay(), 1, "sent")],
    ids=["the provider has it", "the provider has it not", "nobody can say"],
)
def test_an_answer_of_unknown_outcome_is_asked_about_first(
    bench: Bench, answer: Found | NotFound | CannotSay, sent: int, state: str
) -> None:
    async def scenario() -> None:
        sender = Asked("sms", faults=[SendError("timeout", unknown=True)])
        sender.answer = answer
        with_sender(bench, sender)
        await greet(bench)
        await dispatch_due(bench.house)
        assert len(sender.sent) == sent
        assert [word for word, _ in await states(bench)] == [state]

    asyncio.run(scenario())


def test_what_we_started_is_not_sent_again_when_nobody_can_say(bench: Bench) -> None:
    async def scenario() -> None:
        sender = Asked("sms", faults=[SendError("timeout", unknown=True)])
        with_sender(bench, sender)
        await greet(bench)
        await bench.house.store.write(lambda c: c.execute(update(OutboundMessage).values(kind="practitioner")))
        await dispatch_due(bench.house)
        assert sender.sent == []
        assert await states(bench) == [("failed", "unknown_outcome")]

    asyncio.run(scenario())


def test_a_crash_between_sending_and_recording_is_settled_when_the_lease_ends(bench: Bench) -> None:
    async def scenario() -> None:
        sender = Asked("sms")
        with_sender(bench, sender)
        await greet(bench)
        claimed = await bench.house.store.write(lambda c: claim_due(c, bench.house, ["sms"]))
        assert len(claimed) == 1  # and here the process dies
        await dispatch_due(bench.house)
        assert sender.sent == []  # the lease still holds
        bench.clock.now += lease(bench.house)
        sender.answer = Found("SM" + "9" * 32)
        await dispatch_due(bench.house)
        assert sender.sent == []
        assert await states(bench) == [("sent", "")]

    asyncio.run(scenario())


@pytest.mark.parametrize("answer", [NotFound(), CannotSay()], ids=["not there", "cannot say"])
@pytest.mark.requirement("R25")
def test_a_provider_that_never_answers_clearly_is_not_hammered(bench: Bench, answer: NotFound | CannotSay) -> None:
    async def scenario() -> None:
        sender = Asked("sms", faults=[SendError("502", unknown=True)] * 50)
        sender.answer = answer
        with_sender(bench, sender)
        await greet(bench)
        await dispatch_due(bench.house)
        assert len(await bench.rows(select(Attempt.id))) == 2  # the second at once, and then a pause
        for _ in range(5):
            bench.clock.advance(seconds=45)
            await dispatch_due(bench.house)
        assert len(await bench.rows(select(Attempt.id))) == 1 + bench.house.settings.send_retries
        assert await states(bench) == [("failed", "unknown_outcome")]

    asyncio.run(scenario())


def test_receipts_come_in_any_order(bench: Bench) -> None:
    async def scenario() -> None:
        await greet(bench)
        await dispatch_due(bench.house)
        provider_id = (await bench.rows(select(Attempt.provider_id)))[0][0]
        for status in ("delivered", "sent"):
            receipt = Receipt("sms", provider_id, status, bench.clock())
            assert await bench.house.store.write(lambda c, r=receipt: apply_receipt(c, bench.house, r))
        assert await states(bench) == [("delivered", "")]

    asyncio.run(scenario())


def test_a_receipt_about_nothing_of_ours_is_passed_over(bench: Bench) -> None:
    async def scenario() -> None:
        receipt = Receipt("sms", "SM" + "0" * 32, "failed", bench.clock())
        assert not await bench.house.store.write(lambda c: apply_receipt(c, bench.house, receipt))

    asyncio.run(scenario())
