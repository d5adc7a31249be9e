"""Log-in by e-mail address and password: one answer for every kind of no, after the same work."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from backend.house import House
from backend.staff.accounts import login_index
from backend.staff.audit import Did, record
from backend.staff.passwords import matches
from backend.staff.sessions import open_session
from backend.store.work import Staff

NOBODY = 0
"""The subject of an audit row about a log-in that names no account."""


async def log_in(house: House, email: str, password: str) -> str | None:
    """The token of a new session; None for every kind of no: unknown, wrong, locked, no longer active.

    1. Find the account. 2. Check the password, outside any transaction, against a decoy where there is none.
    3. In one transaction: count the failure or open the session, and write the audit row.
    """
    index = login_index(house, email)
    found = await house.store.read(lambda c: _find(c, index))
    right = await matches(found.password if found else None, password)
    return await house.store.write(lambda c: _settle(c, house, index, right))


@dataclass(frozen=True, slots=True)
class _Account:
    id: int
    password: str = field(repr=False)
    active: bool
    failures: int
    locked_until: datetime | None


def _find(c: Connection, index: bytes) -> _Account | None:
    columns = (Staff.id, Staff.password, Staff.active, Staff.failures, Staff.locked_until)
    row = c.execute(select(*columns).where(Staff.login_index == index)).first()
    return _Account(*row) if row else None


def _settle(c: Connection, house: House, index: bytes, right: bool) -> str | None:
    c.execute(select(Staff.id).where(Staff.login_index == index).with_for_update())  # no guess goes uncounted
    account = _find(c, index)
    now = house.clock()
    if account is None:
        record(c, house, None, Did.LOGIN_FAILED, "staff", NOBODY)
        return None
    locked = account.locked_until is not None and account.locked_until > now
    if right and account.active and not locked:
        c.execute(update(Staff).where(Staff.id == account.id).values(failures=0, locked_until=None))
        record(c, house, account.id, Did.LOGGED_IN, "staff", account.id)
        return open_session(c, house, account.id)
    record(c, house, None, Did.LOGIN_FAILED, "staff", account.id)
    # While it is locked nothing counts, so that nobody can keep a practitioner out by going on and on.
    if not locked:
        failures = account.failures + 1
        until = now + lock_for(house, failures) if failures >= house.settings.staff_login_tries else None
        c.execute(update(Staff).where(Staff.id == account.id).values(failures=failures, locked_until=until))
    return None


def lock_for(house: House, failures: int) -> timedelta:
    """One minute at the first failure too many, doubled by each further one, up to `staff_lock_minutes`.

    Short at first: the person locked out may be the only one awake.
    """
    doubled = 2 ** min(failures - house.settings.staff_login_tries, 10)
    return timedelta(minutes=min(doubled, house.settings.staff_lock_minutes))
