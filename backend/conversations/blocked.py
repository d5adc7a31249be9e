"""When a person shuts a door, as by blocking us: it is a refusal like STOP, and nothing is started there any more.

The order in which they sent things decides, not the one in which we took them in: what was kept while the database was
away comes late. Where that leaves it open, they have stopped us.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.conversations.outbox import cancel_queued
from backend.conversations.talk import Talk, find_talk, load_talk
from backend.house import House
from channels.contract import Blocked, Inbound
from safety.types import PointState

TWO_CLOCKS = timedelta(minutes=1)
"""What comes late may have been timed by another host; so far its clock may be from ours."""


def shut_door(c: Connection, house: House, item: Blocked) -> bool:
    """What a provider says of a block; False when nobody ever wrote from there."""
    talk = find_talk(c, house, item.channel, item.address)
    if talk is not None:
        _refuse(c, house, talk, item.received_at)
    return talk is not None


def find_shut(c: Connection, house: House, conversation_id: int) -> None:
    """A message came back because the door is shut."""
    _refuse(c, house, load_talk(c, house, conversation_id), house.clock())


def stop_starting(c: Connection, house: House, talk: Talk, reason: str, at: datetime) -> None:
    """What we would start here ends at once and does not begin again by itself (R24). `at` (UTC) is when they sent it;
    of several refusals the last one counts."""
    before: datetime | None = talk.points.get("opted_out_at", talk.row["point_opted_out_at"])
    said = min(at, house.clock())
    talk.points["opted_out_at"] = said if before is None else max(before, said)
    talk.set_point_state(PointState(talk.row["point_state"]))
    cancel_queued(c, talk.id, reason)


def comes_after_stop(talk: Talk, inbound: Inbound, now: datetime) -> bool:
    """Whether they had stopped us when they sent this; of what comes late, only where no clock leaves it open (R24)."""
    stopped: datetime | None = talk.row["point_opted_out_at"]
    if stopped is None:
        return False
    is_late = now - inbound.received_at > TWO_CLOCKS
    return inbound.received_at > stopped + (TWO_CLOCKS if is_late else timedelta(0))


def _refuse(c: Connection, house: House, talk: Talk, at: datetime) -> None:
    """No case is closed by it, and no other channel begins (R11, domain 3.4)."""
    stop_starting(c, house, talk, "blocked", at)
    raise_alert(c, house, talk.id, "blocked", "soon")
    talk.save(c)
