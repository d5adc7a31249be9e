"""A plan's time has come: what is late is dropped and told of, what is in time is queued, and the next time is set."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select

from backend.alerts.service import raise_alert
from backend.checkins.plans import read_plan, set_next
from backend.checkins.rules import Rule, times_between
from backend.conversations.asking import ask
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.support import Plan, PlanDue
from safety.gate import Case, decide
from safety.types import Drop, Kind, Outgoing

MOST_MISSED = 400
"""Times of one plan that are written down after a long outage; a year of daily texts and more."""


def fire(c: Connection, house: House, talk: Talk, row: Any) -> None:
    """Carry out the timer `row` of a plan; `talk`, its conversation, is locked. One of an earlier version does nothing.

    1. Every time that came and went while nobody looked is written down as missed by us. 2. The one that is in time
    still is queued, if the gate would let it go at all. 3. The next time is set, after now: never a burst.
    """
    found = c.execute(select(Plan.__table__).where(Plan.id == row.subject_id, Plan.state == "active")).one_or_none()
    if found is None or str(found.version) != row.fence:
        return
    plan, now = read_plan(c, house, found), house.clock()
    late = timedelta(minutes=house.settings.check_in_minutes)
    for due in _due(plan.rule, row.due_at, now, plan.id):
        if now - due > late:
            _write(c, house, plan.id, due, "not_sent", "we_were_away")
        else:
            _begin(c, house, talk, plan.purpose, plan.id, due, due + late)
    if now - row.due_at > late:
        raise_alert(c, house, talk.id, "check_in_missed_by_us", "soon")
    set_next(c, house, plan.id, plan.version, plan.rule, max(now, row.due_at))


def _due(rule: Rule, first: datetime, now: datetime, seed: int) -> list[datetime]:
    """The times that came, from the timer's own on; at most the last of them is in time."""
    return [first, *list(times_between(rule, first, now, seed))[-MOST_MISSED:]]


def _begin(
    c: Connection, house: House, talk: Talk, purpose: str, plan_id: int, due: datetime, not_after: datetime
) -> None:
    """Queue the words of one time; what the gate would drop now is not begun, and a practitioner is told why."""
    now, point = house.clock(), talk.point()
    decision = decide(Outgoing(Kind.CHECK_IN, "", not_after), point, house.rules, now)
    if isinstance(decision, Drop):
        _write(c, house, plan_id, due, "not_sent", decision.reason)
        raise_alert(c, house, talk.id, "check_in_not_sent", "soon")
        return
    if talk["owner_id"] is not None or Case(Outgoing(Kind.REPLY, "", now), point, house.rules, now).in_talk:
        _write(c, house, plan_id, due, "not_sent", "in_a_talk")
        return
    due_id = _write(c, house, plan_id, due, "queued", "")
    if ask(c, house, talk, purpose, _times_before(c, plan_id), Kind.CHECK_IN, not_after, due_id) is None:
        raise_alert(c, house, talk.id, "trouble", "soon")


def _times_before(c: Connection, plan_id: int) -> int:
    """How many times of this plan were queued before the last one."""
    queued = (PlanDue.plan_id == plan_id, PlanDue.state != "not_sent")
    return int(c.execute(select(func.count()).select_from(PlanDue).where(*queued)).scalar_one()) - 1


def _write(c: Connection, house: House, plan_id: int, due: datetime, state: str, reason: str) -> int:
    row_id = house.new_id()
    row = {"id": row_id, "plan_id": plan_id, "due_at": due, "state": state, "reason": reason, "steps": ""}
    c.execute(insert(PlanDue), row)
    return row_id
