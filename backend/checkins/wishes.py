"""Texts at set times, asked for by text: what keeps to what was agreed counts at once, what goes beyond it waits, and
what is less counts at once for everybody who holds the phone (R14, R24, R35).

The words are the same where there is no plan, so that nobody learns from them whether there is one (R3, R12).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from backend.alerts.service import raise_alert
from backend.checkins.plans import Agreed, change_plan, end_plan, make_plan, plans_of
from backend.checkins.rules import DAY, Rule
from backend.checkins.wishing import (
    Wish,
    goes_on,
    keeps_to,
    not_twice_today,
    paused,
    rarer,
    taken_up,
    tapered,
    widened,
    wish_from_json,
    wish_of,
    wish_to_json,
)
from backend.contact_points import pending
from backend.contact_points.agreeing import may_wait, talks_at
from backend.conversations import statements
from backend.conversations.acting import Acting, Slots
from backend.conversations.facts import facts_for
from backend.conversations.outbox import Words, queue_words
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.support import PlanDue
from bot import render
from bot.contract import Json
from safety.profile import stale
from safety.types import Kind, PointState, SafeContact

WISH = "plan"
"""What waits, as the list of wishes calls it."""
TOLD = "plan_changed_by_text"


def agree_plan(a: Acting, slots: Slots) -> None:
    """Set what was asked for if it keeps to the agreed hours and it is known who asks; else it waits (R14)."""
    wish = wish_of(slots, today_of(a.house, a.talk), a.talk.contact().time_zone)
    if wish is None:
        raise_alert(a.c, a.house, a.talk.id, "wants_plan", "routine")
        _say(a, "utter_plan_left")
    elif _counts_now(a) and keeps_to(wish.rule, a.talk.contact()):
        set_plans(a.c, a.house, a.talk.id, wish)
        pending.drop(a.c, a.house, a.talk.id, [WISH], "answered_anew")
        raise_alert(a.c, a.house, a.talk.id, TOLD, "routine")
        _say(a, "utter_plan_agreed")
    else:
        if may_wait(a.talk):
            pending.ask(a.c, a.house, a.talk, WISH, wish_to_json(wish))
        else:
            raise_alert(a.c, a.house, a.talk.id, "wants_plan", "routine")
        _say(a, "utter_plan_waits")


def fewer_texts(a: Acting, _slots: Slots) -> None:
    """Half as often from now on."""
    _change_all(a, lambda plan: rarer(plan.rule))


def taper_texts(a: Acting, _slots: Slots) -> None:
    """Less and less often, in steps (H6)."""
    today = today_of(a.house, a.talk)
    _change_all(a, lambda plan: tapered(plan.rule, today))


def pause_plans(a: Acting, _slots: Slots) -> None:
    """Quiet at once, until they write or have said for how long."""
    today = today_of(a.house, a.talk)
    _change_all(a, lambda plan: paused(plan.rule, today, None))


def pause_until(a: Acting, slots: Slots) -> None:
    """Quiet from today until the day that they named, which is said back; else until they write."""
    today = today_of(a.house, a.talk)
    again = goes_on(slots.get("plan_pause"), today)
    if again is None:
        _say(a, "utter_plan_paused")
        return
    _change_all(a, lambda plan: paused(plan.rule, today, again - DAY))
    _say(a, "utter_plan_paused_until", when=f"{again:%a} {again.day} {again:%B}")


def end_plans(a: Acting, _slots: Slots) -> None:
    """No more of these. Nothing else ends by it (R35)."""
    pending.drop(a.c, a.house, a.talk.id, [WISH], "answered_anew")
    for plan in _plans_here(a):
        end_plan(a.c, a.house, plan.id)
        raise_alert(a.c, a.house, plan.conversation_id, TOLD, "soon")


def resume_plans(a: Acting, _slots: Slots) -> None:
    """A pause is over, if it is known who asks; else a practitioner finds out (R14)."""
    if not _counts_now(a):
        raise_alert(a.c, a.house, a.talk.id, "wants_plan", "routine")
        _say(a, "utter_plan_waits")
        return
    today = today_of(a.house, a.talk)
    for plan in plans_of(a.c, a.house, a.talk.id):
        change_plan(a.c, a.house, plan.id, after_today(a.c, plan, taken_up(plan.rule, today), today))
    _say(a, "utter_plan_resumed")


def set_plans(c: Connection, house: House, conversation_id: int, wish: Wish, staff_id: int | None = None) -> None:
    """Make a plan for each purpose, or change the one there is, so that nobody gets two and no day gets two texts."""
    there = {plan.purpose: plan for plan in plans_of(c, house, conversation_id)}
    for purpose in wish.purposes:
        plan = there.get(purpose)
        if plan is None:
            make_plan(c, house, conversation_id, purpose, wish.rule, staff_id, terms=wish.terms)
        else:
            today = house.clock().astimezone(ZoneInfo(wish.rule.zone)).date()
            terms = replace(plan.terms, themes=wish.themes)
            change_plan(c, house, plan.id, after_today(c, plan, wish.rule, today), terms)


def confirmed(c: Connection, house: House, talk: Talk, value: Json) -> SafeContact:
    """A wish has been confirmed by a second route: the plan is made; the profile with room for it, to be written."""
    wish = wish_from_json(value)  # type: ignore[arg-type]  # it was sealed by us as an object
    today = today_of(house, talk)
    first = max(wish.rule.first, today)
    until = wish.rule.until and max(wish.rule.until, first)
    rule: Rule = replace(wish.rule, first=first, until=until)
    set_plans(c, house, talk.id, replace(wish, rule=rule))
    return widened(talk.contact(), rule, timedelta(minutes=house.settings.check_in_minutes))


def today_of(house: House, talk: Talk) -> date:
    """The day that it is on the person's own calendar."""
    return house.clock().astimezone(ZoneInfo(talk.contact().time_zone)).date()


