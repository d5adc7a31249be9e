"""Tasks: begun by a clock or by what happened, done by a person, and told of when they are overdue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from backend.alerts.service import raise_alert
from backend.conversations import statements
from backend.conversations.talk import lock_talk
from backend.house import House
from backend.staff.audit import Did, record
from backend.store.support import Task
from backend.store.talk import Timer
from backend.tasks.clocks import CLOCKS, due_at

TIMER = "task"
"""The kind of timer that tells of an overdue task; its subject is the task."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that nobody has done yet. `due_at` is UTC."""

    id: int
    conversation_id: int
    kind: str
    urgency: str
    due_at: datetime
    staff_id: int | None
    is_overdue: bool


def start_clocks(
    c: Connection, house: House, conversation_id: int, kinds: Iterable[str], staff_id: int | None = None
) -> list[int]:
    """Begin these clocks now for a conversation; the ids of their tasks. One that runs already goes on as it is."""
    running = {task.kind for task in open_tasks(c, house, conversation_id)}
    fresh = [kind for kind in kinds if kind not in running]
    now = house.clock()
    return [
        make_task(c, house, conversation_id, kind, due_at(kind, house.settings, now), staff_id=staff_id)
        for kind in fresh
    ]


def make_task(
    c: Connection,
    house: House,
    conversation_id: int,
    kind: str,
    due: datetime,
    *,
    urgency: str = "",
    staff_id: int | None = None,
) -> int:
    """Something to be done by `due` (aware); its id. When it is overdue, practitioners are told once."""
    task_id = house.new_id()
    clock = CLOCKS.get(kind)
    row = {
        "id": task_id,
        "conversation_id": conversation_id,
        "kind": kind,
        "urgency": urgency or (clock.urgency if clock else "routine"),
        "due_at": due,
        "made_at": house.clock(),
        "staff_id": staff_id,
    }
    c.execute(insert(Task), row)
    timer = {"id": house.new_id(), "kind": TIMER, "subject_id": task_id, "name": "", "fence": "", "due_at": due}
    c.execute(statements.SET_TIMER[c.dialect.name], timer)
    return task_id


def done(c: Connection, house: House, task_id: int, staff_id: int) -> bool:
    """A practitioner has done it; False when somebody else had. A clock that goes round begins again from now."""
    now = house.clock()
    whose = c.execute(select(Task.conversation_id).where(Task.id == task_id)).scalar_one_or_none()
    if whose is None:
        return False
    lock_talk(c, whose)
    still = (Task.id == task_id, Task.done_at.is_(None))
    if c.execute(update(Task).where(*still).values(done_at=now, done_by=staff_id)).rowcount != 1:
        return False
    c.execute(delete(Timer).where(Timer.kind == TIMER, Timer.subject_id == task_id))
    row = c.execute(select(Task.__table__).where(Task.id == task_id)).one()
    clock = CLOCKS.get(row.kind)
    if clock is not None and clock.again:
        start_clocks(c, house, row.conversation_id, [row.kind], row.staff_id)
    record(c, house, staff_id, Did.DONE, "task", task_id)
    return True


def tell_if_overdue(c: Connection, house: House, task_id: int) -> None:
    """A task has come due; if nobody has done it, practitioners are told. It goes on waiting, whatever happens."""
    still = (Task.id == task_id, Task.done_at.is_(None), Task.escalated_at.is_(None))
    row = c.execute(select(Task.__table__).where(*still)).one_or_none()
    if row is None:
        return
    c.execute(update(Task).where(Task.id == task_id).values(escalated_at=house.clock()))
    raise_alert(c, house, row.conversation_id, "task_overdue", "soon")


def open_tasks(c: Connection, house: House, conversation_id: int | None = None) -> list[OpenTask]:
    """What is to be done, what is due first coming first; of one conversation, or of all."""
    rows = select(Task.__table__).where(Task.done_at.is_(None)).order_by(Task.due_at, Task.id)
    if conversation_id is not None:
        rows = rows.where(Task.conversation_id == conversation_id)
    return [_open(row, house.clock()) for row in c.execute(rows)]


def _open(row: Any, now: datetime) -> OpenTask:
    return OpenTask(row.id, row.conversation_id, row.kind, row.urgency, row.due_at, row.staff_id, row.due_at < now)
