"""Timers: rows that fall due. Each is deleted in the transaction that carries it out, so it happens once or not yet."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, select, update
from sqlalchemy.exc import DBAPIError

from backend.alerts.service import raise_alert, repeat_alert
from backend.appointments import reminders
from backend.appointments.records import find as find_appointment
from backend.checkins import dues, missed
from backend.checkins.plans import TIMER as PLAN
from backend.contact_points import rechecks
from backend.conversations import fragments, statements
from backend.conversations.engine import NEUTRAL, fire_timer
from backend.conversations.talk import Talk, load_talk_if_free, lock_talk_if_free
from backend.house import House
from backend.store import FAULTS_OF_THE_WORK
from backend.store.support import Appointment, Plan, PlanDue, Task
from backend.store.talk import Conversation, Timer
from backend.store.work import Alert
from backend.tasks.service import TIMER as TASK
from backend.tasks.service import tell_if_overdue

log = logging.getLogger("sidedoor.timers")
LIMIT = 64
LOOK_AGAIN = timedelta(minutes=1)
"""When the repeat of an alert that could not be sent is tried again."""


def fire_due(c: Connection, house: House) -> int:
    """Carry out the timers that are due; how many there were. One whose subject is gone does nothing."""
    due = select(Timer.__table__).where(Timer.due_at <= house.clock()).order_by(Timer.due_at, Timer.id).limit(LIMIT)
    return sum(_fire(c, house, row) for row in c.execute(due).all())


def _fire(c: Connection, house: House, row: Any) -> bool:
    """Carry out one timer. One that breaks keeps nobody else waiting."""
    try:
        with c.begin_nested():
            return FIRE[row.kind](c, house, row)
    except Exception as error:
        if isinstance(error, DBAPIError) and not isinstance(error, FAULTS_OF_THE_WORK):
            raise  # the database's own trouble is that of the whole transaction
        log.error("timer %d broke: %s", row.id, type(error).__name__)
        return _set_aside(c, house, row)


def _set_aside(c: Connection, house: House, row: Any) -> bool:
    """A talk in which the machine cannot go on needs a person; what must not be lost is looked at again (R32)."""
    if row.kind in NEVER_GIVEN_UP:
        later = update(Timer).where(Timer.id == row.id).values(due_at=house.clock() + LOOK_AGAIN)
        return bool(c.execute(later).rowcount)
    taken = _take(c, house, row)
    if taken:
        raise_alert(c, house, row.subject_id, "trouble", "soon")
    return taken


def _take(c: Connection, house: House, row: Any) -> bool:
    """Take a timer away; False when another process has, or it was moved in the meantime."""
    return c.execute(statements.TAKE_TIMER, {"row_id": row.id, "now": house.clock()}).rowcount == 1


def _fire_alert(c: Connection, house: House, row: Any) -> bool:
    """An alert that nobody has acknowledged goes out again, also where the talk itself cannot be read."""
    conversation_id = _one(c, select(Alert.conversation_id).where(Alert.id == row.subject_id))
    taken = _is_free(c, conversation_id) and _take(c, house, row)
    if taken:
        repeat_alert(c, house, row.subject_id)
    return taken


def _is_free(c: Connection, conversation_id: int | None) -> bool:
    """Whether nobody has the conversation that a timer is about; from here on, we have."""
    return conversation_id is None or lock_talk_if_free(c, conversation_id)


def _fire_talk(c: Connection, house: House, row: Any) -> bool:
    """Once a practitioner owns the talk, or the session is over, nothing happens, except that an answer to the opening
    questions is waited for as anywhere (R3)."""

    def go_on(talk: Talk) -> None:
        if talk["session_ended_at"] is not None:
            return
        bots = talk["owner_id"] is None
        if row.name == fragments.TIMER and (bots or NEUTRAL in talk.memory()):
            fragments.answer_held(c, house, talk, row.fence)
        elif bots:
            fire_timer(c, house, talk, row.name, row.fence)

    return _in_talk(c, house, row, row.subject_id, go_on)


def _in_talk(
    c: Connection, house: House, row: Any, conversation_id: int | None, work: Callable[[Talk], object]
) -> bool:
    """Carry out the timer of a conversation; whether it is done with.

    The contact point is locked before the timer, as in a turn, so that the two never wait for each other; a talk that
    is busy is looked at again soon. Without a conversation there is nothing to do, and the timer goes.
    """
    if conversation_id is None:
        return _take(c, house, row)
    talk = load_talk_if_free(c, house, conversation_id)
    if talk is None:
        there = exists().where(Conversation.id == conversation_id)
        return c.execute(delete(Timer).where(Timer.id == row.id, ~there)).rowcount == 1
    taken = _take(c, house, row)
    if taken:
        work(talk)
    return taken


def _fire_recheck(c: Connection, house: House, row: Any) -> bool:
    """The answers about how somebody may be reached have expired (R10)."""
    return _in_talk(c, house, row, row.subject_id, lambda talk: rechecks.fire(c, house, talk))


def _fire_task(c: Connection, house: House, row: Any) -> bool:
    """Something was to be done by now."""
    conversation_id = _one(c, select(Task.conversation_id).where(Task.id == row.subject_id))
    taken = _is_free(c, conversation_id) and _take(c, house, row)
    if taken:
        tell_if_overdue(c, house, row.subject_id)
    return taken


def _fire_plan(c: Connection, house: House, row: Any) -> bool:
    """A plan is due."""
    conversation_id = _one(c, select(Plan.conversation_id).where(Plan.id == row.subject_id))
    return _in_talk(c, house, row, conversation_id, lambda talk: dues.fire(c, house, talk, row))


def _fire_missed(c: Connection, house: House, row: Any) -> bool:
    """A check-in was sent some time ago; what is known of it by now?"""
    plan = select(Plan.conversation_id).join(PlanDue, PlanDue.plan_id == Plan.id).where(PlanDue.id == row.subject_id)
    return _in_talk(c, house, row, _one(c, plan), lambda talk: missed.fire(c, house, talk, row.subject_id))


def _fire_reminder(c: Connection, house: House, row: Any) -> bool:
    """An appointment is near. Whoever changes it locks its conversation first as well."""
    conversation_id = _one(c, select(Appointment.conversation_id).where(Appointment.id == row.subject_id))

    def remind(talk: Talk) -> None:
        reminders.fire(c, house, talk, find_appointment(c, talk, row.subject_id), row)

    return _in_talk(c, house, row, conversation_id, remind)


def _one(c: Connection, whose: Select[Any]) -> int | None:
    """The conversation that a timer's subject belongs to, if there still is one."""
    found: int | None = c.execute(whose).scalar_one_or_none()
    return found


NEVER_GIVEN_UP = frozenset({"alert", TASK, PLAN, missed.TIMER, reminders.TIMER})
"""An alert, a task, a check-in that is watched, the next time of a plan: without their timer nobody would ever hear of
them again."""
FIRE = {
    "alert": _fire_alert,
    "talk": _fire_talk,
    "recheck": _fire_recheck,
    TASK: _fire_task,
    PLAN: _fire_plan,
    missed.TIMER: _fire_missed,
    reminders.TIMER: _fire_reminder,
}


def next_timer(c: Connection) -> datetime | None:
    """When the next timer falls due (UTC)."""
    return c.execute(select(Timer.due_at).order_by(Timer.due_at).limit(1)).scalar_one_or_none()
