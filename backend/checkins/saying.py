"""The words of a plan: which come this time, put into the outbox with the dialogue standing at their question."""

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from backend.checkins.plans import Agreed
from backend.checkins.topics import daily, topic
from backend.conversations.asking import ask
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.support import PlanDue
from safety.types import Kind


def send_words(c: Connection, house: House, talk: Talk, plan: Agreed, due_id: int, not_after: datetime) -> bool:
    """Queue what a plan says this time, in turn; False where the flow does not say exactly one thing."""
    turn = _times_before(c, plan.id)
    about = topic(turn, plan.terms.asks)
    if plan.purpose == "daily_text":
        about, turn = daily(turn, plan.terms.themes)
    row_id = ask(c, house, talk, plan.purpose, turn, Kind.CHECK_IN, not_after, due_id, about)
    c.execute(update(PlanDue).where(PlanDue.id == due_id).values(outbound_id=row_id))
    return row_id is not None


def _times_before(c: Connection, plan_id: int) -> int:
    """How many times of this plan were queued before the last one."""
    queued = (PlanDue.plan_id == plan_id, PlanDue.state != "not_sent")
    return int(c.execute(select(func.count()).select_from(PlanDue).where(*queued)).scalar_one()) - 1
