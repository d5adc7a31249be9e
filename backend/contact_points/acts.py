"""What a practitioner finds out about a contact point and writes down: the only way anything there is made safe again.

Each takes the locked talk and saves it; `how` is from HOW, for what loosens says how it was made sure of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from backend.contact_points import checks, risks
from backend.contact_points.agreeing import agree
from backend.conversations.talk import Talk
from backend.house import House
from safety.risk import Risk
from safety.types import PointState

HOW: Mapping[str, str] = {
    "spoken": "I spoke with them on the number they agreed",
    "in_person": "I saw them in person",
    "other_route": "By another way that they had agreed",
}
"""How somebody has made sure that it is them; a text from the contact point itself is not on the list (R14)."""


class NotPossibleError(Exception):
    """This cannot be done with the contact point as it is now."""


@dataclass(frozen=True, slots=True)
class Found:
    """Who did it, how they know, and what they wrote about it."""

    staff_id: int
    how: str
    note: str = field(default="", repr=False)


def mark_unsafe(c: Connection, house: House, talk: Talk, found: Found) -> None:
    """Nothing is started there any more (R2)."""
    risks.mark_unsafe(c, house, talk, how=found.how, staff_id=found.staff_id, note=found.note)
    talk.save(c)


def somebody_answered(c: Connection, house: House, talk: Talk, found: Found) -> None:
    """Somebody else was there: unsafe, the queue is empty, and what waits from there is void (R6)."""
    _risk(c, house, talk, Risk.SOMEBODY_ANSWERED, found)


def not_confirmed(c: Connection, house: House, talk: Talk, found: Found) -> None:
    """It could not be made sure that it was them (R6, R10)."""
    _risk(c, house, talk, Risk.NOT_CONFIRMED, found)


def risk_risen(c: Connection, house: House, talk: Talk, found: Found) -> None:
    """The danger is real, or greater than it was: nobody relies on old answers (R10)."""
    _risk(c, house, talk, Risk.RISK_RISEN, found)


def mark_safe(c: Connection, house: House, talk: Talk, found: Found) -> None:
    """A practitioner has made sure; what was agreed holds again, and where nothing was, nothing does."""
    if talk.point().state is not PointState.UNSAFE:
        raise NotPossibleError
    if talk.row["point_contact"] is None:
        talk.set_point_state(PointState.UNKNOWN)
    else:
        agree(c, house, talk, talk.contact())
    _write(c, house, talk, checks.MARKED_SAFE, found)


def lift_pause(c: Connection, house: House, talk: Talk, found: Found) -> None:
    """What was paused by the word for help may go again here; the mark unsafe stays until it is taken off by itself."""
    point = talk.point()
    if not point.paused:
        raise NotPossibleError
    talk.points["paused_at"] = None
    talk.set_point_state(point.state)
    _write(c, house, talk, checks.PAUSE_LIFTED, found)


def renew(c: Connection, house: House, talk: Talk, found: Found) -> None:
    """A practitioner has asked again: the same answers hold as long as new ones (R10)."""
    if talk.point().state is PointState.UNSAFE or talk.row["point_contact"] is None:
        raise NotPossibleError
    agree(c, house, talk, talk.contact())
    _write(c, house, talk, checks.RENEWED, found)


def _risk(c: Connection, house: House, talk: Talk, risk: Risk, found: Found) -> None:
    risks.note_risk(c, house, talk, risk, how=found.how, staff_id=found.staff_id, note=found.note)
    talk.save(c)


def _write(c: Connection, house: House, talk: Talk, what: str, found: Found) -> None:
    checks.write(c, house, talk, what, how=found.how, staff_id=found.staff_id, note=found.note)
    talk.save(c)
