"""What a provider keeps of a message is blanked, of ours and of theirs (R27)."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select

from backend.conversations.receipts import apply_receipt
from backend.conversations.redaction import redact_due
from backend.store.talk import Attempt, InboundMessage
from backend.testing import Bench, Outbox
from channels.contract import Receipt, SendError

HERS = f"SM{1:032x}"
"""The provider's id of the first message that somebody texts on a bench."""
OURS = f"SM{1:032x}"
"""The provider's id of our first answer there."""


@dataclass
class Keeping(Outbox):
    """A sender whose provider keeps copies; those that it is not ready to blank are in `refused`."""

    blanked: list[str] = field(default_factory=list)
    refused: int = 0

    async def redact(self, provider_id: str) -> None:
        if self.refused:
            self.refused -= 1
            raise SendError("20009", retryable=True)
        self.blanked.append(provider_id)


@pytest.fixture
def keeping(bench: Bench) -> Keeping:
    sender = Keeping("sms")
    bench.house = replace(bench.house, senders={**bench.house.senders, "sms": sender})
    bench.intake = replace(bench.intake, house=bench.house)
    bench.sms = sender
    return sender


async def waits(bench: Bench) -> int:
    """How many copies are still to be blanked."""
    return sum([len(await bench.rows(select(t.id).where(t.redact_at.is_not(None)))) for t in (Attempt, InboundMessage)])


@pytest.mark.requirement("R27")
def test_their_message_is_blanked_at_once_and_ours_after_its_final_status(bench: Bench, keeping: Keeping) -> None:
    async def scenario() -> None:
        await bench.text("hello")
        await redact_due(bench.house)
        assert keeping.blanked == [HERS]
        receipt = Receipt("sms", OURS, "delivered", bench.clock())
        await bench.house.store.write(lambda c: apply_receipt(c, bench.house, receipt))
        assert await redact_due(bench.house) == 1
        assert keeping.blanked == [HERS, OURS]
        assert (await redact_due(bench.house), await waits(bench)) == (0, 0)

    asyncio.run(scenario())


@pytest.mark.requirement("R27")
def test_a_message_without_a_final_receipt_is_blanked_in_the_end(bench: Bench, keeping: Keeping) -> None:
    async def scenario() -> None:
        await bench.text("hello")
        await redact_due(bench.house)
        bench.clock.advance(hours=24)
        await redact_due(bench.house)
        assert keeping.blanked == [HERS, OURS]

    asyncio.run(scenario())


@pytest.mark.requirement("R27")
def test_a_provider_that_is_not_ready_is_asked_again_ever_more_rarely_and_in_the_end_no_more(
    bench: Bench, keeping: Keeping
) -> None:
    async def scenario() -> None:
        keeping.refused = 10_000
        await bench.text("hello")
        asked = 0
        for _hour in range(24 * 40):
            asked += await redact_due(bench.house)
            bench.clock.advance(hours=1)
        assert asked < 40
        assert await waits(bench) == 0

    asyncio.run(scenario())


def test_channels_without_copies_are_not_asked(bench: Bench) -> None:
    async def scenario() -> None:
        await bench.text("hello")
        assert await waits(bench) == 0

    asyncio.run(scenario())
