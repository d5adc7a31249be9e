"""Claiming what is due: the gate is asked and the attempt is written as `sending`, in one short transaction.

Because the gate decides in the same transaction that writes the attempt, on the row that is locked, no change of the
safe-contact profile can slip between the two (DESIGN, step 6). Nothing is sent here.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from backend.alerts.service import raise_alert
from backend.appointments.versions import MOVED, is_of_an_earlier_version
from backend.conversations import statements
from backend.conversations.compartments import answer_here
from backend.conversations.outbox import open_words
from backend.conversations.pace import Paces, chat_opens, parts_of, read_paces, take_chat
from backend.conversations.silent import thread_of
from backend.conversations.talk import Talk, load_talk_if_free
from backend.house import House
from backend.store import FAULTS_OF_THE_WORK
from backend.store.sealing import context, open_key
from backend.store.talk import Attempt
from backend.store.work import Alert, Staff
from channels.contract import Outbound
from channels.sms.errors import refused_words
from safety.gate import decide, decide_staff_alert
from safety.staff_texts import staff_text
from safety.types import Drop, Hold, Kind, Outgoing, Send
from safety.whatsapp import TEMPLATES

log = logging.getLogger("sidedoor.claim")
AS_TEMPLATE = "as_template"
"""The reason on a row whose words do not go: WhatsApp's approved line goes in their place (R26)."""


@dataclass(frozen=True, slots=True)
class Job:
    """One message to offer to its channel. `unknown_since`: an earlier attempt's outcome is not known; ask the provider
    first."""

    outbound_id: int
    attempt_id: int
    kind: Kind
    conversation_id: int | None
    tries: int
    message: Outbound = field(repr=False)
    unknown_since: datetime | None = None


def claim_due(c: Connection, house: House, channels: Sequence[str]) -> list[Job]:
    """Claim what is due on these channels, danger and alerts first, and one message of a conversation at a time, in
    order."""
    now, paces = house.clock(), read_paces(c, house, channels, lock=True)
    with_room = [channel for channel in channels if paces.has_room(channel)]
    due = c.execute(statements.DUE, {"now": now, "channels": list(channels), "with_room": with_room}).all()
    jobs = [job for row in due if (job := _claim_in_pace(c, house, row, paces)) is not None]
    paces.save(c)
    return jobs


def lease(house: House) -> timedelta:
    """How long an attempt is believed to be under way; after that nobody knows its outcome."""
    return timedelta(seconds=house.settings.lease_seconds)


def next_due(c: Connection, house: House, channels: Sequence[str]) -> datetime | None:
    """When there is next something to do on these channels (UTC), so that the dispatcher knows how long it may rest."""
    paces = read_paces(c, house, channels)
    with_room = [channel for channel in channels if paces.has_room(channel)]
    due: datetime | None = c.execute(statements.NEXT_DUE, {"channels": with_room}).scalar_one_or_none()
    waits = [paces.opens(channel) for channel in channels if channel not in with_room]
    return min([*waits, *([due] if due else [])], default=None)


def _claim_in_pace(c: Connection, house: House, row: Any, paces: Paces) -> Job | None:
    """Claim one row, unless those before it have used up what may leave now; danger never waits (R25, R29)."""
    if row.lane and not paces.has_room(row.channel):
        return None
    job = _claim(c, house, row, paces.now)
    if job is not None and job.unknown_since is None:
        paces.take(row.channel, parts_of(row.channel, job.message.text))
    return job


def _claim(c: Connection, house: House, row: Any, now: datetime) -> Job | None:
    """Claim one row. One that cannot be read keeps nobody else waiting: it is given up, and a practitioner is told."""
    claim = _claim_message if row.staff_id is None else _claim_alert
    try:
        with c.begin_nested():
            return claim(c, house, row, now)
    except Exception as error:
        if isinstance(error, DBAPIError) and not isinstance(error, FAULTS_OF_THE_WORK):
            raise  # the database's own trouble is that of the whole transaction
        log.error("message %d cannot be sent: %s", row.id, type(error).__name__)
        _give_up(c, house, row)
        return None


def _give_up(c: Connection, house: House, row: Any) -> None:
    values = {"state": "failed", "reason": "unreadable", "due_at": None, "lease": None}
    c.execute(statements.SAVE_OUTBOUND, {**values, "row_id": row.id})
    if row.conversation_id is not None:
        raise_alert(c, house, row.conversation_id, "not_sent", "soon")


