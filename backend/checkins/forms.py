"""What a practitioner typed about a plan, read into a rule and terms; what cannot be read is a reason, no guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from backend.checkins.plans import PURPOSES, Agreed
from backend.checkins.rules import Between, Cadence, Every, Pause, Rule, days_apart
from backend.checkins.terms import Terms
from backend.checkins.topics import ASKS, THEMES
from backend.forms import FormError, read_day
from safety.outcomes import AgreedLadder

Form = Mapping[str, str]
STEPS_SHOWN = 6
"""Steps of a taper that a form has room for."""
STEPS = ("try_once_more", "tell_worker", "trusted_contact", "police")
PROBLEMS: Mapping[str, str] = {
    "purpose": "say what it is: a check-in or kind words.",
    "days": "say how often, and for weeks on which days. A number is from 1 to 60.",
    "at": "say at what time, such as 19:30, or from when and until when on one day.",
    "dates": "say from which day on, such as 2026-03-04, and an end that is not before it.",
    "taper": "say from which day on it is rarer, and how rare: a number from 1 to 60.",
    "rarer": "each step must begin after the one before, in the time that was agreed, and be rarer than it.",
    "ladder": "a trusted contact and the police are a worker's step: a worker must be told. Wait 5 to 10080 minutes.",
    "there": "there is one of this kind already. Change that one.",
    "gone": "it has ended or changed in the meantime. Look at it as it is now.",
}
"""Why a press on these pages did nothing."""


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
        first, until = date.fromisoformat(form.get("first", "")), read_day(form.get("until", ""))
        pauses = before.pauses if before else ()
        rule = Rule(cadence, at, zone, first, until, pauses, _tapers(form, before.tapers if before else ()))
    except ValueError:
        raise FormError("dates") from None
    _must_get_rarer(rule)
    return Read(purpose, rule, _terms(form))


def read_pause(form: Form, today: date) -> Pause:
    """From a day, or today, to a day, or until it is taken up. Raises FormError."""
    try:
        first, last = read_day(form.get("first", "")) or today, read_day(form.get("last", ""))
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
        "grace": str(ladder.grace // timedelta(minutes=1)) if ladder else "",
    }
    for place, (day, cadence) in enumerate(sorted(rule.tapers, key=lambda step: step[0])):
        fields |= _fields_of_step(place, day, cadence)
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


def _tapers(form: Form, before: Sequence[tuple[date, Cadence]]) -> tuple[tuple[date, Cadence], ...]:
    """The steps in which it becomes rarer (H6). One that is as it was `before` keeps its days of the week."""
    return tuple(sorted((_step(form, place, before) for place in steps_in(form)), key=lambda step: step[0]))


def steps_in(form: Form) -> list[int]:
    """The steps of a taper that are filled in, in order."""
    return [place for place in range(STEPS_SHOWN) if form.get(f"taper_{place}")]


def _step(form: Form, place: int, before: Sequence[tuple[date, Cadence]]) -> tuple[date, Cadence]:
    """From a day on: every so many days; or once in so many weeks or months, on that day of the week or month."""
    try:
        day = date.fromisoformat(form[f"taper_{place}"])
        every = Every(form.get(f"taper_every_{place}", "") or Every.WEEKS)
        made = Cadence(every, int(form.get(f"taper_n_{place}", "") or 1), _days_of_step(every, day))
    except ValueError:
        raise FormError("taper") from None
    kept = [cadence for start, cadence in before if (start, cadence.every, cadence.n) == (day, made.every, made.n)]
    return day, kept[0] if kept else made


def _days_of_step(every: Every, day: date) -> frozenset[int]:
    return frozenset({day.weekday()}) if every is Every.WEEKS else frozenset()


def _fields_of_step(place: int, day: date, cadence: Cadence) -> dict[str, str]:
    return {
        f"taper_{place}": day.isoformat(),
        f"taper_n_{place}": str(cadence.n),
        f"taper_every_{place}": cadence.every.value,
    }


def _must_get_rarer(rule: Rule) -> None:
    """Raises FormError where a step of the taper begins too soon or too late, or brings more than the one before."""
    day, cadence = rule.first, rule.cadence
    for start, rarer in rule.tapers:
        in_time = day < start and (rule.until is None or start <= rule.until)
        if not in_time or days_apart(rarer) <= days_apart(cadence):
            raise FormError("rarer")
        day, cadence = start, rarer


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
