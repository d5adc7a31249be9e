"""What is wrong, from what is known: pure, so that every rule can be tried with a moved clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.delivery.facts import ChannelFacts, Facts

IN_A_ROW = 3
"""So many failed attempts in a row are not chance: the first offer of a message and its two repeats (R25)."""


class Fault(StrEnum):
    """What can be wrong. A channel may have one of the middle three."""

    WORKER = "worker"
    """What is due is not even tried: the part that sends does not run."""
    NO_SENDER = "no_sender"
    """Something waits on a channel that has no provider any more; or it is mail, without which nobody can be woken."""
    FAILING = "failing"
    STUCK = "stuck"
    """Nothing fails, and what is due does not go."""
    UNHEARD = "unheard"
    """Nothing comes in on a channel: its provider cannot call us, or cannot be asked."""
    KEPT = "kept"
    """What came while the database was away is not taken in."""
    UNREADABLE = "unreadable"
    """Some of it cannot be."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong, since when (UTC; None: always), with what is known of the channel where it is one."""

    fault: Fault
    since: datetime | None = None
    about: ChannelFacts | None = None
    number: int = 0
    """How many messages it is about, where that is known."""
    code: str = ""
    """Why nothing comes in, for the operator."""


def find_troubles(facts: Facts, now: datetime, patience: timedelta) -> list[Trouble]:
    """Everything that is wrong at `now` (UTC), the gravest first; what works again is not in it."""
    stopped = _worker(facts, now, patience)
    channels = [trouble for channel in facts.channels if (trouble := _channel(channel, now, patience)) is not None]
    if stopped:  # nothing goes anywhere, and that is one trouble
        channels = [trouble for trouble in channels if trouble.fault is not Fault.STUCK]
    return [*([stopped] if stopped else []), *channels, *_unheard(facts), *_spool(facts)]


def _worker(facts: Facts, now: datetime, patience: timedelta) -> Trouble | None:
    """Where something is overdue, and for as long nothing has been tried on any channel."""
    waits = [channel.waiting_since for channel in facts.channels if channel.can_send and channel.waiting_since]
    overdue = [*waits, *([facts.overdue_timer] if facts.overdue_timer else [])]
    if not overdue or (facts.last_begun is not None and facts.last_begun > now - patience):
        return None
    return Trouble(Fault.WORKER, min(overdue))


def _channel(channel: ChannelFacts, now: datetime, patience: timedelta) -> Trouble | None:
    if not channel.can_send:
        return Trouble(Fault.NO_SENDER, channel.waiting_since, channel, channel.waiting)
    tries = channel.failed + channel.unknown
    if channel.failing_since and (tries >= IN_A_ROW or channel.failing_since <= now - patience):
        return Trouble(Fault.FAILING, channel.failing_since, channel, channel.waiting)
    went = channel.last_success is not None and channel.last_success > now - patience
    if channel.waiting_since and not went:  # what only waits for its turn waits while others go
        return Trouble(Fault.STUCK, channel.waiting_since, channel, channel.waiting)
    return None


def _unheard(facts: Facts) -> Iterator[Trouble]:
    about = {channel.channel: channel for channel in facts.channels}
    for one in facts.unheard:
        yield Trouble(Fault.UNHEARD, one.since, about.get(one.channel), code=one.code)


def _spool(facts: Facts) -> Iterator[Trouble]:
    if facts.kept:
        yield Trouble(Fault.KEPT, facts.kept_since, number=facts.kept)
    if facts.unreadable:
        yield Trouble(Fault.UNREADABLE, number=facts.unreadable)
