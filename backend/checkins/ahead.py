"""What will happen next in a conversation, and what became of what was due: by ids, times and codes, without a word of
content. The gate itself is asked for each time to come, with what is agreed today.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, select

from backend.checkins.plans import Agreed, plans_of
from backend.checkins.rules import times_between
from backend.conversations.starting import decision_to_start
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.support import Appointment, Plan, PlanDue, Task
from backend.store.talk import Conversation, OutboundMessage, Timer
from safety.types import Drop, Hold, Kind

MOST = 200
"""Times of one plan that are looked at."""
GOES, WAITS, NOT, DUE = "goes", "waits", "does not go", "due"


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing: `at` is UTC; `what` is its kind and `id` its row; `reason` is the code of the rule that holds or drops
    it, such as `outside_hours`, else empty."""

    at: datetime
    what: str
    id: int
    fate: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Became:
    """One time of a plan that has been: what became of it and why, and which steps followed. `at` is UTC."""

    at: datetime
    purpose: str
    state: str
    reason: str
    steps: str


def coming(c: Connection, house: House, talk: Talk, days: int) -> list[Coming]:
    """What will happen in this conversation within so many days, in order."""
    until = house.clock() + timedelta(days=days)
    found = [
        *(one for plan in plans_of(c, house, talk.id) for one in of_plan(house, talk, plan, until)),
        *_messages(c, talk),
        *_timers(c, talk, until),
    ]
    return sorted(found, key=lambda one: one.at)


def of_plan(house: House, talk: Talk, plan: Agreed, until: datetime) -> Iterator[Coming]:
    """The times of one plan up to `until` (UTC), each with what the gate would say of it then."""
    for at in islice(times_between(plan.rule, house.clock(), until, plan.id), MOST):
        late = at + timedelta(minutes=house.settings.check_in_minutes)
        fate, reason = GOES, ""
        match decision_to_start(house, talk, Kind.CHECK_IN, late, at):
            case Drop(reason=reason):
                fate = NOT
            case Hold(reason=reason):
                fate = WAITS
        yield Coming(at, plan.purpose, plan.id, fate, reason)


def became(c: Connection, conversation_id: int, most: int = 20) -> list[Became]:
    """What became of the last times of all plans, newest first; a row's own reason, else that of its message."""
    rows = c.execute(
        select(
            PlanDue.due_at,
            Plan.purpose,
            PlanDue.state,
            PlanDue.reason,
            PlanDue.steps,
            OutboundMessage.state.label("fate"),
            OutboundMessage.reason.label("why"),
        )
        .join(Plan, Plan.id == PlanDue.plan_id)
        .outerjoin(OutboundMessage, OutboundMessage.id == PlanDue.outbound_id)
        .where(Plan.conversation_id == conversation_id)
        .order_by(PlanDue.due_at.desc(), PlanDue.id.desc())
        .limit(most)
    )
    return [
        Became(row.due_at, row.purpose, row.state, row.reason, row.steps)
        if row.state != "queued"
        else Became(row.due_at, row.purpose, row.fate or row.state, row.why or "", row.steps)
        for row in rows
    ]


def conversations_ahead(c: Connection) -> list[int]:
    """Every conversation in which something waits or is planned, oldest first."""
    waiting = select(OutboundMessage.conversation_id).where(OutboundMessage.due_at.is_not(None))
    planned = select(Plan.conversation_id).where(Plan.state == "active")
    todo = select(Task.conversation_id).where(Task.done_at.is_(None))
    found = select(Conversation.id).where(
        Conversation.id.in_(planned) | Conversation.id.in_(waiting) | Conversation.id.in_(todo)
    )
    return list(c.execute(found.order_by(Conversation.id)).scalars())


def _messages(c: Connection, talk: Talk) -> Iterator[Coming]:
    """What is in the outbox and has not gone."""
    mine = (OutboundMessage.conversation_id == talk.id, OutboundMessage.due_at.is_not(None))
    for row in c.execute(select(OutboundMessage.__table__).where(*mine).order_by(OutboundMessage.id)):
        yield Coming(row.due_at, f"message ({row.kind})", row.id, WAITS if row.state == "held" else GOES, row.reason)


def _timers(c: Connection, talk: Talk, until: datetime) -> Iterator[Coming]:
    """Everything else that falls due: a re-check, a reminder, a task, a look at an unanswered check-in."""
    ids = {
        "talk": [talk.id],
        "recheck": [talk.id],
        "task": _ids(c, select(Task.id).where(Task.conversation_id == talk.id)),
        "reminder": _ids(c, select(Appointment.id).where(Appointment.conversation_id == talk.id)),
        "missed": _ids(c, select(PlanDue.id).join(Plan).where(Plan.conversation_id == talk.id)),
    }
    names = {"talk": "question", "task": "task overdue", "missed": "unanswered check-in"}
    for kind, subjects in ids.items():
        rows = select(Timer.__table__).where(Timer.kind == kind, Timer.subject_id.in_(subjects), Timer.due_at <= until)
        for row in c.execute(rows.order_by(Timer.id)):
            yield Coming(row.due_at, names.get(kind, kind), row.subject_id, DUE)


def _ids(c: Connection, found: Select[Any]) -> list[int]:
    return list(c.execute(found).scalars())
