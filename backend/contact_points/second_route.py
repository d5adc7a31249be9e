"""The person's own second route: in a talk in which their word was given, they confirm what they asked for elsewhere.

Nothing of what it is about is said, on either route: only that something waits, and was it them (R12, R14).
"""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from backend.alerts.service import raise_alert
from backend.contact_points.confirming import (
    By,
    NotSafeNowError,
    NotWaitingError,
    NumberInUseError,
    WordInUseError,
    confirm,
    reject,
)
from backend.contact_points.pending import still_waits
from backend.contact_points.risks import note_risk
from backend.conversations.talk import Talk, load_talk_if_free, look_at_talk
from backend.house import House
from backend.store.contact_points import PendingChange
from backend.store.talk import Conversation
from safety.risk import Risk
from safety.types import PointState

HOW = "second_route"


def waits_for(c: Connection, house: House, talk: Talk) -> bool:
    """Whether something waits that may be confirmed in this talk as it stands."""
    return bool(_waiting_for(c, house, talk))


def confirm_here(c: Connection, house: House, talk: Talk) -> None:
    """It was them: what they asked for on other contact points counts.

    What cannot be confirmed now, such as where the contact point is unsafe, goes on waiting for a practitioner.
    """
    for change_id, asked_in in _open(c, house, talk):
        try:
            confirm(c, house, asked_in, change_id, By(HOW, conversation_id=talk.id))
        except (NotSafeNowError, NotWaitingError, NumberInUseError, WordInUseError):
            raise_alert(c, house, asked_in.id, "wants_looser_contact", "soon")


def reject_here(c: Connection, house: House, talk: Talk) -> None:
    """It was not them: somebody else writes there, so that contact point is unsafe at once (R6), and a practitioner is
    told."""
    for change_id, asked_in in _open(c, house, talk):
        try:
            reject(c, house, asked_in, change_id, By(HOW, conversation_id=talk.id))
        except NotWaitingError:
            continue  # an earlier one of the same contact point has made all of them void
        note_risk(c, house, asked_in, Risk.SOMEBODY_ANSWERED, how=HOW)
        asked_in.save(c)
        raise_alert(c, house, asked_in.id, "changes_not_theirs", "urgent")


def _open(c: Connection, house: House, talk: Talk) -> Iterator[tuple[int, Talk]]:
    """What waits, each with the conversation that asked; one that is busy at this moment is left for another time."""
    for change_id, conversation_id in _waiting_for(c, house, talk):
        asked_in = load_talk_if_free(c, house, conversation_id)
        if asked_in is not None:
            yield change_id, asked_in


def _waiting_for(c: Connection, house: House, talk: Talk) -> list[tuple[int, int]]:
    """Changes and their conversations: of the same person, asked for on another contact point, never on this one.

    The same number in another app is the same phone, so it is no other route. Only where the agreed word, or the return
    code, was given in this session, and where nobody else is known to read.
    """
    point = talk.point()
    if talk["verified_at"] is None or talk["person_id"] is None:
        return []
    if point.state is PointState.UNSAFE or point.paused or point.opted_out:
        return []
    rows = c.execute(
        select(PendingChange.id, PendingChange.conversation_id)
        .join(Conversation, Conversation.id == PendingChange.conversation_id)
        .where(Conversation.person_id == talk["person_id"], Conversation.contact_point_id != talk.point_id)
        .where(*still_waits(house.clock()))
        .order_by(PendingChange.id)
    )
    found = [(row.id, row.conversation_id) for row in rows]
    whose = {asked_in: look_at_talk(c, house, asked_in).address() for _, asked_in in found}
    return [(change_id, asked_in) for change_id, asked_in in found if whose[asked_in] != talk.address()]
