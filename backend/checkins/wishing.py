"""What somebody answered about texts at set times, as rules; pure (C13, C14).

Nothing is read into an answer: a plan without a kind, a rhythm or a time is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.checkins.plans import PURPOSES
from backend.checkins.rules import DAY, Cadence, Every, Pause, Rule, cadence_on, is_due_on, times_on
from backend.checkins.sealed import rule_from_json, rule_to_json
from backend.checkins.terms import Terms
from backend.checkins.topics import THEMES
from safety import hours
from safety.types import SafeContact, Window

Slots = Mapping[str, Any]
LASTS: Mapping[str, timedelta] = {"two_weeks": 14 * DAY, "month": 30 * DAY, "three_months": 91 * DAY}
EVERY: Mapping[str, int] = {"two": 2, "three": 3, "five": 5, "ten": 10}
"""Answers to how many days lie between two texts."""
AHEAD = 70
"""Days looked at to see whether a plan keeps to the agreed hours; weeks with every sort of day, and a clock change or
two, are among them."""
RAREST = 60
"""The largest `n` of a cadence."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would like: for which purposes, by which rule, with which themes."""

    purposes: tuple[str, ...]
    rule: Rule = field(repr=False)
    themes: tuple[str, ...] = THEMES

    @property
    def terms(self) -> Terms:
        """As a plan keeps them."""
        return Terms(themes=self.themes)


def wish_of(slots: Slots, today: date, zone: str) -> Wish | None:
    """What the answers ask for; None where one that is needed was passed over."""
    kind, cadence = str(slots.get("plan_kind")), _cadence(slots)
    purposes = PURPOSES if kind == "both" else tuple(one for one in PURPOSES if one == kind)
    if not purposes or cadence is None or not slots.get("plan_time"):
        return None
    lasts = LASTS.get(str(slots.get("plan_until")))
    at = (time.fromisoformat(str(slots["plan_time"])),)
    rule = Rule(cadence, at, zone, today, until=today + lasts if lasts else None)
    rule = tapered_to_end(rule) if slots.get("plan_taper") == "slowly" else rule
    return Wish(purposes, rule, tuple(slots.get("plan_theme") or THEMES))


def wish_to_json(wish: Wish) -> dict[str, Any]:
    """To be kept until somebody confirms it (R14)."""
    return {"purposes": [*wish.purposes], "rule": rule_to_json(wish.rule), "themes": [*wish.themes]}


def wish_from_json(value: Mapping[str, Any]) -> Wish:
    """What was kept. Raises ValueError, KeyError or TypeError if it is damaged."""
    return Wish(tuple(value["purposes"]), rule_from_json(value["rule"]), tuple(value["themes"]))


def keeps_to(rule: Rule, contact: SafeContact) -> bool:
    """Whether every time of the rule lies in the hours that were agreed, and we may write first (R7, R14)."""
    where = hours.zone(contact.time_zone)
    if where is None or not contact.may_start:
        return False
    instants = [at for n in range(AHEAD) for at in times_on(rule, rule.first + n * DAY)]
    return bool(instants) and all(hours.is_open(contact.windows, where, at) for at in instants)


def widened(contact: SafeContact, rule: Rule, lasts: timedelta) -> SafeContact:
    """The profile with room for the rule: we may write first, and from each time on for as long as it may be sent."""
    days = {at.astimezone(ZoneInfo(rule.zone)).weekday() for at in _instants(rule)}
    windows = (
        [Window(frozenset(days), wall, _later(wall, lasts)) for wall in rule.at] if isinstance(rule.at, tuple) else []
    )
    return replace(contact, may_start=True, windows=(*contact.windows, *windows))


def rarer(rule: Rule) -> Rule:
    """Half as often, now and in every step of a taper."""
    return replace(
        rule, cadence=_halved(rule.cadence), tapers=tuple((day, _halved(cadence)) for day, cadence in rule.tapers)
    )


