"""What the desk's pages about one person's appointments show, with the reading written down (R39)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select
from sqlalchemy.exc import NoResultFound

from backend.appointments.access import may_open, must_book_for
from backend.appointments.bookings import ToFind, to_find
from backend.appointments.clashes import warnings
from backend.appointments.forecast import Fate, fates, foresee, lead_words
from backend.appointments.forms import Choices, leads_of
from backend.appointments.records import Appointment, Booking, find, link_to, of_talk
from backend.appointments.rules import AHEAD, KINDS, OUTCOMES, STATES
from backend.appointments.sealed import WORDINGS
from backend.conversations.talk import Talk, load_talk
from backend.desk.queue import called, staff_names
from backend.desk.records import Contact, contact_of
from backend.house import House
from backend.staff import Actor, note_reading
from backend.staff.roles import Right, roles_that_may
from backend.store.work import Staff


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment in a list."""

    id: int
    link: str
    words: str
    starts_at: datetime
    state: str
    is_ahead: bool
    needs_outcome: bool
    who: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TalkPage:
    """Everything that was agreed with one person, and what is to be found; `called` is empty for whoever only books."""

    id: int
    called: str = field(repr=False)
    contact: Contact = field(repr=False)
    to_find: Sequence[ToFind]
    ahead: Sequence[Line]
    past: Sequence[Line]


@dataclass(frozen=True, slots=True)
class OnePage:
    """One appointment; the two times are wall times, the person's only where their clock is another."""

    id: int
    talk_id: int
    contact: Contact = field(repr=False)
    to_find: Sequence[ToFind]
    line: Line
    when: str
    their_when: str
    wording: str
    fates: Sequence[tuple[str, Fate]]
    may_move: bool
    called: str = field(repr=False)
    place: str = field(repr=False)
    offers: Sequence[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """What speaks against a booking that was typed, and what would become of its reminders."""

    warnings: Sequence[str]
    fates: Sequence[tuple[str, Fate]]
    sure: str
    """What the form has to carry to be booked all the same: it names these warnings, of this time, and no others."""


def open_talk(c: Connection, house: House, actor: Actor, talk_id: int) -> TalkPage:
    """Everything that was agreed with one person. Raises NoResultFound."""
    talk = _open(c, house, actor, talk_id)
    found = [one for one in of_talk(c, talk) if may_open(house, actor, one)]
    names = staff_names(c, house, {one.staff_id for one in found})
    lines = [_line(house, one, names) for one in found]
    ahead = sorted((line for line in lines if line.is_ahead), key=lambda line: line.starts_at)
    return TalkPage(
        talk_id,
        _called(c, house, actor, talk_id),
        contact_of(c, house, talk_id),
        to_find(c, house, talk_id),
        ahead,
        [line for line in lines if not line.is_ahead],
    )


def open_one(c: Connection, house: House, actor: Actor, talk_id: int, row_id: int) -> OnePage:
    """One appointment. Raises NoResultFound."""
    talk = _open(c, house, actor, talk_id)
    one = find(c, talk, row_id)
    if not may_open(house, actor, one):
        raise NoResultFound
    ours, theirs = zones(house, talk)
    agreed = one.reminders
    return OnePage(
        id=row_id,
        talk_id=talk_id,
        contact=contact_of(c, house, talk_id),
        to_find=to_find(c, house, talk_id),
        line=_line(house, one, staff_names(c, house, {one.staff_id})),
        when=span(one, ours),
        their_when=span(one, theirs) if theirs != ours else "",
        wording=WORDINGS.get(agreed.wording, "") if agreed else "",
        fates=_named(one, fates(c, house, talk, one) if one.is_ahead else []),
        may_move=one.state not in OUTCOMES,
        called=_called(c, house, actor, talk_id),
        place=one.place,
        offers=[moment(at, ours) for at in (agreed.offers if agreed else ())],
    )


def check(c: Connection, house: House, talk: Talk, booking: Booking, row_id: int | None = None) -> Checked:
    """What to think of before this is booked: clashes, hours, and each reminder that will not go (D1)."""
    found = warnings(c, house, booking, talk.id, row_id)
    coming = foresee(house, talk, booking)
    lost = [f"The reminder {lead_words(fate.lead)} will not go." for fate in coming if not fate.goes]
    sure = " ".join([booking.starts_at.isoformat("T", "minutes"), *(one.code for one in found), str(len(lost))])
    return Checked([*(one.words for one in found), *lost], _named(booking, coming), sure)


def choices(c: Connection, house: House, talk: Talk) -> Choices:
    """What a form about this person may choose from."""
    able = [role.value for role in roles_that_may(Right.ACT)]
    ids = set(c.execute(select(Staff.id).where(Staff.active, Staff.role.in_(able))).scalars())
    names = staff_names(c, house, ids)
    ordered = dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))
    return Choices(ordered, leads_of(house.settings), tuple(dict.fromkeys(zones(house, talk))))


def usual(c: Connection, actor: Actor, talk: Talk) -> str:
    """With whom a form proposes to book: the practitioner themself; else the one whom this person sees, if anybody."""
    if actor.may(Right.ACT):
        return str(actor.staff_id)
    return next((str(one.staff_id) for one in of_talk(c, talk)), "")


def zones(house: House, talk: Talk) -> tuple[str, str]:
    """The service's clock and the person's."""
    return house.settings.time_zone, talk.contact().time_zone


def span(booking: Booking, zone: str) -> str:
    """From when until when, on a clock: `Tue 3 March 2026, 14:00 to 15:00`."""
    end = booking.ends_at.astimezone(ZoneInfo(zone))
    return f"{moment(booking.starts_at, zone)} to {end:%H:%M}"


def moment(at: datetime, zone: str) -> str:
    """A moment on a clock, with its year."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%B %Y}, {local:%H:%M}"


def leads_words(leads: Sequence[int]) -> str:
    """A set of leads: `1 day before, 2 hours before`."""
    return ", ".join(map(lead_words, leads))


def _open(c: Connection, house: House, actor: Actor, talk_id: int) -> Talk:
    must_book_for(c, house, actor, talk_id)
    note_reading(c, house, actor.staff_id, "appointments", talk_id)
    return load_talk(c, house, talk_id)


def _called(c: Connection, house: House, actor: Actor, talk_id: int) -> str:
    """What a practitioner tells this person by; whoever only books tells them by their appointments (D2)."""
    return called(c, house, talk_id) if actor.may(Right.READ) else ""


def _named(booking: Booking, found: Sequence[Fate]) -> list[tuple[str, Fate]]:
    """Each reminder with what it is called."""
    ahead = booking.reminders.call_ahead if booking.reminders and booking.kind == "call" else None
    return [("Before the call" if fate.lead == ahead else lead_words(fate.lead).capitalize(), fate) for fate in found]


def _line(house: House, one: Appointment, names: Mapping[int, str]) -> Line:
    over = one.is_ahead and one.starts_at <= house.clock()
    return Line(
        id=one.id,
        link=link_to(one),
        words=KINDS[one.kind].words if one.kind in KINDS else one.kind,
        starts_at=one.starts_at,
        state=STATES.get(one.state, one.state),
        is_ahead=one.state in AHEAD,
        needs_outcome=over,
        who=names.get(one.staff_id, ""),
    )
