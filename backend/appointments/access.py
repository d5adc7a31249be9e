"""Whose appointments business support may open: those that are to be made or held, and no others (D2, R39)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, exists, select
from sqlalchemy.exc import NoResultFound

from backend.appointments.rules import OUTCOMES
from backend.house import House
from backend.staff import Actor, Right
from backend.store.support import Appointment, Task

TO_FIND = ("to_book", "other_times")
"""Kinds of task for which a time is to be found."""
STAYS = timedelta(days=7)
"""How long after its end an appointment without an outcome may still be opened."""


def must_book_for(c: Connection, house: House, actor: Actor, conversation_id: int) -> None:
    """Whoever may not read opens a person's appointments only while there is one, or one is to be made. Raises
    NoResultFound, as for a record that is not there."""
    if actor.may(Right.READ):
        return
    task = exists().where(Task.conversation_id == conversation_id, Task.kind.in_(TO_FIND), Task.done_at.is_(None))
    since = house.clock() - STAYS
    booked = exists().where(
        Appointment.conversation_id == conversation_id,
        Appointment.state.not_in(OUTCOMES),
        Appointment.ends_at > since,
    )
    if not c.execute(select(task | booked)).scalar():
        raise NoResultFound


def may_open(house: House, actor: Actor, row: Any) -> bool:
    """Whether one appointment may be opened: a practitioner any, business support until somebody wrote what came of
    it."""
    if actor.may(Right.READ):
        return True
    return actor.may(Right.BOOK) and row.state not in OUTCOMES and row.ends_at > house.clock() - STAYS
