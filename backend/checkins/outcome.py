"""What is known of one check-in, from our own rows alone; nothing is ever guessed (domain T8)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from backend.conversations.talk import Talk
from backend.house import House
from backend.store.talk import Conversation, InboundMessage, OutboundMessage
from backend.store.work import Alert
from safety.ladder import LOOK_AGAIN
from safety.outcomes import Outcome
from safety.types import Course

NOT_MISSED = frozenset({"plan_changed", "plan_ended", "wrote_first", "exit", "opted_out"})
"""Why words are taken back that nobody misses: the plan is another one now, or the person wrote before they went."""
GONE = {"sent": Outcome.SENT, "delivered": Outcome.UNREAD, "read": Outcome.SILENT}
BY_A_RULE = ("dropped", "cancelled")
"""States of words that the gate stopped, or that were taken back, such as for another talk on that phone (R15)."""
ON_THE_WAY = ("queued", "held", "sending")


@dataclass(frozen=True, slots=True)
class Known:
    """The outcome, and since when (UTC) they could have answered."""

    outcome: Outcome
    since: datetime
    by_a_rule: bool = False
    """It was not sent because a rule of the gate stopped it, and not for a fault."""

    @property
    def may_change(self) -> bool:
        """Whether a receipt or an answer may still come."""
        return self.outcome in GONE.values()


def what_is_known(c: Connection, house: House, talk: Talk, due: Any) -> Known | datetime | None:
    """What became of a check-in; an instant (UTC): look again then; None: it is over, and nobody waits."""
    newest = select(OutboundMessage.__table__).where(OutboundMessage.about_id == due.id)
    row = c.execute(newest.order_by(OutboundMessage.id.desc()).limit(1)).one_or_none()
    if row is None:
        return Known(Outcome.NOT_SENT, due.due_at)
    if row.state == "cancelled" and row.reason in NOT_MISSED:
        return None
    now = house.clock()
    if row.state in ON_THE_WAY:
        opens: datetime = max(now, row.due_at or now)
        return opens + LOOK_AGAIN
    if row.state not in GONE:
        return Known(_not_gone(row), row.sent_at or due.due_at, row.state in BY_A_RULE)
    return _heard(c, talk, row, answered=due.state == "answered")


def _not_gone(row: Any) -> Outcome:
    if row.state == "failed" and row.reason == "unknown_outcome":
        return Outcome.UNCERTAIN
    return Outcome.UNDELIVERED if row.state == "failed" and row.sent_at is not None else Outcome.NOT_SENT


def _heard(c: Connection, talk: Talk, row: Any, *, answered: bool) -> Known | None:
    """What came back since it went, over the same contact point. In doubt who writes, it is no answer (M4)."""
    talks = select(Conversation.id).where(Conversation.contact_point_id == talk.point_id)
    came = (InboundMessage.conversation_id.in_(talks), InboundMessage.received_at >= row.sent_at)
    courses = set(c.execute(select(InboundMessage.course).where(*came).distinct()).scalars())
    wrong = exists().where(
        Alert.conversation_id == talk.id, Alert.reason == "wrong_words", Alert.raised_at >= row.sent_at
    )
    if Course.SOMEBODY_ELSE.value in courses:
        return Known(Outcome.SOMEBODY_ELSE, row.sent_at)
    if c.execute(select(wrong)).scalar():
        return Known(Outcome.WRONG_WORD, row.sent_at)
    if answered or (courses and talk["doubted_at"] is None):
        return None
    return Known(GONE[row.state], row.sent_at)
