"""What a tired practitioner finds first."""

import re

import pytest
from sqlalchemy import select, update

from backend.staff import Role
from backend.store.talk import Conversation
from backend.store.work import Alert
from tests.backend.desk.browser import Desk


def test_an_empty_desk_says_so(at_desk: Desk) -> None:
    at_desk.log_in()
    page = at_desk.get("/desk")
    assert "Nothing needs anybody right now." in page
    assert "<title>Desk</title>" in page


def test_the_gravest_comes_first_then_the_oldest(at_desk: Desk) -> None:
    talk = at_desk.text("hello")
    at_desk.alert(talk, "unclear", "routine")
    at_desk.bench.clock.advance(minutes=5)
    at_desk.alert(talk, "asked", "soon")
    at_desk.bench.clock.advance(minutes=5)
    at_desk.alert(talk, "danger", "urgent")
    at_desk.log_in()
    page = at_desk.get("/desk")
    assert re.findall(r'class="tag (\w+)"', page)[:3] == ["urgent", "soon", "routine"]
    assert "<title>(" in page
    assert page.count('<button class="main">') == 1


@pytest.mark.requirement("R32")
def test_one_press_takes_an_alert_and_leads_to_it(at_desk: Desk) -> None:
    talk = at_desk.text("hello")
    alert = at_desk.alert(talk)
    at_desk.log_in()
    answer = at_desk.press(at_desk.get("/desk"), "/acknowledge")
    assert answer.url.path == f"/desk/conversations/{talk}"
    with at_desk.bench.house.store.engine.begin() as c:
        row = c.execute(select(Alert.acknowledged_at, Alert.acknowledged_by).where(Alert.id == alert)).one()
    assert row.acknowledged_by == at_desk.staff[Role.COMMUNITY_IDVA]
    assert row.acknowledged_at == at_desk.bench.clock()
    assert at_desk.audit()[-2:] == ["acknowledged", "opened"]


def test_an_alert_about_a_referral_leads_to_the_referral(at_desk: Desk) -> None:
    talk = at_desk.text("hello")
    referral = at_desk.refer(talk)
    at_desk.alert(talk, "referral", "soon")
    at_desk.log_in()
    assert at_desk.press(at_desk.get("/desk"), "/acknowledge").url.path == f"/desk/referrals/{referral}"


def test_lists_hold_referrals_people_who_wait_and_what_is_mine(at_desk: Desk) -> None:
    at_desk.log_in(Role.CYP_WORKER)
    at_desk.log_in()
    talk = at_desk.text("hello")
    at_desk.refer(talk, safe_now="not_safe")
    page = at_desk.get("/desk")
    assert "Referrals that wait (1)" in page
    assert "Ash" in page
    assert "Not safe now" in page
    at_desk.press(at_desk.get(f"/desk/conversations/{talk}"), "/take")
    at_desk.text("are you there")
    mine = at_desk.get("/desk").split('id="mine"')[1]
    assert "Ash" in mine
    assert "Not answered" in mine
    with at_desk.bench.house.store.engine.begin() as c:
        c.execute(update(Conversation).values(owner_id=at_desk.staff[Role.CYP_WORKER]))
    assert "A cyp_worker" in at_desk.get("/desk").split('id="colleagues"')[1]


def test_somebody_who_waits_is_found_by_what_they_are_called(at_desk: Desk) -> None:
    talk = at_desk.text("hello")
    with at_desk.bench.house.store.engine.begin() as c:
        c.execute(update(Conversation).values(waiting_since=at_desk.bench.clock()))
    at_desk.log_in()
    waiting = at_desk.get("/desk").split('id="waiting"')[1]
    assert "07700 900123" in waiting
    assert f"/desk/conversations/{talk}" in waiting
