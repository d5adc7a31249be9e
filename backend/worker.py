"""The loop that sends what is due and fires timers: in the serving process by default, or as `sidedoor worker` on its
own."""

import asyncio
import logging
from datetime import datetime, timedelta

from backend.checkins import heartbeats
from backend.conversations.claim import next_due
from backend.conversations.clearing_work import keep_clearing
from backend.conversations.dispatch import Dispatcher
from backend.conversations.redaction import keep_redacting
from backend.conversations.timers import fire_due, next_timer
from backend.house import House
from backend.retention import AT_ONCE, purge_expired

log = logging.getLogger("sidedoor.worker")
POLL = timedelta(seconds=1)
"""How often a worker looks by itself for what another process wrote; in the same process a turn wakes it at once."""
PURGE_EVERY = timedelta(hours=1)


async def run_worker(house: House) -> None:
    """Send and fire until cancelled. A fault is logged without content, and the loop goes on."""
    dispatcher = Dispatcher(house)
    beside = [asyncio.create_task(work(house)) for work in (keep_redacting, keep_clearing)]
    try:
        await _work_on(house, dispatcher)
    finally:
        for task in beside:
            task.cancel()
        await dispatcher.stop()


async def _work_on(house: House, dispatcher: Dispatcher) -> None:
    purged: datetime | None = None
    beaten: datetime | None = None
    while True:
        try:
            if beaten is None or house.clock() - beaten >= heartbeats.EVERY:
                await house.store.write(lambda c: heartbeats.beat(c, house))
                beaten = house.clock()
            begun = await _fire_and_begin(house, dispatcher)
            if purged is None or house.clock() - purged >= PURGE_EVERY:
                purged = house.clock()
                while await house.store.write(lambda c: purge_expired(c, house)) == AT_ONCE:
                    pass
            rest = 0.0 if begun else await _rest(house, dispatcher)
        except Exception as error:
            log.error("worker: %s", type(error).__name__)
            rest = POLL.total_seconds()
        await house.wake.wait(rest)


async def _fire_and_begin(house: House, dispatcher: Dispatcher) -> int:
    """Fire the timers that are due, then begin to send what is due; how much that was."""
    return await house.store.write(lambda c: fire_due(c, house)) + await dispatcher.begin_due()


async def _rest(house: House, dispatcher: Dispatcher) -> float:
    """Seconds until something known falls due, and never longer than the poll."""
    channels = dispatcher.channels
    known = await house.store.read(lambda c: (next_due(c, house, channels), next_timer(c)))
    ahead = [at for at in known if at is not None]
    until = min(ahead, default=house.clock() + POLL) - house.clock()
    return max(0.05, min(until, POLL).total_seconds())
