"""What whoever books has before them: times that are to be found, and the texts that go beforehand (D2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from backend.appointments.access import TO_FIND
from backend.appointments.forecast import Fate, fates
from backend.appointments.records import Appointment, link_to, look_at
from backend.appointments.rules import AHEAD, KINDS
from backend.conversations.talk import Talk, look_at_talk
from backend.desk.queue import staff_names
from backend.house import House
from backend.store.sealing import KeyDestroyedError
from backend.store.support import Appointment as Row
from backend.tasks.service import OpenTask, open_tasks

LOOK_AHEAD = timedelta(days=14)
"""Appointments whose texts are shown."""
MOST = 200


@dataclass(frozen=True, slots=True)
class ToFind:
    """A time that is to be found. `who`: the practitioner that it is for; nobody else is named."""

    id: int
    link: str
    kind: str
    due_at: datetime
    is_overdue: bool
    who: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TextAhead:
    """One text beforehand that has not gone: `fate.goes` False: it will not go, or did not."""

    link: str
    words: str
    starts_at: datetime
    fate: Fate
    who: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bookings:
    """The whole page."""

    to_find: Sequence[ToFind]
    lost: Sequence[TextAhead]
    texts: Sequence[TextAhead]


def read_bookings(c: Connection, house: House) -> Bookings:
    """Everything there is to book, and the texts of the next two weeks; what does not go comes first."""
    texts = sorted(_texts(c, house), key=lambda text: text.fate.due)
    lost = [text for text in texts if text.fate.goes is False]
    return Bookings(to_find(c, house), lost, [text for text in texts if text.fate.goes])


def to_find(c: Connection, house: House, conversation_id: int | None = None) -> list[ToFind]:
    """Times that are to be found, for one person or for all, what is due first coming first."""
    tasks = [task for task in open_tasks(c, house, conversation_id) if task.kind in TO_FIND]
    names = staff_names(c, house, {task.staff_id for task in tasks if task.staff_id})
    return [_to_find(task, names.get(task.staff_id or 0, "")) for task in tasks]


def _to_find(task: OpenTask, who: str) -> ToFind:
    link = f"/desk/conversations/{task.conversation_id}/appointments"
    return ToFind(task.id, link, task.kind, task.due_at, task.is_overdue, who)


def _texts(c: Connection, house: House) -> Iterator[TextAhead]:
    now = house.clock()
    soon = (Row.state.in_(AHEAD), Row.starts_at > now, Row.starts_at < now + LOOK_AHEAD, Row.reminders.is_not(None))
    rows = c.execute(select(Row.__table__).where(*soon).order_by(Row.starts_at, Row.id).limit(MOST)).all()
    names = staff_names(c, house, {row.staff_id for row in rows})
    for row in rows:
        try:
            talk = look_at_talk(c, house, row.conversation_id)
        except KeyDestroyedError:
            continue
        yield from _of_one(c, house, talk, look_at(row, talk), names.get(row.staff_id, ""))


def _of_one(c: Connection, house: House, talk: Talk, one: Appointment, who: str) -> Iterator[TextAhead]:
    """The texts of one appointment that are still to go, or did not."""
    for fate in fates(c, house, talk, one):
        if fate.goes is not None:
            yield TextAhead(link_to(one), KINDS[one.kind].words, one.starts_at, fate, who)
