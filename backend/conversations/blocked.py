"""When a person shuts a door, as by blocking us: it is a refusal like STOP, and nothing is started there any more."""

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.conversations.outbox import cancel_queued
from backend.conversations.talk import Talk, find_talk
from backend.house import House
from channels.contract import Blocked
from safety.types import PointState


def shut_door(c: Connection, house: House, item: Blocked) -> bool:
    """What a provider says of a block; False when nobody ever wrote from there."""
    talk = find_talk(c, house, item.channel, item.address)
    if talk is None:
        return False
    refuse_here(c, house, talk)
    talk.save(c)
    return True


def refuse_here(c: Connection, house: House, talk: Talk) -> None:
    """Stop what we would start here and tell a practitioner; no case is closed and no other channel begins (R11, R24,
    domain 3.4)."""
    talk.points["opted_out_at"] = talk.row["point_opted_out_at"] or house.clock()
    talk.set_point_state(PointState(talk.row["point_state"]))
    cancel_queued(c, talk.id, "blocked")
    raise_alert(c, house, talk.id, "blocked", "soon")
