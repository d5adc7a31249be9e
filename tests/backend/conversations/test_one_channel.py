"""A failure on one channel never makes us write on another (R11)."""

import asyncio

import pytest
from sqlalchemy import select

from backend.conversations.dispatch import dispatch_due
from backend.store.talk import ContactPoint, Conversation, OutboundMessage
from backend.testing import Bench
from channels.contract import Inbound, SendError
from channels.sms.errors import FAULTS

ENDED = {"failed", "sent", "dropped"}


@pytest.mark.requirement("R11")
@pytest.mark.requirement("R25")
def test_whatever_the_provider_answers_the_message_goes_there_or_nowhere(bench: Bench) -> None:
    """Each code of the table meets somebody of their own, and is met again at every try."""

    async def scenario() -> None:
        for place, code in enumerate(sorted(FAULTS)):
            number = f"+4477009{place:05d}"
            await bench.intake.take(Inbound("sms", number, f"SM{place:032x}", "hello there", bench.clock()))
            bench.sms.faults = [SendError(code, retryable=FAULTS[code].retryable)] * 9
            for _ in range(4):
                await dispatch_due(bench.house)
                bench.clock.advance(minutes=2, seconds=1)
        written = (
            select(OutboundMessage.channel, OutboundMessage.state, ContactPoint.channel.label("asked_on"))
            .join(Conversation, Conversation.id == OutboundMessage.conversation_id)
            .join(ContactPoint, ContactPoint.id == Conversation.contact_point_id)
        )
        rows = await bench.rows(written)
        assert len(rows) >= len(FAULTS)
        assert all(row.channel == row.asked_on for row in rows)
        assert {row.state for row in rows} <= ENDED
        assert not bench.sms.sent and not bench.email.sent

    asyncio.run(scenario())
