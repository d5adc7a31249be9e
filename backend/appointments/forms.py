"""What a practitioner typed, read into a booking; what cannot be read is a reason and never a guess."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.appointments.records import Appointment, Booking
from backend.appointments.rules import KINDS, NoSuchTimeError, instant
from backend.appointments.sealed import WORDINGS, Reminders
from backend.forms import FormError
from backend.settings import Settings

LONGEST_PLACE = 300
"""Characters."""
LONGEST = timedelta(hours=12)
OFFERS = ("offer_1", "offer_2", "offer_3")
MORE_LEADS = ((10080, 1440, 120), (1440,), (120,), (60,))
"""Minutes before: what can be chosen beside the leads of the settings."""

PROBLEMS: Mapping[str, str] = {
    "when": "say on which day, from when and until when, such as 2026-03-04 14:00 and 15:00.",
    "no_such_time": "the clocks go forward over that time, so no clock shows it on that day.",
    "too_long": "an appointment lasts at most 12 hours.",
    "kind": "say what kind of appointment it is, with whom, and how it is reminded of.",
    "reminders_off": "they have not said that reminders are safe here at all. Ask them first, and write it down.",
    "not_ahead": "it is over, or it has been changed in the meantime. Look at it as it is now.",
    "past": "what came of it can be written down once its time has come.",
}
"""Why a press on these pages did nothing."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a form may choose from. `zones`: the service's first, then the person's where it is another."""

    staff: Mapping[int, str]
    leads: Collection[tuple[int, ...]]
    zones: tuple[str, ...]


def leads_of(settings: Settings) -> list[tuple[int, ...]]:
    """The sets of leads that can be chosen, the proposed one first."""
    return list(dict.fromkeys([tuple(settings.reminder_leads), *MORE_LEADS]))


def read_booking(form: Mapping[str, str], choices: Choices, ahead: int) -> Booking:
    """The booking of a form; `ahead` is the minutes before a call at which a text may go. Raises FormError."""
    kind, staff = form.get("kind", ""), form.get("staff", "")
    if kind not in KINDS or not staff.isdigit() or int(staff) not in choices.staff:
        raise FormError("kind")
    zone = form.get("zone") or choices.zones[0]
    if zone not in choices.zones:
        raise FormError("when")
    day, wall = _day_and_time(form.get("starts", ""))
    starts = _instant(day, wall, zone)
    ends = _end(day, wall, _time(form.get("until", "")), zone)
    if ends - starts > LONGEST:
        raise FormError("too_long")
    place = form.get("place", "").strip()[:LONGEST_PLACE]
    return Booking(
        kind, starts, ends, int(staff), place, _reminders(form, choices, zone, ahead if kind == "call" else 0)
    )


def fields_of(appointment: Appointment, zone: str) -> dict[str, str]:
    """An appointment as the form shows it, in the wall time of `zone`."""
    where, agreed = ZoneInfo(zone), appointment.reminders
    start, end = (at.astimezone(where) for at in (appointment.starts_at, appointment.ends_at))
    offers = [f"{at.astimezone(where):%Y-%m-%dT%H:%M}" for at in (agreed.offers if agreed else ())]
    return {
        "kind": appointment.kind,
        "starts": f"{start:%Y-%m-%dT%H:%M}",
        "until": f"{end:%H:%M}",
        "zone": zone,
        "staff": str(appointment.staff_id),
        "place": appointment.place,
        "remind": "on" if agreed else "",
        "leads": as_field(agreed.leads) if agreed else "",
        "wording": agreed.wording if agreed else "",
        "ahead": "on" if agreed and agreed.call_ahead else "",
        **dict(zip(OFFERS, offers, strict=False)),
    }


def as_field(leads: Collection[int]) -> str:
    """A set of leads as the value of a choice."""
    return " ".join(map(str, leads))


def _reminders(form: Mapping[str, str], choices: Choices, zone: str, ahead: int) -> Reminders | None:
    """Nothing unless they said that a text is safe for this one (R9)."""
    if not form.get("remind"):
        return None
    known = {as_field(leads): leads for leads in choices.leads}
    wording = form.get("wording") or next(iter(WORDINGS))
    leads = known.get(form.get("leads", "")) or next(iter(known.values()))
    if wording not in WORDINGS:
        raise FormError("kind")
    offers = [_instant(*_day_and_time(text), zone) for name in OFFERS if (text := form.get(name, "").strip())]
    return Reminders(leads, wording, ahead if form.get("ahead") else 0, tuple(sorted(set(offers))))


def _end(day: date, start: time, end: time, zone: str) -> datetime:
    """The end; one that is not after the start is on the next day."""
    return _instant(day if end > start else day + timedelta(days=1), end, zone)


def _instant(day: date, wall: time, zone: str) -> datetime:
    try:
        return instant(day, wall, zone)
    except NoSuchTimeError:
        raise FormError("no_such_time") from None


def _day_and_time(text: str) -> tuple[date, time]:
    try:
        read = datetime.fromisoformat(text.strip().replace(" ", "T", 1))
    except ValueError:
        raise FormError("when") from None
    if "T" not in text.replace(" ", "T") or read.tzinfo is not None or not 2000 <= read.year <= 2100:
        raise FormError("when")
    return read.date(), read.time().replace(second=0, microsecond=0)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise FormError("when") from None
