"""What a practitioner may do with a contact point and with what waits for a check; each press is one transaction with
its audit row (R6, R10, R14, R39).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from backend.access import Visit
from backend.contact_points import acts, risks
from backend.contact_points.acts import HOW, Found
from backend.contact_points.confirming import By, confirm, reject
from backend.conversations.talk import Talk, load_talk
from backend.desk.changes import WHY, WHY_NOT
from backend.house import House
from backend.staff import Did, record
from safety.risk import Risk
from safety.types import Point, PointState

LONGEST_NOTE = 500
"""Characters."""


class IncompleteError(Exception):
    """The form does not say how it is known, or, for what loosens, what was found out."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done. `loosens`: it has a page of its own, and needs a check and a note."""

    title: str
    explains: str
    does: Callable[[Connection, House, Talk, Found], None]
    audit: Did
    possible: Callable[[Point, bool], bool]
    """Whether it makes sense for a contact point as it is; the second says whether anything was ever agreed there."""
    loosens: bool = False

    @property
    def known_by(self) -> Mapping[str, str]:
        """What the practitioner chooses from."""
        return HOW if self.loosens else WHY


ACTS: Mapping[str, Act] = {
    "somebody": Act(
        "Somebody else answered",
        "It becomes unsafe, and nothing more goes there.",
        acts.somebody_answered,
        Did.FAILED_CHECK,
        lambda point, agreed: True,
    ),
    "not-them": Act(
        "Could not confirm it is them",
        "Nothing is started there until somebody has made sure.",
        acts.not_confirmed,
        Did.FAILED_CHECK,
        lambda point, agreed: True,
    ),
    "risk": Act(
        "The risk has risen",
        "What they agreed before no longer holds. Nothing is started until you have asked them again.",
        acts.risk_risen,
        Did.RISK_RISEN,
        lambda point, agreed: True,
    ),
    "unsafe": Act(
        "Mark it unsafe",
        "Nothing more goes there. What waits is taken back.",
        acts.mark_unsafe,
        Did.MARKED_UNSAFE,
        lambda point, agreed: point.state is not PointState.UNSAFE,
    ),
    "renew": Act(
        "They confirmed what was agreed",
        "The same answers hold as long as new ones. What has changed is not changed by this.",
        acts.renew,
        Did.RENEWED_CONTACT,
        lambda point, agreed: agreed and point.state is not PointState.UNSAFE,
        loosens=True,
    ),
    "safe": Act(
        "Mark it safe again",
        "What was agreed holds again. Do this only when you know that nobody else reads there.",
        acts.mark_safe,
        Did.MARKED_SAFE,
        lambda point, agreed: point.state is PointState.UNSAFE,
        loosens=True,
    ),
    "unpause": Act(
        "Lift the pause",
        "They sent the word that asks for help quietly. Lift this only when you have spoken with them alone.",
        acts.lift_pause,
        Did.LIFTED_PAUSE,
        lambda point, agreed: point.paused,
        loosens=True,
    ),
}
"""In the order of the page: what tightens first."""


def carry_out(c: Connection, house: House, visit: Visit, conversation_id: int, name: str) -> None:
    """Do one thing with a contact point. Raises IncompleteError, NotPossibleError."""
    act = ACTS[name]
    found = Found(visit.actor.staff_id, visit.form.get("how", ""), visit.form.get("note", "").strip()[:LONGEST_NOTE])
    if found.how not in act.known_by or (act.loosens and not found.note):
        raise IncompleteError
    talk = load_talk(c, house, conversation_id)
    act.does(c, house, talk, found)
    record(c, house, visit.actor.staff_id, act.audit, "contact_point", talk.point_id)


def accept_change(c: Connection, house: House, visit: Visit, conversation_id: int, change_id: int) -> None:
    """Let a change count, by a practitioner who says how they made sure. Raises IncompleteError, NotWaitingError,
    NotSafeNowError, NumberInUseError."""
    how = visit.form.get("how", "")
    if how not in HOW:
        raise IncompleteError
    talk = load_talk(c, house, conversation_id)
    confirm(c, house, talk, change_id, By(how, visit.actor.staff_id))
    record(c, house, visit.actor.staff_id, Did.ACCEPTED_CHANGE, "change", change_id)


def reject_change(c: Connection, house: House, visit: Visit, conversation_id: int, change_id: int) -> None:
    """Let a change fall. Where it was not theirs, somebody else writes there: unsafe. Raises NotWaitingError."""
    why = visit.form.get("why", "")
    why = why if why in WHY_NOT else next(iter(WHY_NOT))
    talk = load_talk(c, house, conversation_id)
    reject(c, house, talk, change_id, By(why, visit.actor.staff_id))
    if why == "not_theirs":
        risks.note_risk(c, house, talk, Risk.SOMEBODY_ANSWERED, how=why, staff_id=visit.actor.staff_id)
        talk.save(c)
    record(c, house, visit.actor.staff_id, Did.REJECTED_CHANGE, "change", change_id)
