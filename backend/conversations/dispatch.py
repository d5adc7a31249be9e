"""The dispatcher: the only code that calls a channel's send, and only with what the gate has let through."""

import asyncio
import logging
from collections.abc import Sequence

from backend.conversations import record
from backend.conversations.claim import Job, claim_due
from backend.house import House
from channels.contract import CannotSay, Found, Lookup, NotFound, SendError

log = logging.getLogger("sidedoor.dispatch")
ROOM = 32
"""Attempts on one channel from which on no more are begun."""


class Dispatcher:
    """The attempts under way. A provider that does not answer keeps its own channel waiting, and no other."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._going: dict[str, set[asyncio.Task[None]]] = {name: set() for name in house.senders}

    @property
    def channels(self) -> list[str]:
        """The channels with room for more."""
        return [name for name, going in self._going.items() if len(going) < ROOM]

    async def begin_due(self) -> int:
        """Claim what is due where there is room, and begin to send it; how many attempts that was."""
        channels = self.channels
        jobs = await self._house.store.write(lambda c: claim_due(c, self._house, channels))
        for job in jobs:
            task = asyncio.create_task(_carry(self._house, job))
            self._going[job.message.channel].add(task)
            task.add_done_callback(self._end)
        return len(jobs)

    async def settle(self) -> None:
        """Wait for what is under way. Raises what broke in it."""
        await asyncio.gather(*self._under_way())

    async def stop(self) -> None:
        """Let go of what is under way; when its lease ends the provider is asked what became of it."""
        going = self._under_way()
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    def _under_way(self) -> list[asyncio.Task[None]]:
        return [task for tasks in self._going.values() for task in tasks]

    def _end(self, task: asyncio.Task[None]) -> None:
        """There is room again, and the next message of that conversation may go."""
        for going in self._going.values():
            going.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("an attempt was not recorded: %s", type(error).__name__)
        self._house.wake.ring()


async def dispatch_due(house: House) -> int:
    """Send what is due, until nothing is, and wait for the end of it; how many attempts were made."""
    dispatcher, made = Dispatcher(house), 0
    while begun := await dispatcher.begin_due():
        await dispatcher.settle()
        made += begun
    return made


async def _carry(house: House, job: Job) -> None:
    """Offer one message, or first settle an earlier attempt whose outcome nobody knows, and record what came of it."""
    if job.unknown_since is not None:
        await _settle_unknown(house, job)
        return
    try:
        accepted = await house.senders[job.message.channel].send(job.message)
    except SendError as error:
        failure = error
        log.info("attempt %d failed: %s", job.attempt_id, failure.code)
        await house.store.write(lambda c: record.record_failure(c, house, job, failure))
    except Exception as error:  # a fault in an adapter must not stop the others; what it did is not known
        log.error("attempt %d broke: %s", job.attempt_id, type(error).__name__)
        await house.store.write(
            lambda c: record.record_failure(c, house, job, SendError("adapter_fault", unknown=True))
        )
    else:
        await house.store.write(lambda c: record.record_sent(c, house, job, accepted.provider_id))


async def _settle_unknown(house: House, job: Job) -> None:
    answer = await _ask(house, job)
    log.info("attempt %d of unknown outcome: %s", job.attempt_id, type(answer).__name__)
    match answer:
        case Found(provider_id):
            await house.store.write(lambda c: record.record_sent(c, house, job, provider_id))
        case NotFound():
            await house.store.write(lambda c: record.record_not_there(c, house, job))
        case CannotSay():
            await house.store.write(lambda c: record.record_cannot_say(c, house, job))


async def _ask(house: House, job: Job) -> Found | NotFound | CannotSay:
    sender, since = house.senders[job.message.channel], job.unknown_since
    if since is None or not isinstance(sender, Lookup):
        return CannotSay()
    known: Sequence[str] = await house.store.read(lambda c: record.known_provider_ids(c, job.outbound_id, since))
    return await sender.find(job.message, since, known)
