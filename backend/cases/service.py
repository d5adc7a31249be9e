"""Accepting a referral: the moment an enquiry becomes a person with a case, by a named practitioner (R31)."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from backend.alerts.service import acknowledge, open_alerts
from backend.cases.suggest import PATHWAYS, Suggestion, suggest_pathway
from backend.conversations.talk import lock_talk
from backend.house import House
from backend.staff.audit import Did, record
from backend.staff.roles import Right, Role, may
from backend.store.talk import Conversation
from backend.store.work import Case, Person, Referral, Staff
from backend.tasks.clocks import OF_A_CASE, OF_A_REFERRAL, OF_A_YOUNG_CASE
from backend.tasks.service import start_clocks

__all__ = ["PATHWAYS", "Suggestion", "accept", "person_of", "suggest_pathway"]


YOUNG = frozenset({"cyp"})
"""Pathways with the shorter assessment (C4)."""


class AlreadyAcceptedError(Exception):
    """Somebody has accepted this referral already."""


class NotForYouError(Exception):
    """Only somebody whose role works with people may accept a referral, and no machine."""


def accept(c: Connection, house: House, referral_id: int, staff_id: int, pathway: str) -> int:
    """Open a case from a referral; its id.

    1. Take the referral, if nobody was quicker. 2. Find or make the person. 3. Open the case under the pathway that the
    practitioner chose. 4. Stop the alert about it. 5. Begin the clocks. Raises AlreadyAcceptedError, NotForYouError, or
    KeyError for a pathway that does not exist.
    """
    PATHWAYS[pathway]
    _check_is_a_practitioner(c, staff_id)
    conversation_id = _take(c, referral_id)
    person_id = person_of(c, house, conversation_id)
    case_id = house.new_id()
    case = {"id": case_id, "person_id": person_id, "referral_id": referral_id, "worker_id": staff_id}
    c.execute(insert(Case), case | {"pathway": pathway, "opened_at": house.clock()})
    for alert in open_alerts(c):
        if alert.conversation_id == conversation_id and alert.reason == "referral":
            acknowledge(c, house, alert.id, staff_id)
    kinds = OF_A_YOUNG_CASE if pathway in YOUNG else OF_A_CASE
    start_clocks(c, house, conversation_id, (*OF_A_REFERRAL, *kinds), staff_id)
    record(c, house, staff_id, Did.ACCEPTED, "referral", referral_id)
    return case_id


def _check_is_a_practitioner(c: Connection, staff_id: int) -> None:
    role = c.execute(select(Staff.role).where(Staff.id == staff_id, Staff.active.is_(True))).scalar_one_or_none()
    if role is None or not may(Role(role), Right.ACT):
        raise NotForYouError


def _take(c: Connection, referral_id: int) -> int:
    """Mark it accepted and say which conversation it came from; of two at once, one gets it."""
    conversation_id = c.execute(select(Referral.conversation_id).where(Referral.id == referral_id)).scalar_one()
    lock_talk(c, conversation_id)
    waiting = (Referral.id == referral_id, Referral.state == "submitted")
    if c.execute(update(Referral).where(*waiting).values(state="accepted")).rowcount != 1:
        raise AlreadyAcceptedError
    return int(conversation_id)


def person_of(c: Connection, house: House, conversation_id: int) -> int:
    """The person behind the conversation; a new one takes over the conversation's data key (ADR on data keys)."""
    columns = select(Conversation.person_id, Conversation.key_id).where(Conversation.id == conversation_id)
    person_id, key_id = c.execute(columns).one()
    linked: dict[str, Any] = {"expires_at": None}
    if person_id is None:
        person_id = house.new_id()
        c.execute(insert(Person), {"id": person_id, "key_id": key_id, "created_at": house.clock()})
        linked["person_id"] = person_id
    c.execute(update(Conversation).where(Conversation.id == conversation_id).values(linked))
    return int(person_id)
