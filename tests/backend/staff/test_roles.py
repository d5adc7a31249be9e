"""The least that each role's work needs (domain 1.7, R39)."""

import pytest

from backend.staff import Right, Role, may
from backend.staff.roles import roles_that_may

PRACTITIONERS = {Role.COMMUNITY_IDVA, Role.COMPLEX_NEEDS_IDVA, Role.SENIOR_PRACTITIONER, Role.CYP_WORKER}


@pytest.mark.requirement("R39")
def test_only_practitioners_read_what_people_wrote() -> None:
    assert roles_that_may(Right.READ) == roles_that_may(Right.ACT) == PRACTITIONERS


@pytest.mark.requirement("R39")
def test_business_support_books_and_does_nothing_else() -> None:
    assert {right for right in Right if may(Role.BUSINESS_SUPPORT, right)} == {Right.QUEUE, Right.BOOK}
    assert roles_that_may(Right.BOOK) == PRACTITIONERS | {Role.BUSINESS_SUPPORT}


@pytest.mark.requirement("R34")
def test_engage_sees_nothing_of_the_front_door() -> None:
    assert not any(may(Role.ENGAGE_WORKER, right) for right in Right)


def test_whoever_may_silence_an_alert_can_do_something_about_it() -> None:
    assert roles_that_may(Right.ACKNOWLEDGE) == PRACTITIONERS | {Role.DELIVERY_LEAD}
    assert roles_that_may(Right.QUEUE) == PRACTITIONERS | {Role.DELIVERY_LEAD, Role.BUSINESS_SUPPORT}
