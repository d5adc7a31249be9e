"""A plan's time has come: what is late is dropped and told of, what is in time is queued, and the next time is set."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from backend.alerts.service import raise_alert
from backend.checkins import missed
from backend.checkins.plans import Agreed, read_plan, set_next
from backend.checkins.rules import Rule, times_between
from backend.checkins.saying import send_words
from backend.conversations.starting import decision_to_start
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.support import Plan, PlanDue
from safety.gate import Case
from safety.ladder import LOOK_AGAIN
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
            _begin(c, house, talk, plan, due, due + late)
    if now - row.due_at > late:
        raise_alert(c, house, talk.id, "check_in_missed_by_us", "soon")
    set_next(c, house, plan.id, plan.version, plan.rule, max(now, row.due_at))


def _due(rule: Rule, first: datetime, now: datetime, seed: int) -> list[datetime]:
    """The times that came, from the timer's own on; at most the last of them is in time."""
    return [first, *list(times_between(rule, first, now, seed))[-MOST_MISSED:]]


def _begin(c: Connection, house: House, talk: Talk, plan: Agreed, due: datetime, not_after: datetime) -> None:
    """Queue the words of one time; what the rules stop now is not begun, and a practitioner is told why."""
    now, point, plan_id = house.clock(), talk.point(), plan.id
    decision = decision_to_start(house, talk, Kind.CHECK_IN, not_after, now)
    if isinstance(decision, Drop):
        _write(c, house, plan_id, due, "not_sent", decision.reason)
        raise_alert(c, house, talk.id, "check_in_stopped", "soon")
        return
    if talk["owner_id"] is not None or Case(Outgoing(Kind.REPLY, "", now), point, house.rules, now).in_talk:
        _write(c, house, plan_id, due, "not_sent", "in_a_talk")
        return
    due_id = _write(c, house, plan_id, due, "queued", "")
    if not send_words(c, house, talk, plan, due_id, not_after):
        raise_alert(c, house, talk.id, "trouble", "soon")
    elif plan.purpose == "check_in":  # a daily text asks for no answer, so there is no silence to hear
        missed.watch(c, house, due_id, now + LOOK_AGAIN)


def _write(c: Connection, house: House, plan_id: int, due: datetime, state: str, reason: str) -> int:
    row_id = house.new_id()
    row = {"id": row_id, "plan_id": plan_id, "due_at": due, "state": state, "reason": reason, "steps": ""}
    c.execute(insert(PlanDue), row)
    return row_id
