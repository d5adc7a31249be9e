"""The desk says plainly what does not work, and what to do meanwhile (R32)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.alerts.service import open_alerts
from backend.desk.outages import read_outages
from backend.staff import Role
from backend.store.talk import OutboundMessage
from channels.contract import SendError
from tests.backend.desk.browser import Desk

DOWN = SendError("down", retryable=True, elsewhere=True)
BANNER = "Texts are not going out since"


def work(at_desk: Desk, *, minutes: float) -> None:
    """Time passes, and the worker does what is due."""
    at_desk.bench.clock.advance(minutes=minutes)
    asyncio.run(at_desk.bench.work())


@pytest.mark.requirement("R32")
def test_a_dead_channel_shows_within_two_minutes_and_goes_when_it_works_again(at_desk: Desk) -> None:
    at_desk.log_in()
    assert "not going out" not in at_desk.get("/desk")
    at_desk.bench.sms.faults = [DOWN] * 99
    at_desk.text("hello")
    work(at_desk, minutes=2)
    page = at_desk.get("/desk")
    assert f"{BANNER} 10:00. Ring people where you may." in page
    assert page.index(BANNER) < page.index("What needs somebody now")
    work(at_desk, minutes=60)
    at_desk.log_in()
    assert f"{BANNER} 10:00." in at_desk.get("/desk")
    at_desk.bench.sms.faults = []
    at_desk.text("are you there")
    assert "not going out" not in at_desk.get("/desk")


@pytest.mark.requirement("R32")
def test_a_worker_that_stopped_shows_within_two_minutes(at_desk: Desk) -> None:
    at_desk.log_in()
    talk = at_desk.text("hello")
    at_desk.bench.clock.advance(hours=1)
    at_desk.log_in()
    at_desk.alert(talk)
    at_desk.bench.clock.advance(minutes=1)
    assert "going out" not in at_desk.get("/desk")
    at_desk.bench.clock.advance(minutes=1)
    page = at_desk.get("/desk")
    assert "Nothing is going out since 11:00, alerts included." in page
    assert "not going out" not in page, "one trouble is told once"
    work(at_desk, minutes=0)
    assert "going out" not in at_desk.get("/desk")


@pytest.mark.requirement("R32")
def test_whoever_may_only_see_that_something_waits_sees_it_too(at_desk: Desk) -> None:
    at_desk.log_in(Role.DELIVERY_LEAD)
    at_desk.bench.email.faults = [DOWN] * 99
    at_desk.alert(at_desk.text("hello"))
    asyncio.run(at_desk.bench.work())
    work(at_desk, minutes=2)
    assert "E-mails are not going out since 10:00. Nobody is woken by mail, so keep the desk open." in at_desk.get(
        "/desk"
    )


@pytest.mark.requirement("R32")
def test_without_a_mail_server_alerts_stand_at_the_desk_and_nothing_piles_up(at_desk: Desk) -> None:
    at_desk.log_in()
    talk = at_desk.text("hello")
    house = at_desk.bench.house
    senders = {name: sender for name, sender in house.senders.items() if name != "email"}
    at_desk.bench.house = replace(house, senders=senders)
    at_desk.alert(talk)
    for _ in range(5):
        work(at_desk, minutes=2)
    with house.store.engine.begin() as c:
        assert c.execute(select(OutboundMessage.id).where(OutboundMessage.channel == "email")).all() == []
        (alert,) = open_alerts(c)
        told = [outage.words for outage in read_outages(c, at_desk.bench.house, str)]
    assert told == ["No mail server is set up. Nobody is woken by mail, so keep the desk open."]
    assert alert.repeats == 0
    assert alert.raised_at == at_desk.bench.clock() - timedelta(minutes=10)
