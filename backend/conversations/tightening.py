"""What tightens a contact point, whatever is said about it: it counts at once, on every course (R13, R14)."""

from sqlalchemy import Connection

from backend.contact_points import pending
from backend.conversations import statements
from backend.conversations.outbox import cancel_queued
from backend.conversations.talk import Talk
from backend.house import House
from safety.types import PointState


def somebody_else(c: Connection, talk: Talk) -> None:
    """Somebody else has the phone, or the mailbox: unsafe, and what waited there is gone (R6)."""
    cancel_queued(c, talk.id, "somebody_else")
    talk.set_point_state(PointState.UNSAFE)


def duress(c: Connection, house: House, talk: Talk, whose: int) -> None:
    """Unsafe, and everything for the person pauses; `whose` is the conversation that the word was agreed in (R13)."""
    now = house.clock()
    talk.points["paused_at"] = now
    talk.set_point_state(PointState.UNSAFE)
    c.execute(statements.PAUSE_PERSON, {"talk_id": whose, "now": now})


def void_after_duress(c: Connection, house: House, talk: Talk, whose: int) -> None:
    """Nobody can say any more who asked for what waits, here or on another route of that person (R14)."""
    pending.void_of_person(c, house, whose, "duress")
    pending.void_at_point(c, house, talk.point_id, "duress")
