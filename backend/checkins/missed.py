"""A check-in that gets no right answer: after each is sent a timer asks what is known, and takes the next agreed step.

1. What is known comes from our own rows, each as what it is: not sent, uncertain, undelivered, sent, unread, silent, a
wrong word, somebody else.  2. `safety.ladder` says what comes next and when.  3. That is carried out, or looked at
again.  Nothing here closes anything, and nothing asks the phone whether somebody is safe (R35, T8).
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from backend.checkins.heartbeats import outages
from backend.checkins.kinds import want
from backend.checkins.outcome import Known, what_is_known
from backend.checkins.plans import Agreed, read_plan
from backend.checkins.saying import send_words
from backend.conversations import statements
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.support import Plan, PlanDue
from safety.ladder import LOOK_AGAIN, TRIED_TWICE, agreed_by_profile, next_step
from safety.outcomes import AgreedLadder, CheckIn, NextStep, Step

TIMER = "missed"
"""The kind of the timer; its subject is the time of the plan."""


def watch(c: Connection, house: House, due_id: int, at: datetime) -> None:
    """Look at `at` (UTC) what became of one check-in; an earlier look at it is moved."""
    timer = {"id": house.new_id(), "kind": TIMER, "subject_id": due_id, "name": "", "fence": "", "due_at": at}
    c.execute(statements.SET_TIMER[c.dialect.name], timer)


def fire(c: Connection, house: House, talk: Talk, due_id: int) -> None:
    """Look at one check-in; `talk`, its conversation, is locked. One of a plan that has ended is let be."""
    due = c.execute(select(PlanDue.__table__).where(PlanDue.id == due_id)).one()
    row = c.execute(select(Plan.__table__).where(Plan.id == due.plan_id, Plan.state == "active")).one_or_none()
    known = what_is_known(c, house, talk, due)
    if row is None or known is None:
        return
    if isinstance(known, datetime):
        watch(c, house, due_id, known)
        return
    _go_on(c, house, talk, read_plan(c, house, row), due, known)


def agreed_ladder(house: House, talk: Talk, plan: Agreed) -> AgreedLadder:
    """What was agreed about silence: with a practitioner for this plan, else as the safe-contact profile says."""
    grace = timedelta(minutes=house.settings.check_in_grace_minutes)
    return plan.terms.ladder or agreed_by_profile(talk.contact().on_silence, grace)


def steps_of(due: Any) -> frozenset[Step]:
    """The steps that were taken about one check-in."""
    return frozenset(Step(code) for code in due.steps.split(",") if code)


def _go_on(c: Connection, house: House, talk: Talk, plan: Agreed, due: Any, known: Known) -> None:
    agreed, now = agreed_ladder(house, talk, plan), house.clock()
    check_in = CheckIn(known.outcome, known.since, steps_of(due))
    step = next_step(check_in, agreed, talk.contact(), outages(c, house, talk.channel, known.since), now)
    grace_ends = known.since + agreed.grace
    if step is not None and step.at <= now and step.step is not Step.WAIT:
        _take(c, house, talk, plan, due, step, by_a_rule=known.by_a_rule)
        watch(c, house, due.id, now + agreed.grace)
    elif step is not None:
        watch(c, house, due.id, max(step.at, now + LOOK_AGAIN))
    elif known.may_change and grace_ends > now:
        watch(c, house, due.id, grace_ends)


def _take(c: Connection, house: House, talk: Talk, plan: Agreed, due: Any, step: NextStep, *, by_a_rule: bool) -> None:
    """Take one agreed step, once. What a rule stopped is told as that, for it is nobody's fault."""
    codes = ",".join(sorted(code.value for code in steps_of(due) | {step.step}))
    c.execute(update(PlanDue).where(PlanDue.id == due.id).values(steps=codes))
    if step.step is Step.TELL_WORKER:
        twice = "_twice" if step.told.endswith(TRIED_TWICE) else ""
        reason = "check_in_stopped" if by_a_rule else f"check_in_{step.reason}{twice}"
        want(c, house, talk.id, "missed_check_in", reason, step.urgency)
    elif step.step is Step.TRY_ONCE_MORE and talk.another_began:
        want(c, house, talk.id, "missed_check_in", "check_in_stopped")
    elif step.step is Step.TRY_ONCE_MORE and talk["owner_id"] is None:
        late = house.clock() + timedelta(minutes=house.settings.check_in_minutes)
        send_words(c, house, talk, plan, due.id, late)
