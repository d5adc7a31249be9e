"""Timers: rows that fall due. Each is deleted in the transaction that carries it out, so it happens once or not yet."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from backend.alerts.service import repeat_alert
from backend.conversations.engine import fire_timer
from backend.conversations.talk import load_talk
from backend.house import House
from backend.store.talk import Conversation, Timer

LIMIT = 64


def fire_due(c: Connection, house: House) -> int:
    """Carry out the timers that are due; how many there were. One whose subject is gone does nothing."""
    due = select(Timer.__table__).where(Timer.due_at <= house.clock()).order_by(Timer.due_at).limit(LIMIT)
    rows = c.execute(due.with_for_update(skip_locked=True)).all()
    for row in rows:
        c.execute(delete(Timer).where(Timer.id == row.id))
        if row.kind == "alert":
            repeat_alert(c, house, row.subject_id)
        elif c.execute(select(Conversation.id).where(Conversation.id == row.subject_id)).first():
            fire_timer(c, house, load_talk(c, house, row.subject_id), row.name, row.fence)
    return len(rows)


def next_timer(c: Connection) -> datetime | None:
    """When the next timer falls due (UTC)."""
    return c.execute(select(Timer.due_at).order_by(Timer.due_at).limit(1)).scalar_one_or_none()
