"""The dispatcher over two providers: what one left unknown is looked up first, and recorded once."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from sqlalchemy import select

from backend.conversations.dispatch import dispatch_due
from backend.conversations.intake import Intake
from backend.house import House
from backend.store.talk import Attempt, OutboundMessage
from backend.testing import HER_NUMBER, Bench
from channels.contract import Accepted, CannotSay, Found, Inbound, NotFound, Outbound, SendError
from channels.sms.failover import Failover
from tests.backend.talks import reasons

TIMEOUT = SendError("timeout", retryable=True, unknown=True)
DOWN = SendError("down", retryable=True, elsewhere=True)
REFUSED = SendError("opted-out", tell_staff=True, blocked=True)


@dataclass
class Holding:
    """A provider that keeps what it takes, also where it says nothing of it. `silent` takes and times out; `lost` times
    out and takes nothing; `dumb` cannot be asked."""

    letter: str
    faults: list[SendError | str] = field(default_factory=list)
    holds: list[Outbound] = field(default_factory=list)
    dumb: bool = False

    async def send(self, message: Outbound) -> Accepted:
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, SendError):
            raise fault
        if fault != "lost":
            self.holds.append(message)
        if fault is not None:
            raise TIMEOUT
        return Accepted(f"{self.letter}{message.reference}")

    def owns(self, provider_id: str) -> bool:
        return provider_id.startswith(self.letter)

    async def find(
        self, message: Outbound, since: datetime, known: Collection[str] = ()
    ) -> Found | NotFound | CannotSay:
        if self.dumb:
            return CannotSay()
        mine = [held for held in self.holds if held.reference == message.reference]
        return Found(f"{self.letter}{message.reference}") if mine else NotFound()


def house_with(bench: Bench, first: Holding, second: Holding) -> House:
    """The bench's house with both behind its text messages."""
    return replace(bench.house, senders={**bench.house.senders, "sms": Failover([first, second], seconds=lambda: 0.0)})


async def texted(bench: Bench, house: House) -> None:
    """Somebody says hello, and the answer is on its way until nothing more is due."""
    await Intake(house).take(Inbound("sms", HER_NUMBER, "SM" + "1" * 32, "hello", bench.clock()))
    for _ in range(4):
        await dispatch_due(house)
        bench.clock.advance(seconds=61)


async def ids(bench: Bench) -> list[str]:
    """The providers' ids in our records."""
    rows = await bench.rows(select(Attempt.provider_id).where(Attempt.provider_id.is_not(None)))
    return [str(row.provider_id)[0] for row in rows]


@pytest.mark.requirement("R25")
@pytest.mark.parametrize(
    ("first", "held", "recorded"),
    [
        ([], (1, 0), ["a"]),
        ([DOWN], (0, 1), ["b"]),
        (["silent"], (1, 0), ["a"]),
        (["lost"], (0, 1), ["b"]),
    ],
    ids=["it works", "it is down", "it took it without a word", "it took nothing without a word"],
)
def test_an_answer_reaches_the_person_once(
    bench: Bench, first: list[SendError | str], held: tuple[int, int], recorded: list[str]
) -> None:
    async def scenario() -> None:
        a, b = Holding("a", [*first]), Holding("b")
        await texted(bench, house_with(bench, a, b))
        assert (len(a.holds), len(b.holds)) == held
        assert await ids(bench) == recorded
        states = await bench.rows(select(OutboundMessage.state).where(OutboundMessage.channel == "sms"))
        assert [row.state for row in states] == ["sent"]

    asyncio.run(scenario())


@pytest.mark.requirement("R25")
def test_where_nobody_can_say_an_answer_goes_again_and_is_still_one_in_our_records(bench: Bench) -> None:
    """One too many does less harm than silence; the person may see it twice, our thread shows it once."""

    async def scenario() -> None:
        a, b = Holding("a", ["silent"], dumb=True), Holding("b")
        await texted(bench, house_with(bench, a, b))
        assert (len(a.holds), len(b.holds)) == (1, 1)
        assert await ids(bench) == ["b"]
        assert len(await bench.rows(select(OutboundMessage.id).where(OutboundMessage.channel == "sms"))) == 1

    asyncio.run(scenario())


@pytest.mark.requirement("R24")
def test_an_opt_out_at_the_first_is_one_for_both(bench: Bench) -> None:
    async def scenario() -> None:
        a, b = Holding("a", [REFUSED]), Holding("b")
        await texted(bench, house_with(bench, a, b))
        assert not b.holds
        assert "blocked" in await reasons(bench)

    asyncio.run(scenario())
