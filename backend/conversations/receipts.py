"""What a provider says later of a message that it took. Receipts come in any order, twice, and for earlier attempts."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, exists, select, update

from backend.alerts.service import raise_alert
from backend.contact_points.risks import note_provider_code
from backend.conversations import redaction, statements
from backend.conversations.record import BACK_OFF
from backend.conversations.talk import lock_talk
from backend.house import House
from backend.store.talk import Attempt, OutboundMessage
from channels.contract import Receipt

RANK = {"sending": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}
"""One that says less than what is known is passed over."""
ARRIVED = ("delivered", "read")
ON_THE_WAY = timedelta(minutes=1)
"""How long a receipt itself may take to reach us."""


def apply_receipt(c: Connection, house: House, receipt: Receipt) -> bool:
    """Write what a receipt says; False when it is about nothing of ours.

    1. A failure that may pass is offered again, through the gate, as one that came at once would be (R25).
    2. Any other failure is a practitioner's business.
    3. What arrived after its time is an incident: it may have come at a wrong hour (R8).
    """
    attempt = c.execute(select(Attempt.__table__).where(_is_about(receipt))).first()
    if attempt is None:
        return False
    whose = select(OutboundMessage.conversation_id).where(OutboundMessage.id == attempt.outbound_id)
    if (conversation_id := c.execute(whose).scalar_one()) is not None:
        lock_talk(c, conversation_id)
    note_provider_code(c, house, attempt.outbound_id, receipt.error_code)
    _note(c, attempt, receipt)
    message = select(OutboundMessage.__table__).where(OutboundMessage.id == attempt.outbound_id)
    row = c.execute(message.with_for_update()).one()  # another receipt may come at the same instant
    if RANK.get(receipt.status, 0) > RANK.get(row.state, 5):
        _follow(c, house, attempt, row, receipt)
    return True


def _follow(c: Connection, house: House, attempt: Any, row: Any, receipt: Receipt) -> None:
    if receipt.status == "failed" and _was_offered_again(c, attempt):
        return  # what becomes of the later attempt is what counts
    if receipt.status == "failed" and receipt.retryable and _may_try_again(house, row):
        pause = BACK_OFF[min(row.tries, len(BACK_OFF) - 1)]
        _save(c, row, state="queued", reason=receipt.error_code[:40], due_at=house.clock() + pause, lease=None)
        return
    sent = {"sent_at": row.sent_at or house.clock()} if receipt.status != "failed" else {}
    _save(c, row, state=receipt.status, due_at=None, lease=None, **sent)
    if receipt.status in (*ARRIVED, "failed"):
        redaction.plan_now(c, house, row.channel, attempt.id)
    _tell(c, house, row, receipt)


def _tell(c: Connection, house: House, row: Any, receipt: Receipt) -> None:
    if row.conversation_id is None:
        return
    if receipt.status == "failed":
        raise_alert(c, house, row.conversation_id, "not_delivered", "soon")
    elif receipt.status in ARRIVED and row.state not in ARRIVED and receipt.received_at > row.not_after + ON_THE_WAY:
        raise_alert(c, house, row.conversation_id, "arrived_late", "soon")


def _note(c: Connection, attempt: Any, receipt: Receipt) -> None:
    """The attempt keeps the provider's id and the newest code."""
    values: dict[str, Any] = {"provider_id": receipt.provider_id}
    if receipt.error_code:
        values["code"] = receipt.error_code[:40]
    c.execute(statements.SAVE_ATTEMPT, {**values, "row_id": attempt.id})


def _was_offered_again(c: Connection, attempt: Any) -> bool:
    later = exists().where(Attempt.outbound_id == attempt.outbound_id, Attempt.id > attempt.id)
    return bool(c.execute(select(later)).scalar())


def _may_try_again(house: House, row: Any) -> bool:
    return bool(row.tries <= house.settings.send_retries and house.clock() < row.not_after)


def _save(c: Connection, row: Any, **values: Any) -> None:
    c.execute(update(OutboundMessage).where(OutboundMessage.id == row.id).values(values))


def _is_about(receipt: Receipt) -> Any:
    if receipt.reference.isdigit():
        return Attempt.id == int(receipt.reference)
    return Attempt.provider_id == receipt.provider_id
