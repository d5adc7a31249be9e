"""What somebody answers to a check-in or a daily text: kept, and read by a person (C14, D10)."""

from typing import Any

from sqlalchemy import Connection, update

from backend.alerts.service import raise_alert
from backend.conversations import asking
from backend.conversations.acting import Acting, Slots
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.support import PlanDue

TOLD = {"not_good": ("check_in_low", "soon"), "so_so": ("check_in_answered", "routine"), "good": ("", "")}
"""What a practitioner is told of an answer."""


def is_answer(c: Connection, house: House, talk: Talk, memory: dict[str, Any]) -> bool:
    """Whether what opens a session now answers a check-in or a daily text, which is then written down as answered."""
    due_id = asking.answered(c, house, talk, memory)
    if due_id is not None:
        c.execute(update(PlanDue).where(PlanDue.id == due_id).values(state="answered"))
    return due_id is not None


def record_check_in(a: Acting, slots: Slots) -> None:
    """An answer to a check-in; a low one is for a person soon."""
    reason, urgency = TOLD.get(str(slots.get("how_it_goes")), ("check_in_answered", "routine"))
    if reason:
        raise_alert(a.c, a.house, a.talk.id, reason, urgency)


def record_daily_reply(a: Acting, _slots: Slots) -> None:
    """A reply to a daily text; a person reads every one (C14)."""
    raise_alert(a.c, a.house, a.talk.id, "daily_reply", "routine")

