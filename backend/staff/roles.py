"""Roles of the service (domain 1.7) and what each may do at the desk: the least that its work needs (R39)."""

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    """One thing that an account may do at the desk."""

    QUEUE = "queue"
    """See that something waits, how urgent it is and since when; no name, no word that anybody wrote."""
    ACKNOWLEDGE = "acknowledge"
    """Stop an alert from repeating: "I have seen it" (R32)."""
    READ = "read"
    """Open referrals and conversations."""
    BOOK = "book"
    """Book, move and cancel appointments, and see the texts beforehand: when, where and how somebody may be reached; no
    name, no talk, nothing else of the case (D2)."""
    ACT = "act"
    """Write, take over, hand back, accept a referral into a case."""


class Role(StrEnum):
    """What somebody is employed as."""

    COMMUNITY_IDVA = "community_idva"
    COMPLEX_NEEDS_IDVA = "complex_needs_idva"
    SENIOR_PRACTITIONER = "senior_practitioner"
    CYP_WORKER = "cyp_worker"
    ENGAGE_WORKER = "engage_worker"
    DELIVERY_LEAD = "delivery_lead"
    BUSINESS_SUPPORT = "business_support"


_PRACTITIONER = frozenset(Right)
_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.COMMUNITY_IDVA: _PRACTITIONER,
    Role.COMPLEX_NEEDS_IDVA: _PRACTITIONER,
    Role.SENIOR_PRACTITIONER: _PRACTITIONER,
    Role.CYP_WORKER: _PRACTITIONER,
    # Engage works with people who harm as well. Until linked family members are walled from each other (R34), its
    # workers see nothing that comes in by the front door.
    Role.ENGAGE_WORKER: frozenset(),
    # Oversight without message text (domain 1.7); alerts climb to the lead (R32).
    Role.DELIVERY_LEAD: frozenset({Right.QUEUE, Right.ACKNOWLEDGE}),
    # Books, and sees the texts beforehand (D2). Not even to acknowledge: that silences an alert, and whoever silences
    # it must be able to do something about it.
    Role.BUSINESS_SUPPORT: frozenset({Right.QUEUE, Right.BOOK}),
}


def may(role: Role, right: Right) -> bool:
    """Whether an account of this role may do that."""
    return right in _RIGHTS[role]


def roles_that_may(right: Right) -> frozenset[Role]:
    """The roles that may do that; for alerts: whom to wake."""
    return frozenset(role for role in Role if may(role, right))
