"""When an appointment's reminders are due and how its time is said: a pure reckoning on the person's wall clock (D1).

A lead is a number of minutes. Whole days are days of the calendar, so "a day before" shows the same time of the clock
through both clock changes; anything else is that much time. Instants are aware, in UTC.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

A_DAY = 24 * 60
"""Minutes."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of appointment. `elsewhere`: somebody has to get to a place, so the way there takes time."""

    words: str
    elsewhere: bool = True


KINDS: Mapping[str, Kind] = {
    "face_to_face": Kind("Face to face"),
    "call": Kind("Phone call", elsewhere=False),
    "online": Kind("Online", elsewhere=False),
    "joint_visit": Kind("Joint visit"),
    "court": Kind("Court"),
    "group": Kind("Group"),
    "drop_in": Kind("Drop-in"),
}
"""Every kind, as the desk says it; no text to a person holds these words (R5)."""

AHEAD = ("planned", "confirmed")
"""States in which it will be held; in every other nothing is sent for it."""
OUTCOMES: Mapping[str, str] = {
    "attended": "They came",
    "not_held": "It was stopped, or not held, on the day",
    "missed": "They did not come",
}
"""What a practitioner writes down afterwards; none of them blames anybody (D5, D12)."""
STATES: Mapping[str, str] = {
    "planned": "planned",
    "confirmed": "they said it is fine",
    "cannot": "they said it does not suit",
    "cancelled": "cancelled",
    "attended": "they came",
    "not_held": "not held on the day",
    "missed": "they did not come",
}


class NoSuchTimeError(Exception):
    """The clocks go forward over that time: no clock shows it on that day."""


def instant(day: date, wall: time, zone: str) -> datetime:
    """What a clock on the wall shows, in UTC; of a time that comes twice the first. Raises NoSuchTimeError."""
    at = datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).time() != wall:
        raise NoSuchTimeError
    return at


def lead_due(starts_at: datetime, lead: int, zone: str) -> datetime:
    """When a reminder with this lead (minutes) is due."""
    if lead % A_DAY:
        return starts_at - timedelta(minutes=lead)
    local = starts_at.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date() - lead // A_DAY * DAY, local.time(), ZoneInfo(zone)).astimezone(UTC)


def lead_ends(starts_at: datetime, lead: int, leads: Collection[int], zone: str, longest: timedelta) -> datetime:
    """Until when a reminder may go: until the next is due, at most `longest` after its time, and before the start."""
    later = [lead_due(starts_at, other, zone) for other in leads if other < lead]
    return min([*later, lead_due(starts_at, lead, zone) + longest, starts_at])


def day_ends(now: datetime, zone: str) -> datetime:
    """The next midnight on the person's clock: after it "tomorrow" would not be true any more."""
    where = ZoneInfo(zone)
    return datetime.combine(now.astimezone(where).date() + DAY, time(0), where).astimezone(UTC)


def when_words(now: datetime, at: datetime, zone: str) -> str:
    """A time as a friend would say it, in signs that any phone can show: `tomorrow at 2pm`, `Tue 3 March at 2.30pm`."""
    where = ZoneInfo(zone)
    local, today = at.astimezone(where), now.astimezone(where).date()
    ahead = (local.date() - today).days
    day = {0: "today", 1: "tomorrow"}.get(ahead, f"{local:%a} {local.day} {local:%B}")
    return f"{day} at {clock_words(local)}"


def clock_words(local: datetime) -> str:
    """The time of day of a local instant: `2pm`, `9.05am`, `12 noon`."""
    if (local.hour, local.minute) == (12, 0):
        return "12 noon"
    minutes = f".{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"
