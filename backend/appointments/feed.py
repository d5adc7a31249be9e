"""A practitioner's calendar for their own calendar program: when they are busy, and nothing about anybody (RFC 5545).

Whoever has the link reads the feed, so it is long, belongs to one account, can be ended, and is kept only as a keyed
hash; and the feed holds no name, place, number or kind. Google and Microsoft subscribe to it by its address.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar, Event
from sqlalchemy import Connection, insert, select, update

from backend.house import House
from backend.store.support import Appointment, CalendarFeed
from backend.store.work import Staff

TOKEN_BYTES = 32
BACK, AHEAD = timedelta(days=30), timedelta(days=366)
"""How far a feed reaches."""
REFRESH = timedelta(hours=1)
"""How often a program is asked to look again."""
OFF = ("cancelled", "cannot")


def make_link(c: Connection, house: House, staff_id: int) -> str:
    """A new link's token, which is only ever in the answer; the earlier link of the account ends."""
    end_links(c, house, staff_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {"id": house.new_id(), "staff_id": staff_id, "token_index": _index(house, token)}
    c.execute(insert(CalendarFeed), row | {"created_at": house.clock(), "ended_at": None})
    return token


def end_links(c: Connection, house: House, staff_id: int) -> None:
    """No link of this account opens anything any more."""
    live = (CalendarFeed.staff_id == staff_id, CalendarFeed.ended_at.is_(None))
    c.execute(update(CalendarFeed).where(*live).values(ended_at=house.clock()))


def has_link(c: Connection, staff_id: int) -> bool:
    """Whether a link of this account is open."""
    live = (CalendarFeed.staff_id == staff_id, CalendarFeed.ended_at.is_(None))
    return c.execute(select(CalendarFeed.id).where(*live).limit(1)).first() is not None


def whose(c: Connection, house: House, token: str) -> int | None:
    """The account whose calendar this token opens; None: nobody's, or its link or account has ended."""
    return c.execute(
        select(CalendarFeed.staff_id)
        .join(Staff, Staff.id == CalendarFeed.staff_id)
        .where(
            CalendarFeed.token_index == _index(house, token), CalendarFeed.ended_at.is_(None), Staff.active.is_(True)
        )
    ).scalar_one_or_none()


def write_calendar(c: Connection, house: House, staff_id: int) -> bytes:
    """When this practitioner is busy, as a calendar file; all times are UTC."""
    now = house.clock()
    mine = (Appointment.staff_id == staff_id, Appointment.ends_at > now - BACK, Appointment.starts_at < now + AHEAD)
    rows = c.execute(select(Appointment.__table__).where(*mine).order_by(Appointment.starts_at, Appointment.id)).all()
    calendar = Calendar()
    calendar.add("prodid", "-//sidedoor//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for row in rows:
        calendar.add_component(_event(house, row, now))
    return bytes(calendar.to_ical())


def _event(house: House, row: Any, now: datetime) -> Event:
    """One block: the neutral title, from when until when, and whether it is held. Its UID is the same for ever."""
    event = Event()
    event.add("uid", house.vault.index("calendar", str(row.id)).hex()[:32])
    event.add("dtstamp", now)
    event.add("created", row.created_at)
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", house.settings.calendar_title)
    event.add("sequence", row.version)
    event.add("status", "CANCELLED" if row.state in OFF else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if row.state in OFF else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _index(house: House, token: str) -> bytes:
    return house.vault.index("calendar_feed", token)
