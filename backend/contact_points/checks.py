"""The log of a contact point: signs of risk, checks, marks; when it was, how it is known, and by whom (R6, R10)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from backend.conversations.talk import Talk
from backend.house import House
from backend.store.contact_points import ContactCheck
from backend.store.sealing import context
from safety.risk import Risk, needs_worker

MARKED_UNSAFE, MARKED_SAFE, RENEWED, PAUSE_LIFTED = "marked_unsafe", "marked_safe", "renewed", "pause_lifted"
RENEWED_BY_TEXT, RECHECKED, RECHECK_LATER = "renewed_by_text", "rechecked", "recheck_later"
CONFIRMED, REJECTED = "confirmed_change", "rejected_change"

WORKER_MUST_LOOK = frozenset({MARKED_UNSAFE, *(risk.value for risk in Risk if needs_worker(risk))})
WORKER_HAS_LOOKED = frozenset({MARKED_SAFE, RENEWED})


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the log. `note` is a practitioner's own words; of a change, what it was about, as a code."""

    at: datetime
    what: str
    how: str
    staff_id: int | None
    note: str = field(default="", repr=False)


def write(
    c: Connection, house: House, talk: Talk, what: str, *, how: str = "", staff_id: int | None = None, note: str = ""
) -> None:
    """Add one line."""
    row_id = house.new_id()
    row = {
        "id": row_id,
        "contact_point_id": talk.point_id,
        "at": house.clock(),
        "what": what,
        "how": how,
        "staff_id": staff_id,
        "note": talk.point_key.seal(note, context("contact_check", "note", row_id)) if note else None,
    }
    c.execute(insert(ContactCheck), row)


def read(c: Connection, talk: Talk, most: int = 20) -> list[Check]:
    """The newest lines, newest first."""
    rows = c.execute(
        select(ContactCheck.__table__)
        .where(ContactCheck.contact_point_id == talk.point_id)
        .order_by(ContactCheck.id.desc())
        .limit(most)
    )
    return [
        Check(
            row.at,
            row.what,
            row.how,
            row.staff_id,
            talk.point_key.open(row.note, context("contact_check", "note", row.id)) if row.note else "",
        )
        for row in rows
    ]


def worker_must_look(c: Connection, point_id: int) -> bool:
    """Whether there was a sign of risk since a practitioner last made sure of this contact point."""
    return _newest(c, point_id, WORKER_MUST_LOOK | WORKER_HAS_LOOKED) in WORKER_MUST_LOOK


def times_asked(c: Connection, point_id: int) -> int:
    """How many re-checks in a row have gone that nobody answered."""
    counts = {RECHECKED, RECHECK_LATER, RENEWED_BY_TEXT, *WORKER_HAS_LOOKED}
    newest = c.execute(_of(point_id, counts).limit(10)).scalars()
    return len(list(takewhile(lambda what: what == RECHECKED, newest)))


def _newest(c: Connection, point_id: int, which: frozenset[str]) -> str | None:
    return c.execute(_of(point_id, which).limit(1)).scalar_one_or_none()


def _of(point_id: int, which: Collection[str]) -> Select[Any]:
    there = (ContactCheck.contact_point_id == point_id, ContactCheck.what.in_(which))
    return select(ContactCheck.what).where(*there).order_by(ContactCheck.id.desc())
