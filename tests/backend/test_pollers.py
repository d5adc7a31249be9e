"""A mailbox or queue that cannot be asked shows at the desk, and goes with the first answer (R32)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from backend.pollers import Poller
from backend.testing import Bench
from backend.unheard import read
from channels.contract import Batch, SendError

NOW = timedelta(microseconds=1)


class Mailbox:
    """A fetcher whose next answers are given; a failure is raised."""

    name = "email"
    pause = timedelta(0)

    def __init__(self, answers: Sequence[Batch | SendError]) -> None:
        self._answers, self.emptied = list(answers), asyncio.Event()

    async def fetch(self, place: str) -> Batch:
        if not self._answers:
            self.emptied.set()
            await asyncio.Event().wait()
        answer = self._answers.pop(0)
        if isinstance(answer, SendError):
            raise answer
        return answer

    async def done(self, batch: Batch) -> None:
        return


@pytest.mark.requirement("R32")
@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ([SendError("imap-login", retry_after=NOW)], ["imap-login"]),
        ([SendError("imap-login", retry_after=NOW), Batch([], "1:1")], []),
    ],
)
def test_what_cannot_be_asked_is_kept_for_the_desk_until_it_answers(
    bench: Bench, answers: list[Batch | SendError], shown: list[str]
) -> None:
    async def scenario() -> list[str]:
        mailbox = Mailbox(answers)
        poller = Poller(bench.house, bench.intake, mailbox)
        asking = asyncio.create_task(poller.run())
        await mailbox.emptied.wait()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        return [one.code for one in await bench.house.store.read(lambda c: read(c, bench.clock()))]

    assert asyncio.run(scenario()) == shown
