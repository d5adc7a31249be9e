"""The custom actions that flows may run: what the house does in the turn's transaction when an `action_*` step is
reached.

An action reads slots by the names in docs/flow-format.md, believes none of them to be complete, and never decides what
only a person may decide (R31).
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import insert, select, update

from backend.alerts.service import raise_alert
from backend.appointments import replies
from backend.cases.suggest import suggest_pathway
from backend.checkins import answers, wishes
from backend.contact_points import pending, risks, second_route
from backend.contact_points.agreeing import ask_later, may_wait, renew_by_text
from backend.conversations.acting import Acting, Slots
from backend.conversations.app_consent import record_app_consent
from backend.conversations.choosing_words import set_code_word, set_duress_word, set_exit_word
from backend.conversations.clearing import plan_clearing
from backend.conversations.consents import record_consent
from backend.conversations.contact_answers import save_safe_contact
from backend.store.sealing import context, seal_json
from backend.store.work import Referral
from backend.tasks.clocks import OF_A_REFERRAL
from backend.tasks.service import start_clocks


def issue_return_code(a: Acting, slots: Slots) -> None:
    """The code that was shown in this turn opens this conversation again (R21). Only its keyed hash is kept."""
    if slots.get("session_code") == a.code:
        a.talk["return_code_index"] = a.house.vault.index("return_code", a.code)


def submit_referral(a: Acting, slots: Slots) -> None:
    """Send the referral off: the enquiry no longer expires, and practitioners are woken.

    Answers that are sent a second time replace the first, as long as nobody has accepted them; the row is locked, so
    that what somebody accepts at this instant stays as they read it.
    """
    answers = {
        name: value
        for name, value in slots.items()
        if value is not None and not name.startswith(("session_", "service_"))
    }
    waiting = select(Referral.id).where(Referral.conversation_id == a.talk.id, Referral.state == "submitted")
    earlier = a.c.execute(waiting.order_by(Referral.id.desc()).limit(1).with_for_update()).scalar_one_or_none()
    row_id = earlier or a.house.new_id()
    row: dict[str, Any] = {
        "answers": seal_json(a.talk.key, answers, context("referral", "answers", row_id)),
        "suggested": suggest_pathway(answers).pathway,
        "submitted_at": a.house.clock(),
    }
    if earlier:
        a.c.execute(update(Referral).where(Referral.id == row_id), row)
    else:
        a.c.execute(insert(Referral), row | {"id": row_id, "conversation_id": a.talk.id, "state": "submitted"})
        start_clocks(a.c, a.house, a.talk.id, OF_A_REFERRAL)
    a.talk["expires_at"] = None
    raise_alert(a.c, a.house, a.talk.id, "referral", "urgent" if answers.get("safe_now") == "not_safe" else "soon")


def mark_unsafe(a: Acting, _slots: Slots) -> None:
    """This contact point is not safe: nothing is started there, and what waited for it is gone (R2). Tightening works
    at once (R14)."""
    risks.mark_unsafe(a.c, a.house, a.talk, how="said_so")


def renew_contact(a: Acting, _slots: Slots) -> None:
    """Contact is still safe, they say: the same answers hold again (R10)."""
    renew_by_text(a.c, a.house, a.talk)


def recheck_later(a: Acting, _slots: Slots) -> None:
    """We asked whether contact is still safe, and they would like to be asked another time."""
    ask_later(a.c, a.house, a.talk)


def confirm_changes(a: Acting, _slots: Slots) -> None:
    """What was asked for on another contact point was asked for by them (R14)."""
    second_route.confirm_here(a.c, a.house, a.talk)


def reject_changes(a: Acting, _slots: Slots) -> None:
    """What was asked for on another contact point was not asked for by them."""
    second_route.reject_here(a.c, a.house, a.talk)


def forget(a: Acting, _slots: Slots) -> None:
    """Deletion can be coerced, so it waits for a second route, and then it is a practitioner's task (R14, R40)."""
    _wish(a, "deletion")


def clear_chat(a: Acting, _slots: Slots) -> None:
    """Have the app take away what was said here, of both sides; our own record stays (R27)."""
    plan_clearing(a.c, a.house, a.talk)


def copy_of_record(a: Acting, _slots: Slots) -> None:
    """Whoever gets a copy knows everything, so it waits for a second route (R14, R40)."""
    _wish(a, "copy")


def close_wish(a: Acting, _slots: Slots) -> None:
    """Nothing is ever closed by a text; a practitioner talks it over with them first (R14, R35)."""
    _wish(a, "closure")


def _wish(a: Acting, what: str) -> None:
    if may_wait(a.talk):
        pending.ask(a.c, a.house, a.talk, what, None)
    else:
        raise_alert(a.c, a.house, a.talk.id, pending.TELLS[what], "soon")
    a.talk["waiting_since"] = a.talk["waiting_since"] or a.house.clock()


ACTIONS: dict[str, Callable[[Acting, Slots], None]] = {
    "action_save_safe_contact": save_safe_contact,
    "action_record_consent": record_consent,
    "action_record_app_consent": record_app_consent,
    "action_clear_chat": clear_chat,
    "action_set_code_word": set_code_word,
    "action_set_duress_word": set_duress_word,
    "action_set_exit_word": set_exit_word,
    "action_issue_return_code": issue_return_code,
    "action_submit_referral": submit_referral,
    "action_mark_unsafe": mark_unsafe,
    "action_renew_contact": renew_contact,
    "action_recheck_later": recheck_later,
    "action_confirm_changes": confirm_changes,
    "action_reject_changes": reject_changes,
    "action_forget": forget,
    "action_copy_of_record": copy_of_record,
    "action_close_wish": close_wish,
    "action_record_check_in": answers.record_check_in,
    "action_record_daily_reply": answers.record_daily_reply,
    "action_agree_plan": wishes.agree_plan,
    "action_fewer_texts": wishes.fewer_texts,
    "action_taper_texts": wishes.taper_texts,
    "action_pause_plans": wishes.pause_plans,
    "action_pause_until": wishes.pause_until,
    "action_end_plans": wishes.end_plans,
    "action_resume_plans": wishes.resume_plans,
    "action_confirm_appointment": replies.confirm,
    "action_cannot_come": replies.cannot_come,
    "action_choose_time": replies.choose_time,
    "action_running_late": replies.running_late,
    "action_do_not_ring": replies.not_now,
    "action_ring_later": replies.ring_later,
}
