"""The safe-contact profile: kept as JSON, compared for what loosens or tightens (R14), and expiring (R10).

What tightens applies at once, from any channel. What loosens waits for a second agreed route or a worker; `tightened`
gives the profile that holds meanwhile. A first profile has nothing to loosen: the house applies it where it was given.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime, time, timedelta

from safety.hours import minutes_of_week, windows_of, zone
from safety.types import OnSilence, Point, PointState, Rules, SafeContact, Window

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

WARINESS = {"nobody": 0, "unknown": 1, "maybe": 2, "yes": 3}
"""Answers to "who else sees this phone?", from the least wary to the most."""

SAFETY = (PointState.UNSAFE, PointState.UNKNOWN, PointState.STALE, PointState.SAFE)
"""States of a contact point, from what allows least to what allows most."""

_PERMISSIONS = ("may_start", "naming", "voice", "reminders")


LASTS = Rules().confirmation_lasts


class ProfileError(ValueError):
    """A stored safe-contact profile is damaged; it is treated as if nothing had been agreed. Holds no value of it."""


def contact_to_json(contact: SafeContact) -> dict[str, Json]:
    """The profile as plain JSON values, to be sealed."""
    windows: list[Json] = [
        {"days": [*sorted(window.days)], "start": window.start.isoformat(), "end": window.end.isoformat()}
        for window in contact.windows
    ]
    rest = {field.name: getattr(contact, field.name) for field in fields(contact) if field.name != "windows"}
    return {**rest, "windows": windows, "on_silence": contact.on_silence.value}


def contact_from_json(value: object) -> SafeContact:
    """The profile that was written. What is missing is as the default allows: nothing. Raises ProfileError."""
    if not isinstance(value, Mapping) or value.keys() - {field.name for field in fields(SafeContact)}:
        raise ProfileError("the profile has parts that are not known")
    given = {name: part for name, part in value.items() if name not in ("windows", "on_silence")}
    for name, part in given.items():
        if type(part) is not (bool if name in _PERMISSIONS else str):
            raise ProfileError("a part of the profile has the wrong type")
    try:
        silence = OnSilence(value.get("on_silence", OnSilence.WAIT))
        windows = tuple(_window(item) for item in value.get("windows", ()))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ProfileError("the hours or the silence of the profile cannot be read") from None
    contact = SafeContact(windows=windows, on_silence=silence, **given)
    if zone(contact.time_zone) is None or contact.others_see not in WARINESS:
        raise ProfileError("the time zone of the profile, or who sees the phone, is not known")
    return contact


def _window(item: Mapping[str, object]) -> Window:
    days = item["days"]
    if not isinstance(days, list) or any(type(day) is not int or not 0 <= day <= 6 for day in days):
        raise ProfileError("a day of the profile is not known")
    return Window(frozenset(days), time.fromisoformat(str(item["start"])), time.fromisoformat(str(item["end"])))


def loosens(old: SafeContact, new: SafeContact) -> tuple[str, ...]:
    """The parts in which `new` allows more than `old`, or takes a safety net away; they wait for another route."""
    return tuple(part for part, allows_more in _MORE.items() if allows_more(old, new))


def tightens(old: SafeContact, new: SafeContact) -> tuple[str, ...]:
    """The parts in which `new` allows less than `old`; they apply at once (R14)."""
    return tuple(part for part, allows_more in _MORE.items() if allows_more(new, old))


def tightened(old: SafeContact, new: SafeContact) -> SafeContact:
    """`old` with everything in `new` that tightens and nothing that loosens: what holds until the rest is confirmed."""
    changed = {part: getattr(new, part) for part in tightens(old, new) if part not in loosens(old, new)}
    if "windows" in loosens(old, new):
        changed["windows"] = windows_of(minutes_of_week(old.windows) & minutes_of_week(new.windows))
    return replace(old, **changed)


def part_to_json(contact: SafeContact, part: str) -> Json:
    """One part of the profile by itself, to be sealed; hours mean nothing without the zone of their clock."""
    whole = contact_to_json(contact)
    return {"windows": whole["windows"], "time_zone": whole["time_zone"]} if part == "windows" else whole[part]


def with_part(contact: SafeContact, part: str, value: Json) -> SafeContact:
    """The profile with one part as `part_to_json` wrote it. Raises ProfileError."""
    changed = value if part == "windows" and isinstance(value, dict) else {part: value}
    return contact_from_json({**contact_to_json(contact), **changed})


def stale(point: Point, now: datetime, lasts: timedelta = LASTS) -> bool:
    """Whether the answers no longer hold: marked so, past their date, or of no known date at all (R10)."""
    ends = [point.expires_at, point.confirmed_at and point.confirmed_at + lasts]
    known = [end for end in ends if end is not None]
    return point.state is PointState.STALE or not known or min(known) <= now


def after_risk(point: Point) -> Point:
    """What is left of a contact point after a risk event: a new number, a failed check, codes 30004 to 30006 (R10).

    Nobody can say any more who reads there, so nothing is started until a worker has looked; unsafe stays unsafe.
    """
    return point if point.state is PointState.UNSAFE else replace(point, state=PointState.UNKNOWN)


def _more_hours(old: SafeContact, new: SafeContact) -> bool:
    """Another time zone moves every hour, so it counts as more unless there are no hours."""
    moved = old.time_zone != new.time_zone and bool(new.windows)
    return moved or bool(minutes_of_week(new.windows) & ~minutes_of_week(old.windows))


def _weaker_on_silence(old: SafeContact, new: SafeContact) -> bool:
    """Trying again sends more; no longer telling a worker takes a safety net away, which may be coerced."""
    changed = old.on_silence is not new.on_silence
    return changed and (new.on_silence is OnSilence.TRY_ONCE_MORE or old.on_silence is OnSilence.TELL_WORKER)


def _wariness(contact: SafeContact) -> int:
    return WARINESS.get(contact.others_see, WARINESS["unknown"])


def _more_permission(part: str) -> Callable[[SafeContact, SafeContact], bool]:
    return lambda old, new: getattr(new, part) and not getattr(old, part)


_MORE: dict[str, Callable[[SafeContact, SafeContact], bool]] = {
    "windows": _more_hours,
    **{part: _more_permission(part) for part in _PERMISSIONS},
    "others_see": lambda old, new: _wariness(new) < _wariness(old),
    "on_silence": _weaker_on_silence,
    "cover": lambda old, new: new.cover not in ("", old.cover),
}
"""For each part of the profile: does the second allow more than the first? A line for a stranger is more than none."""

PARTS = frozenset(_MORE)
"""The parts that a change can be about."""
