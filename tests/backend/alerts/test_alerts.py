"""Alerts: content-free, to those who may answer, and again until somebody acknowledges (R32)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from backend.alerts.service import acknowledge, open_alerts, raise_alert
from backend.staff import Role, add_staff
from backend.store.talk import Conversation
from backend.testing import Bench
from channels.contract import SendError
from safety.staff_texts import STAFF_TEXTS

TEXTS = {(text.subject, text.text) for text in STAFF_TEXTS.values()}


@pytest.fixture
def idva(bench: Bench) -> int:
    """A practitioner, and somebody in business support who may not answer."""
    with bench.house.store.engine.begin() as c:
        add_staff(c, bench.house, "Bo", "bo@example.org", "a quiet harbour", Role.BUSINESS_SUPPORT)
        return add_staff(c, bench.house, "Ash", "ash@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)


def told(bench: Bench) -> list[str]:
    """Who was mailed."""
    return [message.address for message in bench.email.sent]


@pytest.mark.requirement("R32")
def test_an_alert_repeats_until_it_is_acknowledged(bench: Bench, idva: int) -> None:
    async def scenario() -> None:
        await bench.text("he has a knife")
        assert told(bench) == ["ash@example.org"]
        for _ in range(3):
            bench.clock.advance(minutes=2)
            await bench.work()
        assert told(bench) == ["ash@example.org"] * 4
        [alert] = await bench.house.store.read(open_alerts)
        await bench.house.store.write(lambda c: acknowledge(c, bench.house, alert.id, idva))
        bench.clock.advance(hours=3)
        await bench.work()
        assert len(told(bench)) == 4
        assert await bench.house.store.read(open_alerts) == []

    asyncio.run(scenario())


@pytest.mark.requirement("R29")
def test_an_urgent_alert_goes_out_in_the_turn_that_raised_it(bench: Bench, idva: int) -> None:
    async def scenario() -> None:
        began = bench.clock()
        await bench.text("he has a knife")
        assert len(bench.email.sent) == 1
        assert bench.clock() == began

    asyncio.run(scenario())


@pytest.mark.requirement("R1")
def test_an_alert_is_one_of_the_fixed_texts(bench: Bench, idva: int) -> None:
    async def scenario() -> None:
        await bench.text("he has a knife")
        await bench.text("0", "+447700900124")
        bench.clock.advance(minutes=30)
        await bench.work()
        assert {(message.subject, message.text) for message in bench.email.sent} <= TEXTS

    asyncio.run(scenario())


def test_a_second_cry_does_not_ring_a_second_bell(bench: Bench, idva: int) -> None:
    async def scenario() -> None:
        await bench.text("he has a knife")
        await bench.text("knife")
        assert len(await bench.house.store.read(open_alerts)) == 1

    asyncio.run(scenario())


def test_a_new_message_in_an_owned_talk_wakes_its_owner(bench: Bench, idva: int) -> None:
    async def scenario() -> None:
        await bench.text("hello")
        await bench.house.store.write(lambda c: c.execute(_owned_by(idva)))
        assert await bench.text("are you there") == []
        assert told(bench) == ["ash@example.org"]

    asyncio.run(scenario())


def _owned_by(staff_id: int) -> Any:
    return Conversation.__table__.update().values(owner_id=staff_id)


def test_gravest_and_oldest_first(bench: Bench, idva: int) -> None:
    async def scenario() -> None:
        await bench.text("0", "+447700900124")
        bench.clock.advance(minutes=1)
        await bench.text("he has a knife")
        assert [alert.urgency for alert in await bench.house.store.read(open_alerts)] == ["urgent", "soon"]

    asyncio.run(scenario())


@pytest.mark.requirement("R32")
def test_a_mail_server_that_takes_a_mail_and_says_nothing_is_not_flooded(bench: Bench, idva: int) -> None:
    async def scenario() -> None:
        bench.email.faults = [SendError("smtp-dropped", retryable=True, unknown=True)] * 1000
        await bench.text("he has a knife")
        assert len(bench.email.faults) == 999
        for _ in range(12):
            bench.clock.advance(seconds=10)
            await bench.work()
        assert len(bench.email.faults) >= 1000 - 2 * (1 + bench.house.settings.send_retries)

    asyncio.run(scenario())


@pytest.mark.requirement("R32")
def test_an_alert_comes_back_when_the_mail_server_does(bench: Bench, idva: int) -> None:
    async def scenario() -> None:
        bench.email.faults = [SendError("smtp-dropped", retryable=True)] * 1000
        await bench.text("he has a knife")
        for _ in range(60):
            bench.clock.advance(minutes=1)
            await bench.work()
        assert told(bench) == []
        bench.email.faults = []
        bench.clock.advance(minutes=2)
        await bench.work()
        assert "ash@example.org" in told(bench)

    asyncio.run(scenario())


@pytest.mark.requirement("R13")
def test_duress_is_told_beside_another_urgent_alert(bench: Bench, idva: int) -> None:
    async def scenario() -> None:
        await bench.text("he has a knife")
        [alert] = await bench.house.store.read(open_alerts)
        await bench.house.store.write(lambda c: raise_alert(c, bench.house, alert.conversation_id, "duress", "urgent"))
        assert {alert.reason for alert in await bench.house.store.read(open_alerts)} == {"danger", "duress"}

    asyncio.run(scenario())


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("reason", ["danger", "unlike_them.questions.style"])
def test_what_needs_an_act_of_its_own_is_not_hidden_by_another_urgent_alert(
    bench: Bench, idva: int, reason: str
) -> None:
    """Danger is told at once, whatever is open; and only the alert of doubt ends doubt, so it has to be there."""

    async def scenario() -> None:
        await bench.text("hello")
        talk = (await bench.rows(select(Conversation.id)))[0][0]
        for raised in ("referral", reason, reason):
            urgency = "soon" if reason.startswith("unlike") and raised == reason else "urgent"
            await bench.house.store.write(lambda c, r=raised, u=urgency: raise_alert(c, bench.house, talk, r, u))
        await bench.work()
        found = [alert.reason for alert in await bench.house.store.read(open_alerts) if alert.reason != "new_message"]
        assert sorted(found) == sorted(["referral", reason])
        assert len(told(bench)) == 2

    asyncio.run(scenario())
