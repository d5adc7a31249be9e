"""Raising, repeating and acknowledging alerts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from backend.conversations.talk import lock_talk
from backend.house import House
from backend.staff.roles import Right, roles_that_may
from backend.store.talk import Conversation, OutboundMessage, Timer
from backend.store.work import Alert, Staff

WAKES = "email"
"""The channel that alerts go by."""
RANK = {"urgent": 0, "soon": 1, "routine": 2}
ALWAYS_TOLD = frozenset({"duress", "danger", "unlike_them"})
"""What no other alert stands for: duress says not to write back (R13), danger is told within the minute (R29), and
doubt, which holds what we start, ends only with its own alert (M4)."""


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """An alert that nobody has acknowledged yet. `raised_at` is UTC; `repeats` is how often it was sent again."""

    id: int
    conversation_id: int
    reason: str
    urgency: str
    raised_at: datetime
    repeats: int


def raise_alert(c: Connection, house: House, conversation_id: int, reason: str, urgency: str) -> int:
    """Wake the practitioners; its id.

    Where an alert of the same or a graver urgency is already open for the conversation and repeating, that one stands:
    a second would only teach people to look away (alarm fatigue). What ALWAYS_TOLD names stands for itself.
    """
    by_itself = reason.partition(".")[0] in ALWAYS_TOLD
    for alert in _open_for(c, conversation_id):
        told = alert.reason == reason or (alert.urgency == "urgent" and not by_itself)
        if told and RANK[alert.urgency] <= RANK[urgency]:
            return alert.id
    alert_id, now = house.new_id(), house.clock()
    row = {
        "id": alert_id,
        "conversation_id": conversation_id,
        "reason": reason,
        "urgency": urgency,
        "raised_at": now,
        "repeats": 0,
    }
    c.execute(insert(Alert), row)
    _send(c, house, alert_id, conversation_id, urgency)
    return alert_id


def repeat_alert(c: Connection, house: House, alert_id: int) -> None:
    """Send an alert again that nobody has acknowledged (R32); an acknowledged one is a quiet no-op. Without a mail
    server it is not sent, and so not counted; its timer goes on, for there may be one tomorrow."""
    alert = c.execute(
        select(Alert.__table__).where(Alert.id == alert_id, Alert.acknowledged_at.is_(None))
    ).one_or_none()
    if alert is None:
        return
    if WAKES in house.senders:
        c.execute(update(Alert).where(Alert.id == alert_id).values(repeats=Alert.repeats + 1))
    _send(c, house, alert_id, alert.conversation_id, alert.urgency)


def acknowledge(c: Connection, house: House, alert_id: int, staff_id: int) -> None:
    """Somebody has it: it stops repeating, and what is still queued of it does not go out."""
    whose = c.execute(select(Alert.conversation_id).where(Alert.id == alert_id)).scalar_one_or_none()
    if whose is None:
        return
    lock_talk(c, whose)
    open_one = (Alert.id == alert_id, Alert.acknowledged_at.is_(None))
    c.execute(update(Alert).where(*open_one).values(acknowledged_at=house.clock(), acknowledged_by=staff_id))
    c.execute(delete(Timer).where(Timer.kind == "alert", Timer.subject_id == alert_id))
    waiting = (OutboundMessage.alert_id == alert_id, OutboundMessage.state.in_(("queued", "held")))
    c.execute(update(OutboundMessage).where(*waiting).values(state="cancelled", reason="acknowledged", due_at=None))


def open_alerts(c: Connection) -> list[OpenAlert]:
    """All that nobody has acknowledged, gravest first, then oldest first."""
    rows = c.execute(select(*_COLUMNS).where(Alert.acknowledged_at.is_(None)))
    return sorted((OpenAlert(*row) for row in rows), key=lambda alert: (RANK[alert.urgency], alert.raised_at))


_COLUMNS = (Alert.id, Alert.conversation_id, Alert.reason, Alert.urgency, Alert.raised_at, Alert.repeats)
# Locked, so that an alert that is acknowledged at this instant does not stand for a new one.
_OPEN_FOR = (
    select(*_COLUMNS)
    .where(Alert.conversation_id == bindparam("talk_id"), Alert.acknowledged_at.is_(None))
    .with_for_update()
)


def _open_for(c: Connection, conversation_id: int) -> list[OpenAlert]:
    return [OpenAlert(*row) for row in c.execute(_OPEN_FOR, {"talk_id": conversation_id})]


def _send(c: Connection, house: House, alert_id: int, conversation_id: int, urgency: str) -> None:
    """Queue the alert for everybody it is for, and set the time of its repeat.

    A message that is about a conversation somebody owns wakes the owner first; an urgent one, or one that had to be
    repeated, wakes all (R32).
    """
    now, pause = house.clock(), house.settings.alert_repeat(urgency)
    can_wake = WAKES in house.senders  # nothing is queued that could never go; the desk says so
    rows = [
        {
            "id": house.new_id(),
            "staff_id": staff_id,
            "alert_id": alert_id,
            "channel": WAKES,
            "kind": "staff_alert",
            "lane": 0,
            "response": f"alert_{urgency}",
            "state": "queued",
            "due_at": now,
            "not_after": now + max(pause, timedelta(minutes=5)),
            "created_at": now,
            "tries": 0,
            "reason": "",
        }
        for staff_id in (_whom(c, alert_id, conversation_id, urgency) if can_wake else [])
    ]
    if rows:
        c.execute(insert(OutboundMessage), rows)
    c.execute(delete(Timer).where(Timer.kind == "alert", Timer.subject_id == alert_id))
    c.execute(
        insert(Timer),
        {
            "id": house.new_id(),
            "kind": "alert",
            "subject_id": alert_id,
            "name": "repeat",
            "fence": "",
            "due_at": now + pause,
        },
    )


def _whom(c: Connection, alert_id: int, conversation_id: int, urgency: str) -> list[int]:
    owner = c.execute(select(Conversation.owner_id).where(Conversation.id == conversation_id)).scalar_one_or_none()
    repeats = c.execute(select(Alert.repeats).where(Alert.id == alert_id)).scalar_one()
    may_answer = [role.value for role in roles_that_may(Right.ACKNOWLEDGE)]
    awake = select(Staff.id).where(Staff.active, Staff.role.in_(may_answer)).order_by(Staff.id)
    active = list(c.execute(awake).scalars())
    return [owner] if owner in active and urgency != "urgent" and not repeats else active
