"""Accounts of the people who work here."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select

from backend.house import House
from backend.staff.audit import Did, record
from backend.staff.passwords import check_strength, hash_password
from backend.staff.roles import Role
from backend.store.sealing import context, make_key, open_key
from backend.store.work import Staff


class AccountExistsError(ValueError):
    """There is an account with this e-mail address already."""


@dataclass(frozen=True, slots=True)
class StaffView:
    """One account as a colleague sees it."""

    id: int
    name: str = field(repr=False)
    email: str = field(repr=False)
    role: Role
    demo: bool
    active: bool


def login_index(house: House, email: str) -> bytes:
    """How an account is found by the e-mail address that somebody typed."""
    return house.vault.index("staff_login", email.strip().casefold())


def add_staff(
    c: Connection, house: House, name: str, email: str, password: str, role: Role, *, demo: bool = False
) -> int:
    """A new account; its id. Raises WeakPasswordError, AccountExistsError."""
    check_strength(password, email)
    index = login_index(house, email)
    if c.execute(select(Staff.id).where(Staff.login_index == index)).first():
        raise AccountExistsError(AccountExistsError.__doc__)
    key_id, key = make_key(c, house)
    staff_id = house.new_id()
    c.execute(
        insert(Staff),
        {
            "id": staff_id,
            "key_id": key_id,
            "login_index": index,
            "name": key.seal(name.strip(), context("staff", "name", staff_id)),
            "email": key.seal(email.strip(), context("staff", "email", staff_id)),
            "password": hash_password(password),
            "role": role.value,
            "demo": demo,
            "active": True,
            "failures": 0,
            "created_at": house.clock(),
        },
    )
    record(c, house, None, Did.ADDED_STAFF, "staff", staff_id)
    return staff_id


def list_staff(c: Connection, house: House) -> list[StaffView]:
    """All accounts, oldest first."""
    rows = c.execute(
        select(Staff.id, Staff.key_id, Staff.name, Staff.email, Staff.role, Staff.demo, Staff.active).order_by(Staff.id)
    )
    return [
        StaffView(
            id=row.id,
            name=(key := open_key(c, house, row.key_id)).open(row.name, context("staff", "name", row.id)),
            email=key.open(row.email, context("staff", "email", row.id)),
            role=Role(row.role),
            demo=row.demo,
            active=row.active,
        )
        for row in rows.all()
    ]


def has_demo_staff(c: Connection) -> bool:
    """Whether an account with a published password is here: a real service must not start with one."""
    return c.execute(select(Staff.id).where(Staff.demo.is_(True))).first() is not None
