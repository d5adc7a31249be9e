"""A whole talk with senders that refuse whatever the dispatcher has not claimed through the gate (R1-R11).

The senders look for themselves, in the database, whether the attempt was written before the call: that is what a way
round the gate could not have done. A plain call of the same sender is refused.
"""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select

from backend.conversations.dispatch import dispatch_due
from backend.conversations.webchat import WebchatHouse
from backend.house import House
from backend.limits import Limiter
from backend.staff import Role, add_staff
from backend.store.talk import Attempt, OutboundMessage
from backend.testing import HER_NUMBER, Bench
from channels.contract import Accepted, Outbound, Sender
from safety.staff_texts import is_staff_text
from safety.types import Kind
from tests.backend.talks import TO_NAME, talk


class NotClaimedError(AssertionError):
    """A message came to a sender that no claim had been made for."""


@dataclass
class ClaimedOnly:
    """A sender that takes a message only with an attempt that is being made, for a row that is leased to it."""

    inner: Sender
    house: House
    kinds: list[Kind] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.inner.name

    async def send(self, message: Outbound) -> Accepted:
        row = await self._claimed(message)
        kind = Kind(row.kind)
        if (kind is Kind.STAFF_ALERT) != is_staff_text(message.subject, message.text) or message.channel != row.channel:
            raise NotClaimedError
        self.kinds.append(kind)
        return await self.inner.send(message)

    async def _claimed(self, message: Outbound) -> OutboundMessage:
        if not message.reference.isdigit():
            raise NotClaimedError
        found = await self.house.store.read(
            lambda c: c.execute(
                select(OutboundMessage.__table__, Attempt.state.label("attempt"))
                .join(Attempt, Attempt.id == OutboundMessage.lease)
                .where(Attempt.id == int(message.reference))
            ).first()
        )
        if found is None or (found.state, found.attempt) != ("sending", "sending"):
            raise NotClaimedError
        return found  # type: ignore[return-value]  # a row with the columns of the table


@pytest.fixture
def guarded(bench: Bench) -> tuple[Bench, dict[str, ClaimedOnly]]:
    """The same house with such senders."""
    watched = {name: ClaimedOnly(sender, bench.house) for name, sender in bench.house.senders.items()}
    bench.house = replace(bench.house, senders=watched)
    return bench, watched


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R7")
@pytest.mark.requirement("R29")
def test_all_that_goes_out_in_a_whole_referral_was_claimed(guarded: tuple[Bench, dict[str, ClaimedOnly]]) -> None:
    bench, watched = guarded

    async def scenario() -> None:
        await bench.house.store.write(
            lambda c: add_staff(c, bench.house, "Ash", "ash@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
        )
        said = await talk(bench, [*TO_NAME, "Sam", "he has a knife", "0"])
        assert len(said) == len(watched["sms"].kinds) > 8
        assert set(watched["sms"].kinds) == {Kind.REPLY, Kind.DANGER}
        assert set(watched["email"].kinds) == {Kind.STAFF_ALERT}

    asyncio.run(scenario())


@pytest.mark.requirement("R2")
def test_a_page_shows_only_what_was_claimed(guarded: tuple[Bench, dict[str, ClaimedOnly]]) -> None:
    bench, watched = guarded

    async def scenario() -> None:
        web = WebchatHouse(bench.house, bench.intake, bench.hub, Limiter())
        token = await web.open("one source")
        await web.say(token, "message-1", "hello", "one source")
        await dispatch_due(bench.house)
        thread = await web.thread(token)
        assert thread and watched["webchat"].kinds
        assert len([line for line in thread.lines if not line.mine]) == len(watched["webchat"].kinds)

    asyncio.run(scenario())


@pytest.mark.requirement("R2")
@pytest.mark.parametrize("reference", ["", "0", "1", "made up"])
def test_what_was_not_claimed_is_refused(guarded: tuple[Bench, dict[str, ClaimedOnly]], reference: str) -> None:
    bench, watched = guarded

    async def scenario() -> None:
        await bench.text("hello")
        past = (await bench.rows(select(Attempt.id)))[0].id
        for known in (reference, str(past)):
            with pytest.raises(NotClaimedError):
                await watched["sms"].send(Outbound("sms", HER_NUMBER, "Hello.", known))

    asyncio.run(scenario())
