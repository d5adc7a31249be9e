"""A referral: the safe-contact profile first, a suggestion that decides nothing, and a practitioner who accepts."""

import pytest
from sqlalchemy import select

from backend.alerts.service import open_alerts
from backend.cases.service import AlreadyAcceptedError, NotForYouError, accept
from backend.staff import Role
from backend.store.talk import Conversation, DataKey
from backend.store.work import Case, Person, Referral
from tests.backend.desk.browser import Desk


@pytest.fixture
def referral(at_desk: Desk) -> int:
    """Somebody has referred themself, and a practitioner is at the desk."""
    talk = at_desk.text("hello")
    at_desk.agree(talk)
    at_desk.log_in()
    return at_desk.refer(talk)


def test_safe_contact_comes_first_then_danger_then_the_answers(at_desk: Desk, referral: int) -> None:
    page = at_desk.get(f"/desk/referrals/{referral}")
    order = [
        "Before you write",
        "May we write first?",
        "In danger now?",
        "What they told us",
        "The conversation",
        "Pathway",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Monday to Friday, 18:00 to 21:00." in page
    assert "Hello. This can wait. No need to reply." in page
    assert "not sure that they are safe" in page


def test_what_they_wrote_is_text_and_nothing_is_left_out(at_desk: Desk, referral: int) -> None:
    page = at_desk.get(f"/desk/referrals/{referral}")
    assert "he checks &lt;b&gt;my&lt;/b&gt; phone" in page
    assert "Made up slot" in page


def test_the_title_and_the_address_say_nothing(at_desk: Desk, referral: int) -> None:
    assert "<title>Desk</title>" in at_desk.get(f"/desk/referrals/{referral}")


@pytest.mark.requirement("R31")
def test_the_suggestion_is_not_ticked_and_nothing_is_accepted_without_a_choice(at_desk: Desk, referral: int) -> None:
    page = at_desk.get(f"/desk/referrals/{referral}")
    assert "Suggested: Community Idva" in page
    assert "A suggestion only; you decide." in page
    assert "checked" not in page
    answer = at_desk.press(page, "/accept")
    assert answer.status_code == 409
    assert "Choose a pathway first." in answer.text
    with at_desk.bench.house.store.engine.begin() as c:
        assert not c.execute(select(Case.id)).all()


def test_accepting_makes_a_person_and_a_case_and_ends_the_expiry(at_desk: Desk, referral: int) -> None:
    page = at_desk.get(f"/desk/referrals/{referral}")
    answer = at_desk.press(page, "/accept", pathway="complex_needs")
    assert "Community Idva, complex needs" in answer.text
    assert at_desk.audit()[-2:] == ["accepted", "opened"] or "accepted" in at_desk.audit()
    with at_desk.bench.house.store.engine.begin() as c:
        case = c.execute(select(Case.__table__)).one()
        talk = c.execute(select(Conversation.__table__)).one()
        person = c.execute(select(Person.__table__)).one()
        assert c.execute(select(Referral.state)).scalar_one() == "accepted"
        assert c.execute(select(DataKey.id).where(DataKey.id == person.key_id)).scalar_one() == talk.key_id
    assert (case.worker_id, case.pathway) == (at_desk.staff[Role.COMMUNITY_IDVA], "complex_needs")
    assert (talk.person_id, talk.expires_at) == (person.id, None)
    assert "Ash" in at_desk.get("/desk").split("Cases")[1]


def test_accepting_stops_the_alert_about_it_and_no_other(at_desk: Desk, referral: int) -> None:
    with at_desk.bench.house.store.engine.begin() as c:
        talk = c.execute(select(Conversation.id)).scalar_one()
    at_desk.alert(talk, "referral", "soon")
    at_desk.alert(talk, "wants_deletion", "soon")
    at_desk.press(at_desk.get(f"/desk/referrals/{referral}"), "/accept", pathway="cyp")
    with at_desk.bench.house.store.engine.begin() as c:
        assert [alert.reason for alert in open_alerts(c)] == ["wants_deletion"]


def test_of_two_who_accept_one_is_told_who_was_quicker(at_desk: Desk, referral: int) -> None:
    page = at_desk.get(f"/desk/referrals/{referral}")
    at_desk.press(page, "/accept", pathway="cyp")
    answer = at_desk.press(page, "/accept", pathway="engage")
    assert answer.status_code == 409
    assert "A community_idva" in answer.text
    with at_desk.bench.house.store.engine.begin() as c, pytest.raises(AlreadyAcceptedError):
        accept(c, at_desk.bench.house, referral, at_desk.staff[Role.COMMUNITY_IDVA], "cyp")


@pytest.mark.requirement("R31")
def test_no_machine_and_no_other_role_can_accept(at_desk: Desk, referral: int) -> None:
    at_desk.log_in(Role.DELIVERY_LEAD)
    for staff_id in (0, at_desk.staff[Role.DELIVERY_LEAD]):
        with pytest.raises(NotForYouError), at_desk.bench.house.store.engine.begin() as c:
            accept(c, at_desk.bench.house, referral, staff_id, "cyp")
    answer = at_desk.client.post(f"/desk/referrals/{referral}/accept", data={"pathway": "cyp"})
    assert answer.status_code == 403


def test_a_second_referral_of_the_same_talk_is_the_same_person(at_desk: Desk, referral: int) -> None:
    at_desk.press(at_desk.get(f"/desk/referrals/{referral}"), "/accept", pathway="cyp")
    with at_desk.bench.house.store.engine.begin() as c:
        talk = c.execute(select(Conversation.id)).scalar_one()
    again = at_desk.refer(talk)
    at_desk.press(at_desk.get(f"/desk/referrals/{again}"), "/accept", pathway="recovery")
    with at_desk.bench.house.store.engine.begin() as c:
        assert len(c.execute(select(Case.person_id).distinct()).all()) == 1


def test_signs_of_danger_stand_beside_what_they_said(at_desk: Desk, referral: int) -> None:
    at_desk.text("he is going to kill me")
    page = at_desk.get(f"/desk/referrals/{referral}")
    danger = page.split("In danger now?")[1].split("What they told us")[0]
    assert "he is going to kill me" in danger
