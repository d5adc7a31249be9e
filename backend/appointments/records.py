"""One appointment as the code sees it: read from its row, with what is sealed of it opened."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from backend.appointments.rules import AHEAD
from backend.appointments.sealed import Reminders, open_place, open_reminders
from backend.conversations.talk import Talk
from backend.store.support import Appointment as Row


@dataclass(frozen=True, slots=True)
class Booking:
    """What a practitioner agrees with a person. `reminders` None: they did not say that a text is safe for this one."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    staff_id: int
    place: str = field(default="", repr=False)
    reminders: Reminders | None = field(default=None, repr=False)

    @property
    def leads(self) -> tuple[int, ...]:
        """Minutes before it at which a text goes, the longest first."""
        return self.reminders.all_leads if self.reminders else ()


@dataclass(frozen=True, slots=True)
class Appointment(Booking):
    """One appointment as it stands. Instants are UTC."""

    id: int = 0
    conversation_id: int = 0
    state: str = ""
    version: int = 0

    @property
    def is_ahead(self) -> bool:
        """Whether it will be held, as far as anybody knows."""
        return self.state in AHEAD


def find(c: Connection, talk: Talk, row_id: int) -> Appointment:
    """One appointment of this conversation, locked. Raises NoResultFound."""
    mine = (Row.id == row_id, Row.conversation_id == talk.id)
    return look_at(c.execute(select(Row.__table__).where(*mine).with_for_update()).one(), talk)


def of_talk(c: Connection, talk: Talk) -> list[Appointment]:
    """Every appointment of a conversation, the latest first."""
    rows = select(Row.__table__).where(Row.conversation_id == talk.id).order_by(Row.starts_at.desc(), Row.id)
    return [look_at(row, talk) for row in c.execute(rows)]


def link_to(one: Any) -> str:
    """The desk's page of an appointment, or of its row."""
    return f"/desk/conversations/{one.conversation_id}/appointments/{one.id}"


def look_at(row: Any, talk: Talk) -> Appointment:
    """One appointment from its row. Raises VaultError."""
    return Appointment(
        kind=row.kind,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        staff_id=row.staff_id,
        place=open_place(talk.key, row),
        reminders=open_reminders(talk.key, row),
        id=row.id,
        conversation_id=row.conversation_id,
        state=row.state,
        version=row.version,
    )