def _claim_message(c: Connection, house: House, row: Any, now: datetime) -> Job | None:
    """A message to a person; while a turn goes on at its contact point it is left for the next look.

    A turn locks the contact point first and then what is queued there, so to wait here would be to wait for each other.
    """
    talk, kind = load_talk_if_free(c, house, row.conversation_id), Kind(row.kind)
    if talk is None:
        return None
    if row.lease is not None:
        return _job(c, house, row, talk, unknown=True)
    if row.lane and (opens := chat_opens(talk.row, now)):
        c.execute(statements.SAVE_OUTBOUND, {"due_at": opens, "row_id": row.id})
        return None
    if kind is Kind.REMINDER and is_of_an_earlier_version(c, row.about_id):
        # The talk is locked, as by whoever moves or cancels it, so nothing slips in between (R9).
        _not_now(c, house, row, Drop(MOVED, tell_worker=False))
        return None
    words = open_words(talk.key, row.text, row.id)
    point = talk.point(answering=kind in (Kind.REPLY, Kind.DANGER))
    shown = "\n".join((words.text, *words.choices))
    point = replace(point, may_be_tried=house.may_reach(row.channel, talk.address()))
    if refused_words(row.reason):  # by the provider's clock the window is closed, and that one counts
        point = replace(point, last_inbound_at=None, last_heard_at=None)
    decision = decide(Outgoing(kind, shown, row.not_after), point, house.rules, now)
    if isinstance(decision, Send):
        if kind is Kind.PRACTITIONER:
            answer_here(c, house, talk)
        take_chat(c, house, row.channel, talk.point_id, now)
        return _job(c, house, row, talk, decision, version=point.version)
    _not_now(c, house, row, decision)
    return None


def _job(
    c: Connection,
    house: House,
    row: Any,
    talk: Talk,
    send: Send | None = None,
    *,
    version: int = 0,
    unknown: bool = False,
) -> Job:
    send = send or Send(instead=TEMPLATES[Kind(row.kind)] if row.reason == AS_TEMPLATE else "")
    attempt_id = row.lease if unknown else _begin_attempt(c, house, row, version, AS_TEMPLATE if send.instead else "")
    if unknown:
        _extend_lease(c, house, row.id)
    message = _outbound(row, talk, attempt_id, send)
    return Job(
        row.id,
        attempt_id,
        Kind(row.kind),
        row.conversation_id,
        row.tries,
        message,
        _since(c, attempt_id) if unknown else None,
    )


def _outbound(row: Any, talk: Talk, attempt_id: int, send: Send) -> Outbound:
    """The words, or the approved line that goes in their place."""
    address, reference = talk.address(), str(attempt_id)
    if send.instead:
        return Outbound(row.channel, address, send.instead, reference, validity=send.validity, template=row.kind)
    words = open_words(talk.key, row.text, row.id)
    return Outbound(
        row.channel,
        address,
        words.text,
        reference,
        words.choices,
        validity=send.validity,
        in_reply_to=thread_of(talk),
    )


def _claim_alert(c: Connection, house: House, row: Any, now: datetime) -> Job | None:
    """An alert to one practitioner: words from the closed catalogue, through its own branch of the gate."""
    staff = c.execute(select(Staff.__table__).where(Staff.id == row.staff_id)).one()
    alert = c.execute(select(Alert.__table__).where(Alert.id == row.alert_id)).one()
    words = staff_text(alert.urgency, again=alert.repeats > 0)
    decision = decide_staff_alert(Outgoing(Kind.STAFF_ALERT, words.text, row.not_after, words.subject), now)
    if not isinstance(decision, Send):
        _not_now(c, house, row, decision)
        return None
    # An alert whose outcome is not known goes again while it is in time: one too many wakes somebody twice, one too few
    # nobody. After that its repeat takes its place.
    address = open_key(c, house, staff.key_id).open(staff.email, context("staff", "email", staff.id))
    if not house.may_reach(row.channel, address):
        _not_now(c, house, row, Drop("trial", tell_worker=False))
        return None
    attempt_id = _begin_attempt(c, house, row, 0)
    message = Outbound(row.channel, address, words.text, str(attempt_id), subject=words.subject)
    return Job(row.id, attempt_id, Kind.STAFF_ALERT, None, row.tries, message)


def _begin_attempt(c: Connection, house: House, row: Any, version: int, reason: str = "") -> int:
    attempt_id, now = house.new_id(), house.clock()
    attempt = {
        "id": attempt_id,
        "outbound_id": row.id,
        "state": "sending",
        "point_version": version,
        "started_at": now,
        "code": "",
    }
    c.execute(statements.INSERT_ATTEMPT, attempt)
    values = {
        "state": "sending",
        "reason": reason,
        "lease": attempt_id,
        "due_at": now + lease(house),
        "tries": row.tries + 1,
        "shown": row.shown or attempt_id,
    }
    c.execute(statements.SAVE_OUTBOUND, {**values, "row_id": row.id})
    return attempt_id


def _extend_lease(c: Connection, house: House, outbound_id: int) -> None:
    c.execute(statements.SAVE_OUTBOUND, {"due_at": house.clock() + lease(house), "row_id": outbound_id})


def _since(c: Connection, attempt_id: int) -> datetime:
    return c.execute(select(Attempt.started_at).where(Attempt.id == attempt_id)).scalar_one()


def _not_now(c: Connection, house: House, row: Any, decision: Hold | Drop) -> None:
    """Write a hold or a drop with its reason; a practitioner is told of a drop that leaves a person unanswered."""
    if isinstance(decision, Hold):
        values: dict[str, Any] = {"state": "held", "reason": decision.reason, "due_at": decision.until}
    else:
        values = {"state": "dropped", "reason": decision.reason, "due_at": None, "lease": None}
        if decision.tell_worker and row.conversation_id is not None:
            raise_alert(c, house, row.conversation_id, "not_sent", "soon")
    c.execute(statements.SAVE_OUTBOUND, {**values, "row_id": row.id})
