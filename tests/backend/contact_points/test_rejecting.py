"""What is rejected is gone, and a change is found only where it was asked for."""

import pytest
from sqlalchemy import select

from backend.contact_points import confirming
from backend.contact_points.confirming import By, NotWaitingError
from backend.store.contact_points import PendingChange
from backend.testing import Bench
from tests.backend.contact_points.lives import SECOND, a_practitioner, agreed, ask, at, run


def test_what_is_rejected_is_not_kept(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await ask(house, "naming", True)
        (row,) = await house.rows(select(PendingChange.id))
        sam = await a_practitioner(house)
        await at(house, lambda c, found: confirming.reject(c, house.house, found, row.id, By("not_reached", sam)))
        (kept,) = await house.rows(select(PendingChange.state, PendingChange.value, PendingChange.ended_by))
        assert tuple(kept) == ("rejected", None, sam)

    run(scenario)


def test_a_change_is_found_only_in_the_conversation_that_asked(house: Bench) -> None:
    async def scenario() -> None:
        await agreed(house)
        await agreed(house, SECOND)
        await ask(house, "naming", True)
        (row,) = await house.rows(select(PendingChange.id))
        with pytest.raises(NotWaitingError):
            await at(house, lambda c, found: confirming.confirm(c, house.house, found, row.id, By("x")), SECOND)

    run(scenario)
