"""Recording what became of an attempt. A stale lease changes nothing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from backend.alerts.service import raise_alert
from backend.contact_points.risks import note_provider_code
from backend.conversations import redaction, statements
from backend.conversations.blocked import find_shut
from backend.conversations.claim import AS_TEMPLATE, Job
from backend.conversations.talk import lock_talk
from backend.house import House
from backend.store.talk import Attempt, Conversation, OutboundMessage
from channels.contract import SendError
from safety.types import Kind

AGAIN_WHEN_UNKNOWN = frozenset({Kind.DANGER, Kind.REPLY, Kind.STAFF_ALERT})
"""What goes again when nobody can say whether it went: one too many does less harm than silence (DESIGN, step 6)."""
BACK_OFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
"""How long to wait before the next try; the last one holds for all that follow."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""How far a provider's clock may be from ours; more than any adapter's look-up reaches back."""


def record_sent(c: Connection, house: House, job: Job, provider_id: str) -> None:
    """The provider has it."""
    now = house.clock()
    redact_at = redaction.in_the_end(house, job.message.channel)
    _end_attempt(c, job.attempt_id, now, state="sent", provider_id=provider_id, redact_at=redact_at)
    _settle(c, job, state="sent", sent_at=now, due_at=None, lease=None)


def record_failure(c: Connection, house: House, job: Job, error: SendError) -> None:
    """It was not taken, or nobody knows: look again at once, try again later, or stop and tell a practitioner."""
    now = house.clock()
    _lock(c, job)
    if error.blocked and job.conversation_id is not None:
        find_shut(c, house, job.conversation_id)
    note_provider_code(c, house, job.outbound_id, error.code)
    _end_attempt(c, job.attempt_id, now, state=_ended_as(error), code=error.code)
    if error.unknown and job.kind is not Kind.STAFF_ALERT:  # nobody can be asked about a mail
        reason = AS_TEMPLATE if job.message.template else "unknown"
        _settle(c, job, due_at=now, reason=reason)  # the lease stays: the next claim asks the provider
    elif (error.retryable or error.unknown) and job.tries < house.settings.send_retries:
        pause = error.retry_after or BACK_OFF[min(job.tries, len(BACK_OFF) - 1)]
        _settle(c, job, state="queued", reason=error.code, due_at=now + pause, lease=None)
    else:
        _give_up(c, house, job, error.code)


def _ended_as(error: SendError) -> str:
    """Whether the channel is in trouble, or works and refused this one message."""
    if error.unknown:
        return "unknown"
    return "failed" if error.retryable or error.elsewhere else "refused"


def record_not_there(c: Connection, house: House, job: Job) -> None:
    """The provider does not have it, so offering it again makes no second message."""
    _lock(c, job)
    _end_attempt(c, job.attempt_id, house.clock(), state="failed", code="not_taken")
    _offer_again(c, house, job, "not_taken")


def record_cannot_say(c: Connection, house: House, job: Job) -> None:
    """Nobody can say: danger and answers in a talk go again; whatever was started by us does not, and a practitioner is
    told."""
    _lock(c, job)
    _end_attempt(c, job.attempt_id, house.clock(), state="unknown", code="cannot_say")
    if job.kind in AGAIN_WHEN_UNKNOWN:
        _offer_again(c, house, job, "cannot_say")
    else:
        _give_up(c, house, job, "unknown_outcome")


def _offer_again(c: Connection, house: House, job: Job, reason: str) -> None:
    """At once the first time, then after a pause, and no more often than set: a provider in trouble is not hammered."""
    if job.tries > house.settings.send_retries:
        _give_up(c, house, job, "unknown_outcome")
        return
    pause = BACK_OFF[min(job.tries - 2, len(BACK_OFF) - 1)] if job.tries > 1 else timedelta(0)
    _settle(c, job, state="queued", reason=reason, due_at=house.clock() + pause, lease=None)


def known_provider_ids(c: Connection, outbound_id: int, since: datetime) -> list[str]:
    """Provider ids that other attempts at this contact point, of about then, own already: none is this message's.

    A look-up reaches back a little before `since`, for a provider's clock may differ from ours; so does this.
    """
    earliest = since - CLOCKS_DIFFER
    talk = select(OutboundMessage.conversation_id).where(OutboundMessage.id == outbound_id).scalar_subquery()
    point = select(Conversation.contact_point_id).where(Conversation.id == talk).scalar_subquery()
    talks_there = select(Conversation.id).where(Conversation.contact_point_id == point)
    others = select(OutboundMessage.id).where(
        OutboundMessage.conversation_id.in_(talks_there), OutboundMessage.id != outbound_id
    )
    taken = (Attempt.outbound_id.in_(others), Attempt.started_at >= earliest, Attempt.provider_id.is_not(None))
    return [str(provider_id) for provider_id in c.execute(select(Attempt.provider_id).where(*taken)).scalars()]


def _lock(c: Connection, job: Job) -> None:
    """Before the message's own row: a turn locks the contact point first, and an alert may follow."""
    if job.conversation_id is not None:
        lock_talk(c, job.conversation_id)


def _end_attempt(c: Connection, attempt_id: int, now: datetime, **values: Any) -> None:
    c.execute(statements.SAVE_ATTEMPT, {"ended_at": now, **values, "row_id": attempt_id})


def _settle(c: Connection, job: Job, **values: Any) -> None:
    c.execute(statements.SETTLE_OUTBOUND, {**values, "row_id": job.outbound_id, "fence": job.attempt_id})


def _give_up(c: Connection, house: House, job: Job, code: str) -> None:
    _settle(c, job, state="failed", reason=code[:40], due_at=None, lease=None)
    if job.conversation_id is not None:
        raise_alert(c, house, job.conversation_id, "not_sent", "soon")
