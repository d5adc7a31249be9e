"""Business support books, moves and cancels, and sees nothing else of the case (D2, R39)."""

import asyncio
import re
from datetime import UTC, datetime

import pytest

from backend.staff import Role
from tests.backend.desk.browser import ANSWERS, Desk
from tests.backend.desk.test_appointments import AGREED, FORM

SECRETS = ("Ash", "my</b> phone", "my&lt;/b&gt; phone", "hello")


@pytest.fixture
def at_desk(at_quick_desk: Desk) -> Desk:
    """On SQLite: who sees what does not depend on the database."""
    return at_quick_desk


def referred(at_desk: Desk) -> str:
    """Somebody who told us much; the address of their appointments."""
    at_desk.log_in()
    talk_id = at_desk.text("hello")
    at_desk.text("bye")
    at_desk.refer(talk_id, contact_times_note="not when the bus comes")
    at_desk.agree(talk_id, AGREED)
    return f"/desk/conversations/{talk_id}/appointments"


def fields(at_desk: Desk, **changed: str) -> dict[str, str]:
    return {"staff": str(at_desk.staff[Role.COMMUNITY_IDVA]), **FORM, **changed}


def asked(at_desk: Desk) -> str:
    """A practitioner asks for a booking, and business support logs in."""
    here = referred(at_desk)
    page = at_desk.get(here)
    assert "Ash" in page
    at_desk.press(page, "/ask")
    at_desk.log_in(Role.BUSINESS_SUPPORT)
    return here


@pytest.mark.requirement("R39")
def test_they_are_asked_book_move_cancel_and_see_no_name_and_no_words(at_desk: Desk) -> None:
    here = asked(at_desk)
    seen = [at_desk.get("/desk"), at_desk.get("/desk/bookings"), at_desk.get(here), at_desk.get(f"{here}/new")]
    assert "A time with them is to be found and booked." in seen[1]
    booked = at_desk.press(seen[3], "/appointments", **fields(at_desk)).text
    assert "Wed 4 March 2026, 14:00 to 15:00" in booked
    (link,) = set(re.findall(rf'href="({here}/\d+)"', at_desk.get(here)))
    form = at_desk.get(f"{link}/move")
    moved = at_desk.press(form, "/move", **fields(at_desk, starts="2026-03-05T14:00")).text
    assert "Thu 5 March 2026" in moved
    seen += [booked, form, moved, at_desk.get("/desk/calendar?view=week&on=2026-03-02"), at_desk.get("/desk/bookings")]
    assert seen[-1].count("It goes then.") == 2
    ended = at_desk.press(moved, "/end").text
    assert "Cancelled" in ended
    for page in [*seen, ended]:
        assert not [secret for secret in (*SECRETS, str(ANSWERS["story"])) if secret in page]
    at_desk.press(at_desk.get("/desk/bookings"), "/done")
    assert "Nothing is to be booked." in at_desk.get("/desk/bookings")
    assert {"asked_booking", "made_appointment", "moved_appointment", "cancelled_appointment", "done"} <= set(
        at_desk.audit()
    )


@pytest.mark.requirement("R39")
def test_they_see_how_somebody_may_be_reached(at_desk: Desk) -> None:
    page = at_desk.get(asked(at_desk))
    for words in ("May we ring?", "07700 900123", "Every day, 08:00 to 21:00.", "not when the bus comes"):
        assert words in page, words
    assert "/contact" not in page


@pytest.mark.requirement("R39")
def test_where_nothing_is_to_be_booked_there_is_nothing_to_see(at_desk: Desk) -> None:
    here = referred(at_desk)
    at_desk.log_in(Role.BUSINESS_SUPPORT)
    for path in (here, f"{here}/new"):
        assert at_desk.client.get(path).status_code == 404
    talk = here.removesuffix("/appointments")
    for path in (talk, f"{talk}/plans", f"{talk}/contact", "/desk/tasks"):
        assert at_desk.client.get(path).status_code == 403


@pytest.mark.requirement("R39")
def test_what_came_of_it_is_the_practitioners_and_then_it_is_closed_to_them(at_desk: Desk) -> None:
    here = asked(at_desk)
    at_desk.press(at_desk.get(f"{here}/new"), "/appointments", **fields(at_desk))
    at_desk.bench.clock.now = datetime(2026, 3, 4, 16, tzinfo=UTC)
    at_desk.log_in(Role.BUSINESS_SUPPORT)
    (link,) = set(re.findall(rf'href="({here}/\d+)"', at_desk.get(here)))
    assert "How did it go?</h2>" not in at_desk.get(link)
    at_desk.log_in()
    at_desk.press(at_desk.get(link), "/outcome", outcome="attended")
    at_desk.log_in(Role.BUSINESS_SUPPORT)
    assert at_desk.client.get(link).status_code == 404
    assert link not in at_desk.get(here)


@pytest.mark.requirement("R39")
def test_they_end_no_task_but_those_of_booking(at_desk: Desk) -> None:
    asked(at_desk)
    page = at_desk.get("/desk/bookings")
    from_page = re.search(r'name="csrf" value="([^"]+)"', page)
    assert from_page
    assert at_desk.client.post("/desk/bookings/1/done", data={"csrf": from_page[1]}).status_code == 404


@pytest.mark.requirement("R7")
def test_a_text_that_will_not_go_stands_first(at_desk: Desk) -> None:
    here = asked(at_desk)
    at_desk.press(at_desk.get(f"{here}/new"), "/appointments", **fields(at_desk))
    asyncio.run(at_desk.bench.text("stop"))
    page = at_desk.get("/desk/bookings")
    assert "Texts that do not go (2)" in page
    assert "It goes then." not in page