def tapered(rule: Rule, today: date) -> Rule:
    """Half as often now, half of that two weeks later, and again; a taper that lies ahead is only made rarer (H6)."""
    slower = rarer(rule)
    if any(day > today for day, _ in rule.tapers):
        return slower
    return _in_steps(slower, today, [today + 14 * DAY, today + 28 * DAY])


def tapered_to_end(rule: Rule) -> Rule:
    """Half as often in the second half of its time, and half of that in the last quarter; `until` is known (H6)."""
    if rule.until is None:
        return rule
    lasts = rule.until - rule.first
    return _in_steps(rule, rule.first, [rule.first + lasts // 2, rule.first + lasts * 3 // 4])


def _in_steps(rule: Rule, today: date, nominal: Sequence[date]) -> Rule:
    """A step of a taper at each day, or when it is next due by then: each half as often as the one before."""
    cadence = cadence_on(rule, today)[0]
    for at in nominal:
        earliest = max([at, *(day + DAY for day, _ in rule.tapers)])
        day = next((earliest + n * DAY for n in range(AHEAD) if is_due_on(rule, earliest + n * DAY)), None)
        if day is None:
            break
        cadence = _halved(cadence)
        rule = replace(rule, tapers=(*rule.tapers, (day, cadence)))
    return rule


def _halved(cadence: Cadence) -> Cadence:
    """Every other day, every other week, the half of the days."""
    if cadence.every is Every.WEEKS and len(cadence.weekdays) > 1:
        return replace(cadence, weekdays=frozenset(sorted(cadence.weekdays)[::2]))
    return replace(cadence, n=min(2 * cadence.n, RAREST))


def paused(rule: Rule, today: date, last: date | None) -> Rule:
    """Quiet from today to `last`, or until it is taken up; an open pause of today takes that end."""
    others = tuple(pause for pause in rule.pauses if not (pause.first == today and pause.last is None))
    return replace(rule, pauses=(*others, Pause(today, last)))


def taken_up(rule: Rule, today: date) -> Rule:
    """No pause holds from today on; what was quiet before stays written down."""
    ended = [replace(pause, last=today - DAY) for pause in rule.pauses if pause.first < today and today in pause]
    return replace(rule, pauses=(*(pause for pause in rule.pauses if today not in pause), *ended))


def goes_on(answer: object, today: date) -> date | None:
    """The day on which it goes on again after a pause from today; None: when they write."""
    if answer == "this_week":
        return today + (7 - today.weekday()) * DAY
    if answer == "two_weeks":
        return today + 14 * DAY
    try:
        day = date.fromisoformat(str(answer))
    except ValueError:
        return None
    return max(day, today + DAY)


def not_twice_today(rule: Rule, last_due: datetime | None, today: date) -> Rule:
    """Another rule begins tomorrow where this day has had its text: a change never makes a second one."""
    there = last_due is not None and last_due.astimezone(ZoneInfo(rule.zone)).date() >= today
    return replace(rule, first=today + DAY, until=rule.until) if there and rule.first <= today else rule


def _cadence(slots: Slots) -> Cadence | None:
    often = slots.get("plan_often")
    days = frozenset(day for day in slots.get("plan_days") or () if isinstance(day, int))
    if often == "days" and days:
        return Cadence(Every.WEEKS, 1, days)
    if often == "every_few" and slots.get("plan_every") in EVERY:
        return Cadence(Every.DAYS, EVERY[str(slots["plan_every"])])
    return Cadence() if often == "daily" else None


def _instants(rule: Rule) -> list[datetime]:
    return [at for n in range(AHEAD) for at in times_on(rule, rule.first + n * DAY)]


def _later(wall: time, lasts: timedelta) -> time:
    """So much later on the same day, and never past midnight."""
    minutes = wall.hour * 60 + wall.minute + lasts // timedelta(minutes=1)
    return time(23, 59) if minutes >= 24 * 60 else time(minutes // 60, minutes % 60)
