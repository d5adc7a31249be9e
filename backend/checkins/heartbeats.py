"""When nobody could have heard an answer: our own outages by heartbeats, the provider's by what came of attempts."""

import re
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from backend.house import House
from backend.store.checkins import Heartbeat
from backend.store.talk import Attempt, OutboundMessage
from safety.ladder import gaps
from safety.outcomes import Outage

EVERY = timedelta(minutes=1)
LONGEST = timedelta(minutes=3)
"""Heartbeats that are further apart than this have an outage between them."""
KEPT = timedelta(days=14)
ONE_FAILURE = timedelta(minutes=15)
"""How long one failure of a provider speaks against it, if nothing shows sooner that it works again."""
_BEAT = {
    name: dialect.insert(Heartbeat).on_conflict_do_nothing()
    for name, dialect in {"sqlite": sqlite, "postgresql": postgresql}.items()
}
DOWN = re.compile(r"(?:-timeout|-unreachable|-5\d\d|-no-code|adapter_fault|cannot_say)$")
"""Codes of attempts that say that the provider, and not the phone, was in trouble."""


def beat(c: Connection, house: House) -> None:
    """Say that a worker is awake in this minute, once a minute however many there are."""
    minute = house.clock().replace(second=0, microsecond=0)
    c.execute(_BEAT[c.dialect.name], {"at": minute})
    c.execute(delete(Heartbeat).where(Heartbeat.at < minute - KEPT))


def outages(c: Connection, house: House, channel: str, since: datetime) -> list[Outage]:
    """The times after `since` (UTC) in which we, or the provider of a channel, could not have heard an answer."""
    return [*_ours(c, house.clock(), since), *_theirs(c, channel, since)]


def _ours(c: Connection, now: datetime, since: datetime) -> list[Outage]:
    """None where there are no heartbeats at all: then no worker of this kind has ever run."""
    earlier = select(Heartbeat.at).where(Heartbeat.at <= since).order_by(Heartbeat.at.desc()).limit(1)
    first = c.execute(earlier).scalar_one_or_none()
    beats = c.execute(select(Heartbeat.at).where(Heartbeat.at >= (first or since)).order_by(Heartbeat.at)).scalars()
    return list(gaps(list(beats), LONGEST, now))


def _theirs(c: Connection, channel: str, since: datetime) -> list[Outage]:
    attempts = c.execute(
        select(Attempt.state, Attempt.code, Attempt.started_at)
        .join(OutboundMessage, OutboundMessage.id == Attempt.outbound_id)
        .where(OutboundMessage.channel == channel, Attempt.started_at >= since - ONE_FAILURE)
        .order_by(Attempt.started_at)
    ).all()
    worked = [row.started_at for row in attempts if row.state == "sent"]
    failed = [row.started_at for row in attempts if row.state in ("failed", "unknown") and DOWN.search(row.code)]
    return [Outage(at, min([at + ONE_FAILURE, *(later for later in worked if later > at)])) for at in failed]
