"""What a press of a button does, each in one transaction with its audit row (R39)."""

from datetime import timedelta

from sqlalchemy import Connection, select

from backend.access import Visit
from backend.alerts.service import acknowledge
from backend.cases.service import PATHWAYS, AlreadyAcceptedError, accept
from backend.conversations import doubt
from backend.conversations.ownership import hand_back, queue_practitioner, take_over
from backend.conversations.reading import read_thread
from backend.conversations.talk import load_talk
from backend.desk.queue import link_to, waiting_referral
from backend.house import House
from backend.staff import Did, Right, record
from backend.store.work import Alert
from safety.types import Decision, Drop, Send

SAME_PRESS = timedelta(seconds=60)
"""The same words by the same practitioner within this time are a button pressed twice, not a second message."""


class OwnerChangedError(Exception):
    """Somebody else has taken the conversation since the page was made."""


def acknowledge_alert(c: Connection, house: House, visit: Visit, alert_id: int) -> str:
    """Stop an alert; where to go next: to what it is about, for somebody who may read it. Raises NoResultFound."""
    conversation_id = c.execute(select(Alert.conversation_id).where(Alert.id == alert_id)).scalar_one()
    _acknowledge(c, house, visit, alert_id)
    return link_to(conversation_id, waiting_referral(c, conversation_id)) if visit.actor.may(Right.READ) else "/desk"


def accept_referral(c: Connection, house: House, visit: Visit, referral_id: int) -> str:
    """Make a case of a referral; what stood in the way, or an empty string."""
    pathway = visit.form.get("pathway", "")
    if pathway not in PATHWAYS:
        return "pathway"
    try:
        accept(c, house, referral_id, visit.actor.staff_id, pathway)
    except AlreadyAcceptedError:
        return "accepted"
    return ""


def send_words(c: Connection, house: House, visit: Visit, conversation_id: int) -> Decision:
    """Queue a practitioner's words and make them the owner; what the gate would drop changes nothing at all.

    The alerts that the page showed are acknowledged with it: whoever answers has seen them. Raises OwnerChangedError.
    """
    _check_owner(c, house, visit, conversation_id)
    text = visit.form.get("text", "").strip()
    if _was_just_sent(c, house, visit, conversation_id, text):
        return Send()
    decision = queue_practitioner(c, house, conversation_id, visit.actor.staff_id, text)
    if not isinstance(decision, Drop):
        record(c, house, visit.actor.staff_id, Did.WROTE, "conversation", conversation_id)
        _acknowledge_seen(c, house, visit, conversation_id)
    return decision


def take(c: Connection, house: House, visit: Visit, conversation_id: int) -> None:
    """Take a conversation over, from the machine or the colleague whom the page named. Raises OwnerChangedError."""
    _check_owner(c, house, visit, conversation_id)
    take_over(c, house, conversation_id, visit.actor.staff_id)
    record(c, house, visit.actor.staff_id, Did.TOOK_OVER, "conversation", conversation_id)
    _acknowledge_seen(c, house, visit, conversation_id)


def give_back(c: Connection, house: House, visit: Visit, conversation_id: int) -> None:
    """Give a conversation back to the machine."""
    hand_back(c, house, conversation_id, visit.actor.staff_id)
    record(c, house, visit.actor.staff_id, Did.HANDED_BACK, "conversation", conversation_id)


def _acknowledge(c: Connection, house: House, visit: Visit, alert_id: int) -> None:
    acknowledge(c, house, alert_id, visit.actor.staff_id)
    record(c, house, visit.actor.staff_id, Did.ACKNOWLEDGED, "alert", alert_id)
    alert = c.execute(select(Alert.reason, Alert.conversation_id).where(Alert.id == alert_id)).one()
    if alert.reason.startswith(doubt.REASON):
        doubt.settle(c, alert.conversation_id, house.clock())


def _acknowledge_seen(c: Connection, house: House, visit: Visit, conversation_id: int) -> None:
    """Those that were on the page, and none that has come since."""
    shown = [int(word) for word in visit.form.get("alerts", "").split() if word.isdecimal() and len(word) < 19]
    theirs = (Alert.id.in_(shown), Alert.conversation_id == conversation_id, Alert.acknowledged_at.is_(None))
    for alert_id in list(c.execute(select(Alert.id).where(*theirs).order_by(Alert.id)).scalars()):
        _acknowledge(c, house, visit, alert_id)


def _check_owner(c: Connection, house: House, visit: Visit, conversation_id: int) -> None:
    """Two practitioners must not write over each other: what the page said about the owner must still be true."""
    owner = load_talk(c, house, conversation_id)["owner_id"]
    if owner != visit.actor.staff_id and str(owner or "") != visit.form.get("owner", ""):
        raise OwnerChangedError


def _was_just_sent(c: Connection, house: House, visit: Visit, conversation_id: int, text: str) -> bool:
    recent = [line for line in read_thread(c, house, conversation_id) if house.clock() - line.at < SAME_PRESS]
    return any(line.author_id == visit.actor.staff_id and line.text == text for line in recent)
