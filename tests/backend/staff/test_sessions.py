"""Sessions end: by log-out, by idleness, at last in any case, and with the account."""

import pytest
from sqlalchemy import select, update

from backend.staff import Actor, Role, add_staff, end_session, note_reading
from backend.staff.audit import SAME_READING
from backend.staff.sessions import csrf_token, find_actor, open_session, touch
from backend.store.work import AuditEntry, Staff
from backend.testing import Bench


@pytest.fixture
def token(bench: Bench) -> str:
    """Somebody is logged in."""
    with bench.house.store.engine.begin() as c:
        staff_id = add_staff(c, bench.house, "Sam Okafor", "sam@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
        return open_session(c, bench.house, staff_id)


def actor(bench: Bench, token: str) -> Actor | None:
    with bench.house.store.engine.begin() as c:
        return find_actor(c, bench.house, token)


def use(bench: Bench, token: str) -> None:
    found = actor(bench, token)
    assert found is not None
    with bench.house.store.engine.begin() as c:
        touch(c, bench.house, found)


def test_a_session_knows_who_it_is(bench: Bench, token: str) -> None:
    found = actor(bench, token)
    assert found is not None
    assert (found.name, found.role) == ("Sam Okafor", Role.COMMUNITY_IDVA)
    assert found.csrf == csrf_token(bench.house, token) != token


def test_another_token_is_nobody(bench: Bench, token: str) -> None:
    assert actor(bench, token[:-1] + "x") is None


def test_an_idle_session_ends(bench: Bench, token: str) -> None:
    bench.clock.advance(minutes=bench.house.settings.staff_idle_minutes + 1)
    assert actor(bench, token) is None


def test_a_used_session_lasts_until_its_absolute_end(bench: Bench, token: str) -> None:
    passed = 0
    while passed < bench.house.settings.staff_session_hours * 60 - 20:
        bench.clock.advance(minutes=20)
        passed += 20
        use(bench, token)
    bench.clock.advance(minutes=21)
    assert actor(bench, token) is None


def test_a_log_out_ends_it_for_good(bench: Bench, token: str) -> None:
    found = actor(bench, token)
    assert found is not None
    with bench.house.store.engine.begin() as c:
        end_session(c, bench.house, found)
    assert actor(bench, token) is None


def test_an_account_that_is_switched_off_has_no_session(bench: Bench, token: str) -> None:
    with bench.house.store.engine.begin() as c:
        c.execute(update(Staff).values(active=False))
    assert actor(bench, token) is None


@pytest.mark.requirement("R39")
def test_reading_leaves_one_row_for_five_minutes(bench: Bench, token: str) -> None:
    found = actor(bench, token)
    assert found is not None

    def read(record: int) -> int:
        with bench.house.store.engine.begin() as c:
            note_reading(c, bench.house, found.staff_id, "conversation", record)
            return len(c.execute(select(AuditEntry.id).where(AuditEntry.action == "opened")).all())

    assert [read(1), read(1), read(2)] == [1, 1, 2]
    bench.clock.advance(seconds=SAME_READING.total_seconds() + 1)
    assert read(1) == 3
