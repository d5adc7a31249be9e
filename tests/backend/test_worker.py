"""The worker's loop: one provider that does not answer keeps nobody on another channel waiting."""

import asyncio
from dataclasses import replace

import pytest

from backend.house import Wake
from backend.staff import Role, add_staff
from backend.testing import HER_NUMBER, Bench, Outbox
from backend.worker import run_worker
from channels.contract import Accepted, Inbound, Outbound


class Deaf(Outbox):
    """A sender whose provider never answers."""

    async def send(self, message: Outbound) -> Accepted:
        self.sent.append(message)
        await asyncio.Event().wait()
        raise AssertionError


async def until_sent(outbox: Outbox, count: int) -> None:
    """Until a sender was given so many."""
    async with asyncio.timeout(60):
        while len(outbox.sent) < count:
            await asyncio.sleep(0.005)


@pytest.mark.requirement("R29")
def test_a_mail_server_that_does_not_answer_keeps_no_text_waiting(bench: Bench) -> None:
    deaf = Deaf("email")
    house = replace(bench.house, senders={**bench.house.senders, "email": deaf})
    with house.store.engine.begin() as c:
        add_staff(c, house, "Ash", "ash@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)

    async def scenario() -> None:
        worker = asyncio.create_task(run_worker(house))
        for number, words in enumerate(("he has a knife", "are you there")):
            sender = f"{HER_NUMBER[:-1]}{number}"
            await bench.intake.take(Inbound("sms", sender, f"SM{number:032x}", words, bench.clock()))
            await until_sent(deaf, 1)
        house.wake.ring()
        await until_sent(bench.sms, 2)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)

    asyncio.run(scenario())


@pytest.mark.parametrize("steps", range(4))
def test_to_be_stopped_while_being_woken_is_to_stop(steps: int) -> None:
    async def scenario() -> None:
        wake = Wake()
        waiting = asyncio.create_task(wake.wait(60))
        await asyncio.sleep(0)
        wake.ring()
        for _ in range(steps):
            await asyncio.sleep(0)
        stopped = waiting.cancel()
        await asyncio.wait([waiting])
        assert waiting.cancelled() == stopped

    asyncio.run(scenario())
