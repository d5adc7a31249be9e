"""Plans: made with a person, changed, paused and ended; each version has one timer, for its next time.

A change never causes a burst or a repeat: what waits of the earlier version is taken back, and the new one begins after
now and after the last time that the plan was due.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from backend.alerts.service import raise_alert
from backend.checkins.rules import Rule, next_time, times_between
from backend.checkins.sealed import rule_from_json, rule_to_json
from backend.checkins.terms import Terms, terms_from_json, terms_to_json
from backend.conversations import statements
from backend.house import House
from backend.store.sealing import context, key_of_talk, open_json, seal_json
from backend.store.support import Plan, PlanDue
from backend.store.talk import OutboundMessage, Timer
from safety.vault import DataKey

TIMER = "plan"
"""The kind of timer that a plan's next time is; its subject is the plan, its fence the version."""
PURPOSES = ("check_in", "daily_text")


@dataclass(frozen=True, slots=True)
class Agreed:
    """One plan as it stands. `next_at` is UTC; None: it is due no more."""

    id: int
    conversation_id: int
    purpose: str
    state: str
    version: int
    rule: Rule = field(repr=False)
    next_at: datetime | None
    terms: Terms = field(default=Terms(), repr=False)


def make_plan(
    c: Connection,
    house: House,
    conversation_id: int,
    purpose: str,
    rule: Rule,
    staff_id: int | None = None,
    *,
    terms: Terms | None = None,
) -> int:
    """A new plan; its id. An active one of the same purpose ends, so that nobody gets two."""
    for plan in plans_of(c, house, conversation_id):
        if plan.purpose == purpose:
            end_plan(c, house, plan.id)
    plan_id, key = house.new_id(), key_of_talk(c, house, conversation_id)
    row = {
        "id": plan_id,
        "conversation_id": conversation_id,
        "purpose": purpose,
        "rule": _seal(key, plan_id, rule, terms or Terms()),
        "state": "active",
        "version": 0,
        "created_at": house.clock(),
        "staff_id": staff_id,
    }
    c.execute(insert(Plan), row)
    set_next(c, house, plan_id, 0, rule, house.clock())
    return plan_id


def change_plan(c: Connection, house: House, plan_id: int, rule: Rule, terms: Terms | None = None) -> None:
    """Let another rule hold from now on, and other terms where they are given."""
    row = c.execute(select(Plan.__table__).where(Plan.id == plan_id).with_for_update()).one()
    _write_owed(c, house, row, "plan_changed")
    key, version = key_of_talk(c, house, row.conversation_id), row.version + 1
    sealed = _seal(key, plan_id, rule, terms or read_plan(c, house, row).terms)
    c.execute(update(Plan).where(Plan.id == plan_id).values(rule=sealed, version=version, state="active"))
    take_back(c, plan_id, "plan_changed")
    set_next(c, house, plan_id, version, rule, _not_before(c, house, plan_id))


def end_plan(c: Connection, house: House, plan_id: int) -> None:
    """It is due no more, and what waits of it does not go out."""
    row = c.execute(select(Plan.__table__).where(Plan.id == plan_id).with_for_update()).one()
    _write_owed(c, house, row, "plan_ended")
    c.execute(update(Plan).where(Plan.id == plan_id).values(state="ended", version=Plan.version + 1))
    c.execute(delete(Timer).where(Timer.kind == TIMER, Timer.subject_id == plan_id))
    take_back(c, plan_id, "plan_ended")


def plans_of(c: Connection, house: House, conversation_id: int) -> list[Agreed]:
    """The active plans of a conversation, oldest first."""
    mine = (Plan.conversation_id == conversation_id, Plan.state == "active")
    rows = c.execute(select(Plan.__table__).where(*mine).order_by(Plan.id)).all()
    return [read_plan(c, house, row) for row in rows]


def read_plan(c: Connection, house: House, row: Any) -> Agreed:
    """A plan from its row. Raises VaultError, or ValueError for a rule that is damaged."""
    key = key_of_talk(c, house, row.conversation_id)
    opened = open_json(key, row.rule, context("plan", "rule", row.id))
    next_at = c.execute(select(Timer.due_at).where(Timer.kind == TIMER, Timer.subject_id == row.id)).scalar()
    rule, terms = rule_from_json(opened), terms_from_json(opened.get("terms", {}))
    return Agreed(row.id, row.conversation_id, row.purpose, row.state, row.version, rule, next_at, terms)


def _seal(key: DataKey, plan_id: int, rule: Rule, terms: Terms) -> bytes:
    return seal_json(key, {**rule_to_json(rule), "terms": terms_to_json(terms)}, context("plan", "rule", plan_id))


def set_next(c: Connection, house: House, plan_id: int, version: int, rule: Rule, after: datetime) -> None:
    """Set the timer of the next time after `after` (UTC); none where there is none."""
    due = next_time(rule, after, plan_id)
    if due is None:
        c.execute(delete(Timer).where(Timer.kind == TIMER, Timer.subject_id == plan_id))
        return
    timer = {"id": house.new_id(), "kind": TIMER, "subject_id": plan_id, "name": "", "fence": str(version)}
    c.execute(statements.SET_TIMER[c.dialect.name], {**timer, "due_at": due})


def _write_owed(c: Connection, house: House, row: Any, reason: str) -> None:
    """After an outage a plan may be changed before its timer is looked at: each time that had come keeps its row."""
    now, plan = house.clock(), read_plan(c, house, row)
    if plan.next_at is None or plan.next_at > now:
        return
    late = now - timedelta(minutes=house.settings.check_in_minutes)
    for due in (plan.next_at, *times_between(plan.rule, plan.next_at, now, plan.id)):
        why = "we_were_away" if due < late else reason
        values = {
            "id": house.new_id(),
            "plan_id": plan.id,
            "due_at": due,
            "state": "not_sent",
            "reason": why,
            "steps": "",
        }
        c.execute(insert(PlanDue), values)
    if plan.next_at < late:
        raise_alert(c, house, plan.conversation_id, "check_in_missed_by_us", "soon")


def take_back(c: Connection, plan_id: int, reason: str) -> None:
    """What waits of a plan does not go out; what is being offered at this instant may still."""
    dues = select(PlanDue.id).where(PlanDue.plan_id == plan_id, PlanDue.state == "queued")
    waits = (OutboundMessage.about_id.in_(dues), OutboundMessage.state.in_(("queued", "held")))
    c.execute(update(OutboundMessage).where(*waits).values(state="cancelled", reason=reason, due_at=None))


def _not_before(c: Connection, house: House, plan_id: int) -> datetime:
    """Now, or the last time that the plan was due, if a clock that was set back makes that later."""
    last = c.execute(select(func.max(PlanDue.due_at)).where(PlanDue.plan_id == plan_id)).scalar()
    return max(house.clock(), last) if last else house.clock()
