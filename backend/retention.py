"""Destroying what may no longer be kept: so far, enquiries that never became a referral (R36)."""

import logging
from datetime import timedelta

from sqlalchemy import Connection, delete, exists, or_, select, update

from backend.contact_points.pending import forget_old
from backend.house import House
from backend.store.channels import Clearing
from backend.store.checkins import CheckInAnswer
from backend.store.contact_points import ContactCheck, PendingChange
from backend.store.support import Appointment, Plan, PlanDue, Reminder, Task
from backend.store.talk import (
    Attempt,
    ContactPoint,
    Conversation,
    DataKey,
    InboundMessage,
    OutboundMessage,
    Timer,
    WebSession,
)
from backend.store.work import Alert, Consent

log = logging.getLogger("sidedoor.retention")
AT_ONCE = 100
STILL_GOING_ON = timedelta(days=1)
"""Nobody's talk is destroyed under their hands."""


def purge_expired(c: Connection, house: House) -> int:
    """Destroy enquiries past their day, AT_ONCE at most; how many.

    One that a practitioner holds or must still see, whose person waits for one or is to be met, or that goes on today,
    is left alone.
    """
    forget_old(c, house)
    today = house.clock() - STILL_GOING_ON
    unseen = select(Alert.conversation_id).where(Alert.acknowledged_at.is_(None))
    to_be_met = select(Appointment.conversation_id).where(Appointment.ends_at > today)
    expired = (
        select(Conversation.id, Conversation.key_id)
        .where(
            Conversation.expires_at <= house.clock(), Conversation.owner_id.is_(None), Conversation.person_id.is_(None)
        )
        .where(Conversation.id.not_in(unseen), Conversation.waiting_since.is_(None))
        .where(Conversation.id.not_in(to_be_met))
        .where(or_(Conversation.last_inbound_at.is_(None), Conversation.last_inbound_at <= today))
        .join(ContactPoint, ContactPoint.id == Conversation.contact_point_id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=(ContactPoint, Conversation))  # the point first, as everywhere
    )
    rows = c.execute(expired).all()
    for row in rows:
        _destroy(c, house, row.id, row.key_id)
    if rows:
        log.info("retention: %d enquiries destroyed", len(rows))
    return len(rows)


def _destroy(c: Connection, house: House, conversation_id: int, key_id: int) -> None:
    """The rows go, and so does the key, so that a copy of the rows elsewhere can no longer be read."""
    messages = select(OutboundMessage.id).where(OutboundMessage.conversation_id == conversation_id)
    alerts = select(Alert.id).where(Alert.conversation_id == conversation_id)
    c.execute(delete(Timer).where(Timer.kind.in_(("talk", "recheck")), Timer.subject_id == conversation_id))
    c.execute(delete(Attempt).where(Attempt.outbound_id.in_(messages)))
    c.execute(
        delete(Attempt).where(
            Attempt.outbound_id.in_(select(OutboundMessage.id).where(OutboundMessage.alert_id.in_(alerts)))
        )
    )
    c.execute(delete(OutboundMessage).where(OutboundMessage.alert_id.in_(alerts)))
    _destroy_support(c, conversation_id)
    for table in (OutboundMessage, InboundMessage, WebSession, Consent, Alert, Clearing, PendingChange):
        c.execute(delete(table).where(table.conversation_id == conversation_id))
    point = c.execute(select(Conversation.contact_point_id).where(Conversation.id == conversation_id)).scalar_one()
    goes_on = (ContactPoint.id == point, ContactPoint.conversation_id == conversation_id)
    c.execute(update(ContactPoint).where(*goes_on).values(conversation_id=None))
    c.execute(delete(Conversation).where(Conversation.id == conversation_id))
    _destroy_key(c, house, key_id)
    _destroy_point_unless_used(c, house, point)


def _destroy_support(c: Connection, conversation_id: int) -> None:
    """What was planned with somebody, what became of it, and what was to be done; each after what hangs on it."""
    plans, bookings, tasks = (
        select(table.id).where(table.conversation_id == conversation_id) for table in (Plan, Appointment, Task)
    )
    dues = select(PlanDue.id).where(PlanDue.plan_id.in_(plans))
    subjects = {"plan": plans, "missed": dues, "task": tasks, "reminder": bookings}
    for kind, ids in subjects.items():
        c.execute(delete(Timer).where(Timer.kind == kind, Timer.subject_id.in_(ids)))
    c.execute(delete(CheckInAnswer).where(CheckInAnswer.conversation_id == conversation_id))
    c.execute(delete(PlanDue).where(PlanDue.plan_id.in_(plans)))
    c.execute(delete(Reminder).where(Reminder.appointment_id.in_(bookings)))
    for table in (Plan, Appointment, Task):
        c.execute(delete(table).where(table.conversation_id == conversation_id))


def _destroy_point_unless_used(c: Connection, house: House, point_id: int) -> None:
    """The address goes with its last conversation, unless it asked us to stop: that must be remembered (R24)."""
    used = exists().where(Conversation.contact_point_id == ContactPoint.id)
    gone = select(ContactPoint.key_id).where(ContactPoint.id == point_id, ~used, ContactPoint.opted_out_at.is_(None))
    key_id = c.execute(gone).scalar_one_or_none()
    if key_id is not None:
        c.execute(delete(ContactCheck).where(ContactCheck.contact_point_id == point_id))
        c.execute(delete(ContactPoint).where(ContactPoint.id == point_id))
        _destroy_key(c, house, key_id)


def _destroy_key(c: Connection, house: House, key_id: int) -> None:
    c.execute(update(DataKey).where(DataKey.id == key_id).values(wrapped=None, destroyed_at=house.clock()))
