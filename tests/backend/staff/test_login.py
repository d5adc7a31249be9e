"""Log-in: one answer for every kind of no, after the same work."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from backend.staff import Did, Role, add_staff, log_in
from backend.staff.accounts import AccountExistsError
from backend.staff.login import lock_for
from backend.staff.passwords import WeakPasswordError, matches
from backend.store.work import AuditEntry, Staff, StaffSession
from backend.testing import Bench

EMAIL, PASSWORD = "sam@example.org", "a quiet harbour"


@pytest.fixture
def account(bench: Bench) -> int:
    """Somebody who may log in."""
    with bench.house.store.engine.begin() as c:
        return add_staff(c, bench.house, "Sam Okafor", EMAIL, PASSWORD, Role.COMMUNITY_IDVA)


def log(bench: Bench, email: str, password: str) -> str | None:
    return asyncio.run(log_in(bench.house, email, password))


def audit(bench: Bench) -> list[tuple[int | None, str, int]]:
    with bench.house.store.engine.begin() as c:
        rows = c.execute(select(AuditEntry.staff_id, AuditEntry.action, AuditEntry.subject_id).order_by(AuditEntry.id))
        return [tuple(row) for row in rows if row.action != Did.ADDED_STAFF]


def test_the_right_password_opens_a_session(bench: Bench, account: int) -> None:
    assert log(bench, " SAM@example.org ", PASSWORD)
    assert audit(bench) == [(account, "logged_in", account)]


@pytest.mark.requirement("R38")
def test_the_token_is_not_in_the_database(bench: Bench, account: int) -> None:
    token = log(bench, EMAIL, PASSWORD)
    with bench.house.store.engine.begin() as c:
        kept = c.execute(select(StaffSession.token_index)).scalar_one()
        row = c.execute(select(Staff.__table__)).one()
    assert token is not None
    assert kept != token.encode()
    assert PASSWORD not in str(row)
    assert EMAIL.encode() not in row.email
    assert row.password.startswith("$argon2id$")


@pytest.mark.requirement("R39")
def test_every_kind_of_no_is_the_same_answer_and_leaves_a_row(bench: Bench, account: int) -> None:
    assert log(bench, EMAIL, "not the password") is None
    assert log(bench, "nobody@example.org", PASSWORD) is None
    with bench.house.store.engine.begin() as c:
        c.execute(update(Staff).values(active=False))
    assert log(bench, EMAIL, PASSWORD) is None
    assert audit(bench) == [(None, "login_failed", account), (None, "login_failed", 0), (None, "login_failed", account)]


def test_an_unknown_address_costs_the_same_work() -> None:
    """Without a stored hash a decoy is checked, and even the decoy's own password would be a no."""

    async def timed(stored: str | None) -> float:
        begun = asyncio.get_running_loop().time()
        assert not await matches(stored, "some password")
        return asyncio.get_running_loop().time() - begun

    async def compare() -> tuple[float, float]:
        from backend.staff.passwords import hash_password

        stored = hash_password("another password")
        known = min([await timed(stored) for _ in range(5)])
        return known, min([await timed(None) for _ in range(5)])

    known, unknown = asyncio.run(compare())
    assert 0.3 < unknown / known < 3


def test_wrong_passwords_lock_for_a_minute_and_then_longer(bench: Bench, account: int) -> None:
    for _ in range(bench.house.settings.staff_login_tries):
        assert log(bench, EMAIL, "not the password") is None
    assert log(bench, EMAIL, PASSWORD) is None
    bench.clock.advance(minutes=1, seconds=1)
    assert log(bench, EMAIL, PASSWORD)
    tries = bench.house.settings.staff_login_tries
    assert [lock_for(bench.house, tries + more) for more in range(3)] == [timedelta(minutes=n) for n in (1, 2, 4)]
    assert lock_for(bench.house, 1000) == timedelta(minutes=bench.house.settings.staff_lock_minutes)


def test_knocking_on_a_locked_account_does_not_keep_its_owner_out(bench: Bench, account: int) -> None:
    for _ in range(bench.house.settings.staff_login_tries + 2):
        log(bench, EMAIL, "not the password")
    bench.clock.advance(minutes=1, seconds=1)
    assert log(bench, EMAIL, PASSWORD)


def test_a_right_password_forgets_the_wrong_ones(bench: Bench, account: int) -> None:
    for _ in range(2):
        for _ in range(bench.house.settings.staff_login_tries - 1):
            log(bench, EMAIL, "not the password")
        assert log(bench, EMAIL, PASSWORD)


@pytest.mark.parametrize("password", ["short", "x" * 257, EMAIL])
def test_a_weak_password_is_refused(bench: Bench, password: str) -> None:
    with bench.house.store.engine.begin() as c, pytest.raises(WeakPasswordError):
        add_staff(c, bench.house, "Sam", EMAIL, password, Role.COMMUNITY_IDVA)


def test_an_address_has_one_account(bench: Bench, account: int) -> None:
    with bench.house.store.engine.begin() as c, pytest.raises(AccountExistsError):
        add_staff(c, bench.house, "Another", EMAIL.upper(), PASSWORD, Role.CYP_WORKER)
