"""The dispatcher: the only code that calls a channel's send, and only with what the gate has let through."""

import asyncio
import logging
from collections.abc import Sequence

from backend.conversations import record
from backend.conversations.claim import Job, claim_due
from backend.house import House
from channels.contract import CannotSay, Found, Lookup, NotFound, SendError

log = logging.getLogger("sidedoor.dispatch")


async def dispatch_due(house: House) -> int:
    """Send what is due, until nothing is; how many attempts were made. Provider calls run outside any transaction."""
    made = 0
    channels = list(house.senders)
    while jobs := await house.store.write(lambda c: claim_due(c, house, channels)):
        await asyncio.gather(*(_carry(house, job) for job in jobs))
        made += len(jobs)
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
