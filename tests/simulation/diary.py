"""Appointments in the simulation: what practitioners do about them, and what must become of each reminder."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from backend.appointments import service
from backend.appointments.records import Booking, find
from backend.appointments.rules import AHEAD, KINDS, OUTCOMES, lead_due
from backend.appointments.sealed import WORDINGS, Reminders
from backend.conversations.talk import load_talk, look_at_talk
from backend.house import House
from backend.store.support import Appointment, Reminder
from backend.store.talk import OutboundMessage
from safety.types import Kind
from tests.simulation.doors import Offer
from tests.simulation.fate import Fate, Violation
from tests.simulation.people import Person
from tests.simulation.store import SimStore

LEADS = (2 * 24 * 60, 24 * 60, 120, 60)
MINUTE = timedelta(minutes=1)
_IDS: Any = bindparam("ids", expanding=True)
_VERSIONS = select(Appointment.id, Appointment.conversation_id, Appointment.version, Appointment.state).where(
    Appointment.id.in_(_IDS)
)
_MESSAGES = exists().where(OutboundMessage.about_id == Reminder.id)


def book(c: Connection, house: House, fate: Fate, person: Person, staff_id: int) -> None:
    """Make an appointment, move or cancel one that is ahead, or write down what came of one that is over."""
    talk = load_talk(c, house, person.talk_id)
    booking = _booking(fate, house.clock(), staff_id, reminders=talk.contact().reminders)
    mine = select(Appointment.__table__).where(Appointment.conversation_id == talk.id)
    ahead = c.execute(mine.where(Appointment.state.in_(AHEAD)).order_by(Appointment.id)).all()
    if not ahead or fate.happens(0.4):
        service.make(c, house, talk, booking)
        return
    one = fate.one_of(ahead)
    if one.starts_at <= house.clock():
        service.write_outcome(c, house, talk, one.id, fate.one_of(tuple(OUTCOMES)), staff_id)
    elif fate.happens(0.5):
        service.move(c, house, talk, one.id, booking)
    else:
        service.end(c, house, talk, one.id, fate.one_of(("cancelled", "cannot")))
    talk.save(c)


def _booking(fate: Fate, now: datetime, staff_id: int, *, reminders: bool) -> Booking:
    starts_at = now.replace(second=0) + fate.random.randrange(30, 9 * 24 * 60) * MINUTE
    leads = tuple(sorted(fate.random.sample(LEADS, fate.random.randint(1, 3)), reverse=True))
    agreed = Reminders(leads, fate.one_of(tuple(WORDINGS))) if reminders and fate.happens(0.8) else None
    return Booking(fate.one_of(tuple(KINDS)), starts_at, starts_at + 45 * MINUTE, staff_id, "", agreed)


@dataclass
class Diary:
    """Watches every reminder of every version of every appointment. `owed` is what must have a row by the start."""

    house: House
    versions: dict[int, int] = field(default_factory=dict)
    owed: dict[tuple[int, int], tuple[datetime, frozenset[int]]] = field(default_factory=dict)
    """By appointment and version: its start, and the leads that were still to come when this version was made."""

    def see(self, store: SimStore, ids: list[int], now: datetime) -> None:
        """Whoever changed these appointments, and by whatever way: a version's reminders are owed from now on."""
        for row in store.look(lambda c: c.execute(_VERSIONS, {"ids": ids}).all()):
            before = self.versions.get(row.id, -1)
            if before == row.version:
                continue
            self.versions[row.id] = row.version
            if (row.id, before) in self.owed and self.owed[row.id, before][0] > now:
                del self.owed[row.id, before]
            if row.state in AHEAD:
                owes = store.look(lambda c, row=row: self._owes(c, row.conversation_id, row.id, now))
                self.owed[row.id, row.version] = owes

    def _owes(self, c: Connection, talk_id: int, row_id: int, now: datetime) -> tuple[datetime, frozenset[int]]:
        talk = look_at_talk(c, self.house, talk_id)
        one, zone = find(c, talk, row_id), talk.contact().time_zone
        return one.starts_at, frozenset(lead for lead in one.leads if lead_due(one.starts_at, lead, zone) > now)

    def check(self, store: SimStore, now: datetime, reasons: Iterable[str]) -> None:
        """By the start of an appointment each reminder has its row, with a reason where it did not go."""
        over = [which for which, (starts_at, _) in self.owed.items() if starts_at <= now]
        for row_id, version in over:
            _, leads = self.owed.pop((row_id, version))
            rows = store.look(lambda c, row_id=row_id, version=version: _rows(c, row_id, version))
            if missing := leads - rows.keys():
                raise Violation(f"appointment {row_id}: nothing says what became of the reminders {sorted(missing)}")
            for state, reason, sent in rows.values():
                if (state == "not_sent" and reason not in reasons) or (state != "not_sent" and not sent):
                    raise Violation(f"appointment {row_id}: a reminder is {state} for no known reason: {reason!r}")

    def offered(self, c: Connection, offer: Offer, now: datetime) -> None:
        """A reminder is offered only while its appointment stands as the words say, and before it begins (R9)."""
        if offer.kind is not Kind.REMINDER:
            return
        row = c.execute(
            select(Appointment.state, Appointment.starts_at, Appointment.version, Reminder.version.label("of"))
            .join(Reminder, Reminder.appointment_id == Appointment.id)
            .where(Reminder.id == offer.about_id)
        ).one()
        if row.state not in AHEAD or row.version != row.of or now >= row.starts_at:
            raise Violation(f"reminder {offer.id} was offered for an appointment that is moved, {row.state} or begun")


def _rows(c: Connection, row_id: int, version: int) -> dict[int, tuple[str, str, bool]]:
    """By lead, what became of the reminders of one version."""
    mine = (Reminder.appointment_id == row_id, Reminder.version == version)
    rows = c.execute(select(Reminder.lead, Reminder.state, Reminder.reason, _MESSAGES).where(*mine)).all()
    return {row.lead: (row.state, row.reason, row[3]) for row in rows}
