"""Blanking what a provider keeps of our messages and of theirs, once it has done its part (R27).

A row says when the provider is to be asked next. Asking is repeated ever more rarely for two weeks, which is as long as
some providers need to let go of a message; then it is given up, and the log says so.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from backend.conversations import statements
from backend.house import House
from backend.store.talk import Attempt, InboundMessage, OutboundMessage
from channels.contract import Redactor

log = logging.getLogger("sidedoor.redaction")
AT_ONCE = 8
FIRST_LOOK_AGAIN = timedelta(minutes=10)
GIVE_UP = timedelta(days=14)
LOOK_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Copy:
    """A provider's copy of one message: ours (an attempt's) or theirs. `since` is when it was made (UTC)."""

    table: type[Attempt] | type[InboundMessage]
    row_id: int
    channel: str
    provider_id: str
    since: datetime


def can_be_asked(house: House, channel: str) -> bool:
    """Whether the channel's provider keeps copies that it blanks when asked."""
    return isinstance(house.senders.get(channel), Redactor)


def in_the_end(house: House, channel: str) -> datetime | None:
    """When a message that is sent now is to be blanked if no final receipt ever comes; None: never."""
    later = timedelta(hours=house.settings.redact_after_hours)
    return house.clock() + later if can_be_asked(house, channel) else None


def plan_now(c: Connection, house: House, channel: str, attempt_id: int) -> None:
    """The message has reached its final status."""
    if can_be_asked(house, channel):
        c.execute(statements.SAVE_ATTEMPT, {"redact_at": house.clock(), "row_id": attempt_id})


async def keep_redacting(house: House) -> None:
    """Blank what is due until cancelled. A fault is logged without content, and the work goes on."""
    while True:
        try:
            while await redact_due(house):
                pass
        except Exception as error:
            log.error("redaction: %s", type(error).__name__)
        await asyncio.sleep(LOOK_EVERY.total_seconds())


async def redact_due(house: House) -> int:
    """Ask the providers to blank what is due, a few at once; how many were asked for."""
    copies = await house.store.write(lambda c: _claim(c, house))
    await asyncio.gather(*(_blank(house, copy) for copy in copies))
    return len(copies)


def _claim(c: Connection, house: House) -> Sequence[Copy]:
    """Take what is due, and set when it would be looked at again if this try comes to nothing."""
    now = house.clock()
    ours = select(Attempt.id, OutboundMessage.channel, Attempt.provider_id, Attempt.started_at)
    ours = ours.join(OutboundMessage, OutboundMessage.id == Attempt.outbound_id)
    theirs = select(InboundMessage.id, InboundMessage.channel, InboundMessage.external_id, InboundMessage.received_at)
    copies = [*_due(c, Attempt, ours, now), *_due(c, InboundMessage, theirs, now)]
    for copy in copies:
        again = now + max(FIRST_LOOK_AGAIN, now - copy.since)
        c.execute(update(copy.table).where(copy.table.id == copy.row_id).values(redact_at=again))
    return copies


def _due(c: Connection, table: type[Attempt] | type[InboundMessage], rows: Any, now: datetime) -> list[Copy]:
    due = rows.where(table.redact_at <= now).order_by(table.redact_at).limit(AT_ONCE)
    found = c.execute(due.with_for_update(skip_locked=True, of=table)).all()
    return [Copy(table, row[0], row[1], row[2] or "", row[3]) for row in found]


async def _blank(house: House, copy: Copy) -> None:
    sender, given_up = house.senders.get(copy.channel), house.clock() - copy.since > GIVE_UP
    if isinstance(sender, Redactor) and copy.provider_id:
        try:
            await sender.redact(copy.provider_id)
        except Exception as error:  # a fault in an adapter is given up in the end as well
            if not given_up:
                return
            log.warning("a provider's copy was not blanked within %d days: %s", GIVE_UP.days, type(error).__name__)
    await house.store.write(
        lambda c: c.execute(update(copy.table).where(copy.table.id == copy.row_id).values(redact_at=None))
    )
