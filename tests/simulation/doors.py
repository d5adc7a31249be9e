"""What was offered to a provider, held against the independent oracle at the very instant of the offer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from backend.conversations.talk import look_at_talk
from backend.house import House
from backend.store.support import PlanDue
from backend.store.talk import Attempt, ContactPoint, Conversation, OutboundMessage
from channels.contract import Outbound
from safety.types import Kind, Outgoing, Point, PointState
from safety.whatsapp import TEMPLATES
from tests.safety import oracle
from tests.simulation.fate import Violation

QUARTER = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
ON_TIME = (Kind.CHECK_IN, Kind.REMINDER)


@dataclass(frozen=True)
class Offer:
    """The row behind an offer. `due_at`: when the plan was due that it is about, None: it is about none."""

    id: int
    conversation_id: int
    kind: Kind
    about_id: int | None
    not_after: datetime
    due_at: datetime | None


def read_offer(c: Connection, message: Outbound) -> Offer:
    """Which row this is an attempt at. Raises Violation if nothing was written down before it was offered."""
    row = c.execute(
        select(OutboundMessage.__table__, PlanDue.due_at.label("plan_due_at"))
        .join(Attempt, Attempt.outbound_id == OutboundMessage.id)
        .outerjoin(PlanDue, PlanDue.id == OutboundMessage.about_id)
        .where(Attempt.id == int(message.reference), Attempt.state == "sending")
    ).one_or_none()
    if row is None:
        raise Violation(f"attempt {message.reference} was offered and not written down first")
    return Offer(row.id, row.conversation_id, Kind(row.kind), row.about_id, row.not_after, row.plan_due_at)


def read_point(c: Connection, house: House, offer: Offer) -> Point:
    """The contact point as it stands, from the bare columns; only the sealed profile is opened by the house."""
    point = c.execute(
        select(ContactPoint.__table__)
        .join(Conversation, Conversation.contact_point_id == ContactPoint.id)
        .where(Conversation.id == offer.conversation_id)
    ).one()
    talk = c.execute(select(Conversation.__table__).where(Conversation.id == offer.conversation_id)).one()
    over = talk.session_ended_at is not None and offer.kind not in (Kind.REPLY, Kind.DANGER)
    return Point(
        channel=point.channel,
        state=PointState(point.state),
        contact=look_at_talk(c, house, offer.conversation_id).contact(),
        confirmed_at=point.confirmed_at,
        expires_at=point.expires_at,
        opted_out=point.opted_out_at is not None,
        paused=point.paused_at is not None,
        in_doubt=talk.doubted_at is not None,
        mobile=point.mobile,
        last_inbound_at=None if over else talk.last_inbound_at,
        last_heard_at=talk.last_inbound_at,
    )


def hold_against_the_oracle(message: Outbound, offer: Offer, point: Point, now: datetime) -> None:
    """Raises Violation for what should not have been offered now, or may be held for too long by the provider."""
    _check_template(message, offer, point, now)
    verdict = oracle.verdict(Outgoing(offer.kind, message.text, offer.not_after), point, now)
    if verdict != oracle.SEND:
        raise Violation(f"{offer.kind} {offer.id} was offered, and the oracle says {verdict}")
    if offer.kind in (Kind.REPLY, Kind.DANGER, Kind.PRACTITIONER):
        return
    if message.validity is None or now + message.validity > offer.not_after:
        raise Violation(f"{offer.kind} {offer.id} may be held by the provider beyond its time")
    _check_validity(message.validity, offer, point, now)


def _check_template(message: Outbound, offer: Offer, point: Point, now: datetime) -> None:
    """Outside WhatsApp's window only the approved line of its kind goes, to the letter, and inside it never (R26)."""
    if (message.template != "") != oracle.free_words_are_over(point, now):
        raise Violation(f"{offer.kind} {offer.id} and WhatsApp's window do not agree")
    if message.template and message.text != TEMPLATES[offer.kind]:
        raise Violation(f"{offer.kind} {offer.id} is not the line that was approved")


def _check_validity(validity: timedelta, offer: Offer, point: Point, now: datetime) -> None:
    """The provider may deliver it at any instant of its validity, so each must be agreed (R7, R8)."""
    ends, at = now + validity - SECOND, now
    while at < ends:
        if not oracle.is_agreed(point.contact, at):
            raise Violation(f"{offer.kind} {offer.id} may be delivered outside the agreed hours")
        at += QUARTER
    if not oracle.is_agreed(point.contact, ends):
        raise Violation(f"{offer.kind} {offer.id} may be delivered after the agreed hours")
