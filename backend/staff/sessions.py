"""Sessions of practitioners: an opaque token in the cookie, its keyed hash here; idle and absolute ends (ASVS 7.3)."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from backend.house import House
from backend.staff.audit import Did, record
from backend.staff.roles import Right, Role, may
from backend.store.sealing import context, open_key
from backend.store.work import Staff, StaffSession

TOKEN_BYTES = 32
TOUCH_EVERY = timedelta(minutes=1)
"""How stale the time of last use may become before it is written again."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who is logged in, for one request."""

    staff_id: int
    name: str = field(repr=False)
    role: Role
    session_id: int
    csrf: str = field(repr=False)
    """Must come with every post of this session."""
    seen_at: datetime

    def may(self, right: Right) -> bool:
        """Whether their role may do that."""
        return may(self.role, right)


def open_session(c: Connection, house: House, staff_id: int) -> str:
    """A new session; the token is only ever in the answer."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), house.clock()
    row = {"id": house.new_id(), "token_index": _index(house, token), "staff_id": staff_id}
    c.execute(insert(StaffSession), row | {"created_at": now, "seen_at": now})
    return token


def find_actor(c: Connection, house: House, token: str) -> Actor | None:
    """Who holds this token now; None: nobody, or the session is over."""
    now, settings = house.clock(), house.settings
    row = c.execute(
        select(Staff.id, Staff.key_id, Staff.name, Staff.role, StaffSession.id.label("session"), StaffSession.seen_at)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(
            StaffSession.token_index == _index(house, token),
            StaffSession.ended_at.is_(None),
            StaffSession.seen_at > now - timedelta(minutes=settings.staff_idle_minutes),
            StaffSession.created_at > now - timedelta(hours=settings.staff_session_hours),
            Staff.active.is_(True),
        )
    ).first()
    if row is None:
        return None
    name = open_key(c, house, row.key_id).open(row.name, context("staff", "name", row.id))
    return Actor(row.id, name, Role(row.role), row.session, csrf_token(house, token), row.seen_at)


def touch(c: Connection, house: House, actor: Actor) -> None:
    """The person did something: the idle time starts again."""
    c.execute(update(StaffSession).where(StaffSession.id == actor.session_id).values(seen_at=house.clock()))


def end_session(c: Connection, house: House, actor: Actor) -> None:
    """Log out: the token is worth nothing from now on."""
    c.execute(update(StaffSession).where(StaffSession.id == actor.session_id).values(ended_at=house.clock()))
    record(c, house, actor.staff_id, Did.LOGGED_OUT, "staff", actor.staff_id)


def csrf_token(house: House, token: str) -> str:
    """Bound to the session and not stored: another site can neither read nor compute it."""
    return house.vault.index("staff_csrf", token).hex()


def _index(house: House, token: str) -> bytes:
    return house.vault.index("staff_session", token)
