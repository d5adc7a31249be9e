"""What is to be done by when, on the desk."""

import pytest

from backend.staff import Role
from backend.tasks.clocks import OF_A_CASE, OF_A_REFERRAL
from backend.tasks.service import start_clocks
from tests.backend.desk.browser import Desk


def begin(at_desk: Desk, kinds: tuple[str, ...]) -> int:
    talk = at_desk.text("hello")
    with at_desk.bench.house.store.engine.begin() as c:
        start_clocks(c, at_desk.bench.house, talk, kinds)
    return talk


def test_an_empty_list_says_so(at_desk: Desk) -> None:
    at_desk.log_in()
    assert "Nothing is to be done." in at_desk.get("/desk/tasks")


def test_what_is_due_first_comes_first_and_leads_to_the_talk(at_desk: Desk) -> None:
    talk = begin(at_desk, (*OF_A_REFERRAL, *OF_A_CASE))
    at_desk.bench.clock.advance(days=8)
    at_desk.log_in()
    page = at_desk.get("/desk/tasks")
    assert page.index("Try to reach them") < page.index("Ring them") < page.index("Support was expected to end")
    assert page.count(">Overdue<") == 2
    assert f'href="/desk/conversations/{talk}"' in page


def test_one_press_says_that_it_is_done(at_desk: Desk) -> None:
    begin(at_desk, OF_A_REFERRAL[:1])
    at_desk.log_in()
    assert "Nothing is to be done." in at_desk.press(at_desk.get("/desk/tasks"), "/done").text
    assert "done" in at_desk.audit()


@pytest.mark.requirement("R39")
def test_who_may_not_read_does_not_see_it(at_desk: Desk) -> None:
    begin(at_desk, OF_A_REFERRAL)
    at_desk.log_in(Role.ENGAGE_WORKER)
    assert at_desk.client.get("/desk/tasks").status_code == 403
