"""What is known about each channel, read from the outbox and its attempts by a few small indexed queries."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, func, literal_column, or_, select

from backend.alerts.service import WAKES
from backend.conversations.statements import KEPT_WAITING, attempt, outbound, timer
from backend.outage.keeper import FOLDER
from backend.outage.spool import BROKEN, NAMED_BY, SUFFIX
from backend.settings import Settings
from backend.unheard import Unheard
from backend.unheard import read as read_unheard

LOOKS_BACK = timedelta(hours=12)
"""For how long a failure with no success after it speaks against a channel."""
MOST_FAILURES = 500
"""More are not counted."""


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """One channel. All times are UTC; `failed` and `unknown` are attempts in a row, without a success between."""

    channel: str
    can_send: bool
    """Whether there is a provider for it."""
    last_success: datetime | None = None
    failed: int = 0
    unknown: int = 0
    failing_since: datetime | None = None
    waiting: int = 0
    """Messages that have been due for a while and have not gone."""
    waiting_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known at one instant. `last_begun` is when an attempt was last begun, on any channel;
    `overdue_timer` the oldest timer that should have gone off."""

    channels: tuple[ChannelFacts, ...]
    last_begun: datetime | None = None
    overdue_timer: datetime | None = None
    kept: int = 0
    """Requests in this machine's spool that have not been taken in for a while."""
    kept_since: datetime | None = None
    unreadable: int = 0
    """Requests in it that cannot be taken in at all."""
    unheard: tuple[Unheard, ...] = ()
    """Channels on which nothing has come in for a while, for their providers cannot call us or cannot be asked."""


def patience(settings: Settings) -> timedelta:
    """How long something may take before it shows; less than is promised by what the desk takes to look again."""
    return timedelta(minutes=settings.dead_channel_minutes, seconds=-15)


def read_facts(c: Connection, settings: Settings, senders: Collection[str], now: datetime) -> Facts:
    """Look at every channel that has a provider, or something waiting, and at mail. `now` is UTC."""
    late = now - patience(settings)
    waiting = {row.channel: row for row in c.execute(_WAITING, {"now": now, "late": late})}
    failures = c.execute(_FAILURES, {"earliest": now - LOOKS_BACK}).all()
    names = sorted({*senders, *waiting, WAKES})
    kept = sorted(at for at in _received(settings.data_dir / FOLDER) if at <= late)
    return Facts(
        tuple(_channel(c, name, name in senders, waiting.get(name), failures) for name in names),
        c.execute(_LAST_BEGUN).scalar(),
        c.execute(_OVERDUE_TIMER, {"late": late}).scalar(),
        len(kept),
        kept[0] if kept else None,
        len(list((settings.data_dir / FOLDER).glob(f"*{BROKEN}"))),
        tuple(one for one in read_unheard(c, now) if one.channel in senders and one.since <= late),
    )


def _channel(c: Connection, name: str, can_send: bool, waiting: Any, failures: Collection[Any]) -> ChannelFacts:
    last = c.execute(_LAST_SUCCESS, {"channel": name}).scalar()
    since = [row for row in failures if row.channel == name and (last is None or row.started_at > last)]
    return ChannelFacts(
        name,
        can_send,
        last,
        sum(row.state == "failed" for row in since),
        sum(row.state == "unknown" for row in since),
        min((row.started_at for row in since), default=None),
        waiting.number if waiting else 0,
        waiting.since if waiting else None,
    )


def _received(folder: Path) -> Iterator[datetime]:
    """When each request in the spool came, by its name."""
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            yield datetime.strptime(path.name.partition("-")[0], NAMED_BY).replace(tzinfo=UTC)
        except ValueError:
            continue  # not one of ours


# Written out and not bound, so that the index over the few failures can be used.
_TROUBLED = attempt.c.state.in_([literal_column("'failed'"), literal_column("'unknown'")])
_FAILURES = (
    select(outbound.c.channel, attempt.c.state, attempt.c.started_at)
    .join(outbound, outbound.c.id == attempt.c.outbound_id)
    .where(_TROUBLED, attempt.c.started_at >= bindparam("earliest"))
    .order_by(attempt.c.started_at.desc())
    .limit(MOST_FAILURES)
)
_LAST_SUCCESS = select(func.max(outbound.c.sent_at)).where(
    outbound.c.channel == bindparam("channel"), outbound.c.sent_at.is_not(None)
)
_WAITING = (
    select(outbound.c.channel, func.count().label("number"), func.min(outbound.c.due_at).label("since"))
    .where(outbound.c.due_at <= bindparam("late"), or_(outbound.c.lane == 0, ~KEPT_WAITING))
    .group_by(outbound.c.channel)
)
_LAST_BEGUN = select(attempt.c.started_at).order_by(attempt.c.id.desc()).limit(1)
_OVERDUE_TIMER = select(func.min(timer.c.due_at)).where(timer.c.due_at <= bindparam("late"))
