"""When a person shuts a door, as by blocking us: it is a refusal like STOP, and nothing is started there any more."""

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.conversations.outbox import cancel_queued
from backend.conversations.talk import Talk, find_talk, load_talk
from backend.house import House
from channels.contract import Blocked
from safety.types import PointState


def shut_door(c: Connection, house: House, item: Blocked) -> bool:
    """What a provider says of a block; False when nobody ever wrote from there."""
    talk = find_talk(c, house, item.channel, item.address)
    if talk is not None:
        _refuse(c, house, talk)
    return talk is not None


def find_shut(c: Connection, house: House, conversation_id: int) -> None:
    """A message came back because the door is shut."""
    _refuse(c, house, load_talk(c, house, conversation_id))


def stop_starting(c: Connection, house: House, talk: Talk, reason: str) -> None:
    """What we would start here ends at once and does not begin again by itself (R24)."""
    talk.points["opted_out_at"] = talk.row["point_opted_out_at"] or house.clock()
    talk.set_point_state(PointState(talk.row["point_state"]))
    cancel_queued(c, talk.id, reason)


def _refuse(c: Connection, house: House, talk: Talk) -> None:
    """No case is closed by it, and no other channel begins (R11, domain 3.4)."""
    stop_starting(c, house, talk, "blocked")
    raise_alert(c, house, talk.id, "blocked", "soon")
    talk.save(c)
