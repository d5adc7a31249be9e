"""The page on how somebody may be reached: what waits, what happened, what was checked (R2, R6, R10, R14)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.contact_points import pending, risks
from backend.conversations.talk import load_talk
from backend.staff import Role
from backend.store.contact_points import ContactCheck, PendingChange
from backend.store.talk import ContactPoint
from safety import profile
from safety.types import PointState, Window
from tests.backend.desk.browser import EVENINGS, Desk

ALL_DAY = replace(EVENINGS, windows=(Window(frozenset(range(7)), *(EVENINGS.windows[0].start,) * 2),), naming=True)
TOO_HIGH = 2**63


@pytest.fixture
def talk(at_desk: Desk) -> int:
    """Somebody agreed how to be reached, and a practitioner is at the desk."""
    made = at_desk.text("hello")
    at_desk.agree(made)
    at_desk.log_in()
    return made


def change(at_desk: Desk, talk: int, what: str, value: Any) -> int:
    """Something waits."""
    house = at_desk.bench.house
    with house.store.engine.begin() as c:
        found = load_talk(c, house, talk)
        pending.ask(c, house, found, what, value, tell=False)
        return int(c.execute(select(PendingChange.id).order_by(PendingChange.id.desc())).scalars().first() or 0)


def mark_unsafe(at_desk: Desk, talk: int, **points: Any) -> None:
    """Somebody else reads there."""
    house = at_desk.bench.house
    with house.store.engine.begin() as c:
        found = load_talk(c, house, talk)
        risks.mark_unsafe(c, house, found)
        found.points |= points
        found.save(c)


def page_of(at_desk: Desk, talk: int) -> str:
    return at_desk.get(f"/desk/conversations/{talk}/contact")


def state(at_desk: Desk) -> str:
    with at_desk.bench.house.store.engine.begin() as c:
        return str(c.execute(select(ContactPoint.state)).scalar_one())


def act(at_desk: Desk, talk: int, name: str, **fields: str) -> Any:
    """Press the button of one act, on the page where it is."""
    loosens = name in {"renew", "safe", "unpause"}
    path = f"/desk/conversations/{talk}/contact" + (f"/{name}" if loosens else "")
    return at_desk.press(at_desk.get(path), f"/contact/{name}", **fields)


@pytest.mark.requirement("R14")
def test_what_waits_is_told_plainly_on_every_page(at_desk: Desk, talk: int) -> None:
    change(at_desk, talk, "windows", profile.part_to_json(ALL_DAY, "windows"))
    at_desk.bench.clock.advance(hours=3)
    at_desk.log_in()
    page = page_of(at_desk, talk)
    assert "Monday to Friday, 18:00 to 21:00." in page and "Every day, 18:00 to 18:00." in page
    assert "Text message, no word was given" in page
    assert "3 hours ago. It waits until Mon 16 Mar 10:00." in page
    assert "A change waits" in at_desk.get(f"/desk/conversations/{talk}")
    assert "Changes that wait for a check (1)" in at_desk.get("/desk")


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R39")
def test_accepting_says_how_it_was_made_sure_of_and_by_whom(at_desk: Desk, talk: int) -> None:
    waits = change(at_desk, talk, "naming", True)
    page = at_desk.get(f"/desk/conversations/{talk}/changes/{waits}")
    assert at_desk.press(page, "/accept").status_code == 409
    assert at_desk.press(page, "/accept", how="by text").status_code == 409
    shown = at_desk.press(page, "/accept", how="in_person").text
    assert "A change was confirmed" in shown and "I saw them in person" in shown and "A community_idva" in shown
    assert "accepted_change" in at_desk.audit()
    with at_desk.bench.house.store.engine.begin() as c:
        assert load_talk(c, at_desk.bench.house, talk).contact().naming
    assert "no longer waits" in at_desk.press(page, "/accept", how="in_person").text


@pytest.mark.requirement("R14")
def test_rejecting_is_one_press(at_desk: Desk, talk: int) -> None:
    change(at_desk, talk, "naming", True)
    shown = at_desk.press(page_of(at_desk, talk), "/reject").text
    assert "A change was rejected" in shown and "Waiting for a check" not in shown
    assert "rejected_change" in at_desk.audit()
    assert state(at_desk) == "safe"


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R14")
def test_if_it_was_not_theirs_the_point_is_unsafe(at_desk: Desk, talk: int) -> None:
    change(at_desk, talk, "naming", True)
    at_desk.press(page_of(at_desk, talk), "/reject", why="not_theirs")
    assert state(at_desk) == "unsafe"


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R10")
@pytest.mark.parametrize(
    ("name", "after", "audit"),
    [
        ("somebody", "unsafe", "failed_check"),
        ("not-them", "unknown", "failed_check"),
        ("risk", "unknown", "risk_risen"),
        ("unsafe", "unsafe", "marked_unsafe"),
    ],
)
def test_what_happened_is_recorded_with_a_reason_and_counts(
    at_desk: Desk, talk: int, name: str, after: str, audit: str
) -> None:
    assert act(at_desk, talk, name).status_code == 409
    assert state(at_desk) == "safe"
    shown = act(at_desk, talk, name, how="call", note="A man answered.").text
    assert state(at_desk) == after
    assert "A call or a visit" in shown and "A man answered." in shown
    assert audit in at_desk.audit()
    with at_desk.bench.house.store.engine.begin() as c:
        (note,) = c.execute(select(ContactCheck.note)).scalars()
    assert b"man" not in note


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R14")
def test_safe_again_only_with_how_it_was_checked_and_what_was_found(at_desk: Desk, talk: int) -> None:
    mark_unsafe(at_desk, talk)
    for fields in ({}, {"how": "spoken"}, {"note": "she is fine"}, {"how": "call", "note": "she is fine"}):
        assert act(at_desk, talk, "safe", **fields).status_code == 409
    assert state(at_desk) == "unsafe"
    act(at_desk, talk, "safe", how="spoken", note="She has it back.")
    assert state(at_desk) == "safe"
    assert "marked_safe" in at_desk.audit()
    assert "it has changed in the meantime" in at_desk.client.get(f"/desk/conversations/{talk}/contact/safe").text


@pytest.mark.requirement("R13")
def test_a_pause_is_lifted_on_its_own_page(at_desk: Desk, talk: int) -> None:
    mark_unsafe(at_desk, talk, paused_at=at_desk.bench.clock())
    act(at_desk, talk, "unpause", how="in_person", note="She was alone with me.")
    assert "lifted_pause" in at_desk.audit()
    assert state(at_desk) == "unsafe"


@pytest.mark.requirement("R10")
def test_renewing_after_a_check_makes_the_answers_good_again(at_desk: Desk, talk: int) -> None:
    at_desk.bench.clock.advance(days=29)
    at_desk.log_in()
    act(at_desk, talk, "renew", how="spoken", note="Still the same.")
    with at_desk.bench.house.store.engine.begin() as c:
        expires = c.execute(select(ContactPoint.expires_at)).scalar_one()
    assert expires == at_desk.bench.clock() + timedelta(days=28)
    assert "renewed_contact" in at_desk.audit()


@pytest.mark.requirement("R14")
def test_nothing_is_loosened_where_it_is_not_safe(at_desk: Desk, talk: int) -> None:
    waits = change(at_desk, talk, "naming", True)
    act(at_desk, talk, "not-them", how="call")
    page = at_desk.get(f"/desk/conversations/{talk}/changes/{waits}")
    assert "not safe now" in at_desk.press(page, "/accept", how="spoken").text


@pytest.mark.requirement("R39")
def test_whoever_may_not_read_sees_nothing_of_it(at_desk: Desk, talk: int) -> None:
    change(at_desk, talk, "naming", True)
    at_desk.log_in(Role.DELIVERY_LEAD)
    assert at_desk.client.get(f"/desk/conversations/{talk}/contact").status_code == 403
    assert "Changes that wait" not in at_desk.get("/desk")


def test_an_id_that_no_row_can_have_is_a_plain_404(at_desk: Desk, talk: int) -> None:
    paths = ("conversations/{}", "conversations/{}/contact", "referrals/{}", f"conversations/{talk}/changes/{{}}")
    for path in paths:
        for row in (TOO_HIGH, 10**30):
            found = at_desk.client.get(f"/desk/{path.format(row)}")
            assert (found.status_code, "There is nothing here" in found.text) == (404, True), path
    csrf = page_of(at_desk, talk).split('name="csrf" value="')[1].split('"')[0]
    for row in (TOO_HIGH, 7):
        pressed = at_desk.client.post(f"/desk/alerts/{row}/acknowledge", data={"csrf": csrf})
        assert pressed.status_code == 404
    taken = {"csrf": csrf, "owner": "", "alerts": f"{TOO_HIGH}"}
    assert at_desk.client.post(f"/desk/conversations/{talk}/take", data=taken).status_code == 200


def test_an_act_that_is_not_there_is_a_plain_404(at_desk: Desk, talk: int) -> None:
    assert at_desk.client.get(f"/desk/conversations/{talk}/contact/open-sesame").status_code == 404
    assert PointState.SAFE.value == state(at_desk)
