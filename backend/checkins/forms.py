"""What a practitioner typed about a plan, read into a rule and terms; what cannot be read is a reason, no guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from backend.checkins.plans import PURPOSES, Agreed
from backend.checkins.rules import Between, Cadence, Every, Pause, Rule
from backend.checkins.terms import Terms
from backend.checkins.topics import ASKS, THEMES
from safety.outcomes import AgreedLadder

Form = Mapping[str, str]
STEPS = ("try_once_more", "tell_worker", "trusted_contact", "police")
PROBLEMS: Mapping[str, str] = {
    "purpose": "say what it is: a check-in or kind words.",
    "days": "say how often, and for weeks on which days. A number is from 1 to 60.",
    "at": "say at what time, such as 19:30, or from when and until when on one day.",
    "dates": "say from which day on, such as 2026-03-04, and an end that is not before it.",
    "taper": "say from which day on it is rarer, and how rare: a number of weeks from 1 to 60.",
    "ladder": "a trusted contact and the police are a worker's step: a worker must be told. Wait 5 to 10080 minutes.",
    "there": "there is one of this kind already. Change that one.",
    "gone": "it has ended or changed in the meantime. Look at it as it is now.",
}
"""Why a press on these pages did nothing."""


class FormError(Exception):
    """The form cannot be read; its text is a code of PROBLEMS."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a form asks for."""

    purpose: str
    rule: Rule = field(repr=False)
    terms: Terms = field(repr=False)


def read_form(form: Form, zone: str, before: Rule | None = None) -> Read:
    """The plan of a form; the pauses of the one `before` stay. Raises FormError."""
    purpose = form.get("purpose", "")
    if purpose not in PURPOSES:
        raise FormError("purpose")
    cadence, at = _cadence(form), _at(form)
    try:
        first, until = date.fromisoformat(form.get("first", "")), _day(form.get("until", ""))
        pauses = before.pauses if before else ()
        rule = Rule(cadence, at, zone, first, until, pauses, _taper(form))
    except ValueError:
        raise FormError("dates") from None
    return Read(purpose, rule, _terms(form))


def read_pause(form: Form, today: date) -> Pause:
    """From a day, or today, to a day, or until it is taken up. Raises FormError."""
    try:
        first, last = _day(form.get("first", "")) or today, _day(form.get("last", ""))
    except ValueError:
        raise FormError("dates") from None
    if last is not None and last < first:
        raise FormError("dates")
    return Pause(first, last)


def fields_of(plan: Agreed) -> dict[str, str]:
    """A plan as the form shows it."""
    rule, terms = plan.rule, plan.terms
    hours = rule.at if isinstance(rule.at, Between) else None
    ladder = terms.ladder
    fields = {
        "purpose": plan.purpose,
        "every": rule.cadence.every.value,
        "n": str(rule.cadence.n),
        "at": " ".join(f"{wall:%H:%M}" for wall in rule.at) if isinstance(rule.at, tuple) else "",
        "from": f"{hours.start:%H:%M}" if hours else "",
        "to": f"{hours.end:%H:%M}" if hours else "",
        "first": rule.first.isoformat(),
        "until": rule.until.isoformat() if rule.until else "",
        "taper": rule.tapers[0][0].isoformat() if rule.tapers else "",
        "taper_n": str(rule.tapers[0][1].n) if rule.tapers else "",
        "grace": str(ladder.grace // timedelta(minutes=1)) if ladder else "",
    }
    fields |= {f"day_{day}": "on" for day in rule.cadence.weekdays}
    fields |= {f"theme_{theme}": "on" for theme in terms.themes}
    fields |= {f"ask_{ask}": "on" for ask in terms.asks}
    return fields | {step: "on" for step in STEPS if ladder and getattr(ladder, step)}


def empty_fields(today: date) -> dict[str, str]:
    """A new form: every evening's text is the plainest agreement, and nothing about silence is ticked (T8)."""
    ticked = {f"theme_{theme}": "on" for theme in THEMES} | {f"ask_{ask}": "on" for ask in ASKS}
    return {"every": "days", "n": "1", "first": today.isoformat(), **ticked}


def _cadence(form: Form) -> Cadence:
    days = frozenset(day for day in range(7) if form.get(f"day_{day}"))
    try:
        every = Every(form.get("every", ""))
        return Cadence(every, int(form.get("n", "") or 1), days if every is Every.WEEKS else frozenset())
    except ValueError:
        raise FormError("days") from None


def _at(form: Form) -> tuple[time, ...] | Between:
    try:
        if form.get("from"):
            return Between(time.fromisoformat(form["from"]), time.fromisoformat(form.get("to", "")))
        walls = tuple(sorted({time.fromisoformat(word) for word in form.get("at", "").replace(",", " ").split()}))
    except ValueError:
        raise FormError("at") from None
    if not walls:
        raise FormError("at")
    return walls


def _taper(form: Form) -> tuple[tuple[date, Cadence], ...]:
    """From a day on, on one day of every so many weeks (H6): the weekday of that day."""
    if not form.get("taper"):
        return ()
    try:
        day = date.fromisoformat(form["taper"])
        return ((day, Cadence(Every.WEEKS, int(form.get("taper_n", "") or 1), frozenset({day.weekday()}))),)
    except ValueError:
        raise FormError("taper") from None


def _terms(form: Form) -> Terms:
    themes = tuple(theme for theme in THEMES if form.get(f"theme_{theme}"))
    asks = tuple(ask for ask in ASKS if form.get(f"ask_{ask}"))
    return Terms(themes or THEMES, asks, _ladder(form))


def _ladder(form: Form) -> AgreedLadder | None:
    """None where nothing was ticked and no wait was named: then the safe-contact profile says what holds."""
    ticked = {step: bool(form.get(step)) for step in STEPS}
    if not any(ticked.values()) and not form.get("grace"):
        return None
    try:
        minutes = int(form.get("grace", "") or 60)
        if not 5 <= minutes <= 10080:
            raise FormError("ladder")
        return AgreedLadder(timedelta(minutes=minutes), **ticked)
    except ValueError:
        raise FormError("ladder") from None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
