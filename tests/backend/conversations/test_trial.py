"""A trial of the service reaches no stranger."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.staff import Role, add_staff
from backend.store.talk import OutboundMessage
from backend.testing import HER_NUMBER, Bench, make_bench
from bot import Flows

STRANGER = "+447700900999"


@pytest.fixture
def trial(url: str, tmp_path: Path, flows: Flows) -> Bench:
    return make_bench(tmp_path, url, flows=flows, trial_addresses=f" {HER_NUMBER}, Sam@Example.org")


def test_only_those_who_were_named_are_sent_anything(trial: Bench) -> None:
    async def scenario() -> None:
        add = (
            ("Sam", "sam@example.org", "quiet harbour", Role.COMMUNITY_IDVA),
            ("Jo", "jo@x.uk", "another harbour", Role.CYP_WORKER),
        )
        for person in add:
            await trial.house.store.write(lambda c, p=person: add_staff(c, trial.house, *p))
        assert await trial.text("hello")
        assert await trial.text("he has a knife", STRANGER) == []
        assert {message.address for message in trial.sms.sent} == {HER_NUMBER}
        assert {message.address for message in trial.email.sent} == {"sam@example.org"}
        dropped = await trial.rows(select(OutboundMessage.reason).where(OutboundMessage.state == "dropped"))
        assert {row.reason for row in dropped} == {"trial"}

    asyncio.run(scenario())