def _counts_now(a: Acting) -> bool:
    """Whether what is asked for here may count at once: a safe contact point, fresh answers, a referral, and the agreed
    word where there is one (R10, R12, R14)."""
    point = a.talk.point()
    if point.state is not PointState.SAFE or point.opted_out or point.paused or a.talk["expires_at"] is not None:
        return False
    if stale(point, a.house.clock(), a.house.rules.confirmation_lasts) or point.in_doubt:
        return False
    no_word = not a.c.execute(statements.WORDS_HERE, {"point_id": a.talk.point_id}).all()
    return point.contact.may_start and (a.talk["verified_at"] is not None or no_word)


def _change_all(a: Acting, rule_of: Callable[[Agreed], Rule]) -> None:
    for plan in _plans_here(a):
        change_plan(a.c, a.house, plan.id, after_today(a.c, plan, rule_of(plan), today_of(a.house, a.talk)))
        raise_alert(a.c, a.house, plan.conversation_id, TOLD, "routine")


def _plans_here(a: Acting) -> list[Agreed]:
    """The plans of everybody at this contact point: whoever holds the phone may ask for less of what comes to it."""
    return [plan for talk_id in talks_at(a.c, a.talk.point_id) for plan in plans_of(a.c, a.house, talk_id)]


def after_today(c: Connection, plan: Agreed, rule: Rule, today: date) -> Rule:
    """The counting of days goes on from where it was, unless the rhythm or the time is another one."""
    if (rule.cadence, rule.at) == (plan.rule.cadence, plan.rule.at):
        return rule
    last = c.execute(select(func.max(PlanDue.due_at)).where(PlanDue.plan_id == plan.id)).scalar()
    return not_twice_today(replace(rule, first=max(rule.first, today)), last, today)


def _say(a: Acting, response: str, **told: str) -> None:
    facts = facts_for(a.house, a.talk, new_session=False)
    said = render(a.house.flows, response, {}, replace(facts, service={**facts.service, **told}))
    queue_words(a.c, a.house, a.talk, Kind.REPLY, Words(said.text), response)
