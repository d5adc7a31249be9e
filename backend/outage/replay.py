"""Taking in what was kept, once the database is there again."""

import asyncio
import logging
from collections.abc import Mapping

from sqlalchemy.exc import DBAPIError

from backend.conversations.intake import Intake
from backend.outage.spool import Kept, Spool
from backend.store import FAULTS_OF_THE_WORK
from channels.contract import Receiver
from safety.vault import VaultError

log = logging.getLogger("sidedoor.outage")
LOOK_EVERY, PATIENCE = 5.0, 30.0
"""Seconds between two looks, and how long the database may take for one request."""


async def keep_replaying(spool: Spool, intake: Intake, receivers: Mapping[str, Receiver]) -> None:
    """Take in what waits until cancelled. A fault is logged without content, and the work goes on."""
    while True:
        try:
            await replay(spool, intake, receivers)
        except Exception as error:
            log.error("replay: %s", type(error).__name__)
        await asyncio.sleep(LOOK_EVERY)


async def replay(spool: Spool, intake: Intake, receivers: Mapping[str, Receiver]) -> int:
    """Take in what waits, oldest first; how many requests that was. Stops, and loses nothing, while the database is
    away. What was written before the outage was noticed is a duplicate, and nothing is done twice (R23)."""
    done = 0
    for path in spool.waiting():
        try:
            async with asyncio.timeout(PATIENCE):
                await take_in(spool.read(path), intake, receivers)
        except FAULTS_OF_THE_WORK as fault:  # the database is there, and would never take this one
            log.error("a kept request was not taken in: %s", type(fault).__name__)
            continue
        except (DBAPIError, TimeoutError):
            return done
        except (VaultError, ValueError) as error:
            log.error("a kept request cannot be taken in: %s", type(error).__name__)
            spool.set_aside(path)
            continue
        except Exception as fault:  # it is tried again; what came after it does not wait for that
            log.error("a kept request was not taken in: %s", type(fault).__name__)
            continue
        path.unlink(missing_ok=True)
        done += 1
    return done


async def take_in(kept: Kept, intake: Intake, receivers: Mapping[str, Receiver]) -> None:
    """Everything in one request, as if it had just come, but with the time at which it did: an answer that comes too
    late by now is dropped, and a practitioner is told (R2, R8). Raises ValueError, DBAPIError."""
    receiver = receivers.get(kept.channel)
    if receiver is None or not receiver.verify(kept.request):
        raise ValueError("nobody here can read it")
    for item in receiver.parse(kept.request):
        await intake.take(item)
