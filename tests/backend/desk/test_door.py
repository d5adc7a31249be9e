"""Who gets in, who does not, and what they see instead."""

import pytest

from backend.staff import Role
from tests.backend.desk.browser import PASSWORD, Desk


def test_a_stranger_is_led_to_the_log_in(at_desk: Desk) -> None:
    answer = at_desk.client.get("/desk", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/login")
    assert at_desk.client.get("/desk", headers={"x-desk-refresh": "1"}, follow_redirects=False).status_code == 401


def test_a_link_from_a_mail_does_not_ask_for_the_password_again(at_desk: Desk) -> None:
    """A strict cookie stays behind on such a visit; the page asks once more from here, and then it comes along."""
    answer = at_desk.client.get("/desk", headers={"sec-fetch-site": "cross-site"}, follow_redirects=False)
    assert answer.status_code == 200
    assert 'content="0;url=/desk"' in answer.text


def test_the_log_in_says_the_same_for_every_no(at_desk: Desk) -> None:
    at_desk.log_in()
    at_desk.client.cookies.clear()
    answers = [
        at_desk.client.post("/desk/login", data={"email": email, "password": password})
        for email, password in (("community_idva@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("", ""))
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert not at_desk.client.cookies


def test_the_cookie_is_out_of_reach(at_desk: Desk) -> None:
    at_desk.log_in()
    at_desk.client.cookies.clear()
    form = {"email": "community_idva@example.org", "password": PASSWORD}
    cookie = at_desk.client.post("/desk/login", data=form, follow_redirects=False).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Max-Age" not in cookie


def test_a_log_in_posted_by_another_site_is_refused(at_desk: Desk) -> None:
    at_desk.log_in()
    form = {"email": "community_idva@example.org", "password": PASSWORD}
    answer = at_desk.client.post("/desk/login", data=form, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_a_post_without_the_sessions_own_token_does_nothing(at_desk: Desk) -> None:
    at_desk.log_in()
    alert = at_desk.alert(at_desk.text("hello"))
    for csrf in ("", "0" * 64):
        answer = at_desk.client.post(f"/desk/alerts/{alert}/acknowledge", data={"csrf": csrf})
        assert answer.status_code == 403
    assert "acknowledged" not in at_desk.audit()


def test_logging_out_ends_it(at_desk: Desk) -> None:
    at_desk.log_in()
    page = at_desk.get("/desk")
    cookies = dict(at_desk.client.cookies)
    at_desk.press(page, "/desk/logout")
    at_desk.client.cookies.update(cookies)
    assert at_desk.client.get("/desk", follow_redirects=False).status_code == 303


def test_a_page_that_refreshes_itself_does_not_keep_the_session_alive(at_desk: Desk) -> None:
    at_desk.log_in()
    for _ in range(at_desk.bench.house.settings.staff_idle_minutes + 1):
        at_desk.bench.clock.advance(minutes=1)
        last = at_desk.client.get("/desk", headers={"x-desk-refresh": "1"}, follow_redirects=False)
    assert last.status_code == 401


def test_pressing_something_keeps_it_alive(at_desk: Desk) -> None:
    at_desk.log_in()
    for _ in range(4):
        at_desk.bench.clock.advance(minutes=20)
        at_desk.get("/desk")


@pytest.mark.requirement("R39")
@pytest.mark.parametrize("role", [Role.BUSINESS_SUPPORT, Role.DELIVERY_LEAD, Role.ENGAGE_WORKER])
def test_a_role_without_the_right_reads_no_word_and_no_name(at_desk: Desk, role: Role) -> None:
    talk = at_desk.text("my secret words")
    referral = at_desk.refer(talk)
    at_desk.alert(talk)
    at_desk.log_in(role)
    page = at_desk.get("/desk")
    assert "Ash" not in page
    assert "07700" not in page
    assert "/desk/referrals/" not in page
    assert "/desk/conversations/" not in page
    for path in (f"/desk/referrals/{referral}", f"/desk/conversations/{talk}"):
        assert at_desk.client.get(path).status_code == 403
    assert at_desk.audit().count("refused") == 2


def test_the_lead_can_acknowledge_and_business_support_cannot(at_desk: Desk) -> None:
    at_desk.alert(at_desk.text("hello"))
    at_desk.log_in(Role.BUSINESS_SUPPORT)
    page = at_desk.get("/desk")
    assert "They may be in danger now." in page
    assert "/acknowledge" not in page
    at_desk.log_in(Role.DELIVERY_LEAD)
    answer = at_desk.press(at_desk.get("/desk"), "/acknowledge")
    assert answer.url.path == "/desk"
    assert "They may be in danger now." not in answer.text


def test_every_page_is_strict_and_quiet(at_desk: Desk) -> None:
    talk = at_desk.text("hello")
    referral = at_desk.refer(talk)
    at_desk.log_in()
    for path in (
        "/desk",
        "/desk/login",
        f"/desk/referrals/{referral}",
        f"/desk/conversations/{talk}",
        "/desk/static/desk.css",
    ):
        answer = at_desk.client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_what_is_not_there_is_said_plainly(at_desk: Desk) -> None:
    at_desk.log_in()
    assert at_desk.client.get("/desk/conversations/1").status_code == 404
    assert at_desk.client.get("/desk/referrals/1").status_code == 404
    assert at_desk.client.get("/desk/static/../routes.py").status_code == 404
