"""What ends safe-contact answers before their time, and what may still be done with the contact point then (R10).

`RISKS` is the whole rule, one line for each thing that can happen. Every line only ever tightens.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from safety.profile import after_risk
from safety.types import Point, PointState


class Risk(StrEnum):
    """Something that happened to a contact point, or to the person behind it."""

    BLOCKED = "blocked"
    """The phone company, or whoever holds the phone, blocks us."""
    NO_SUCH_HANDSET = "no_such_handset"
    LANDLINE_OR_OFF = "landline_or_off"
    NEW_NUMBER = "new_number"
    """They gave another number: nobody can say who has this one."""
    SOMEBODY_ANSWERED = "somebody_answered"
    NOT_CONFIRMED = "not_confirmed"
    """A practitioner could not make sure that it was them."""
    MISSED_APPOINTMENT = "missed_appointment"
    RISK_RISEN = "risk_risen"


class Left(StrEnum):
    """What is left of a contact point."""

    ASK_AGAIN = "ask_again"
    """The answers are stale: one bland question may go."""
    WORKER_ONLY = "worker_only"
    """Nothing is started until a worker has looked."""
    UNSAFE = "unsafe"
    """Somebody else reads there (R6)."""


RISKS: Mapping[Risk, Left] = {
    Risk.BLOCKED: Left.WORKER_ONLY,
    Risk.NO_SUCH_HANDSET: Left.WORKER_ONLY,
    Risk.LANDLINE_OR_OFF: Left.WORKER_ONLY,
    Risk.NEW_NUMBER: Left.WORKER_ONLY,
    Risk.SOMEBODY_ANSWERED: Left.UNSAFE,
    Risk.NOT_CONFIRMED: Left.WORKER_ONLY,
    Risk.MISSED_APPOINTMENT: Left.ASK_AGAIN,
    Risk.RISK_RISEN: Left.WORKER_ONLY,
}

PROVIDER_CODES: Mapping[str, Risk] = {
    "30004": Risk.BLOCKED,
    "30005": Risk.NO_SUCH_HANDSET,
    "30006": Risk.LANDLINE_OR_OFF,
}
"""Twilio's codes for a message that did not arrive because of the phone and not because of us."""


def needs_worker(risk: Risk) -> bool:
    """Whether nothing but a practitioner's check makes the answers hold again."""
    return RISKS[risk] is not Left.ASK_AGAIN


def after(point: Point, risk: Risk) -> Point:
    """The contact point once this has happened. Nothing is ever loosened by it: what was unsafe stays so."""
    match RISKS[risk]:
        case Left.UNSAFE:
            return replace(point, state=PointState.UNSAFE)
        case Left.WORKER_ONLY:
            return after_risk(point)
        case Left.ASK_AGAIN:
            return replace(point, state=PointState.STALE) if point.state is PointState.SAFE else point
