"""Random people: what they agreed for their phone, and what they agreed to get when."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from backend.checkins.rules import Between, Cadence, Every, Pause, Rule
from safety.types import OnSilence, SafeContact, Window
from tests.safety.worlds import ZONES
from tests.simulation.fate import Fate

ALL_DAYS = frozenset(range(7))
DAY = timedelta(days=1)


@dataclass
class Person:
    """Somebody with one way to be reached. `contact` is what was last agreed with them by the service, None:
    nothing was."""

    channel: str
    address: str
    talk_id: int = 0
    contact: SafeContact | None = None
    duress: str = ""
    plans: dict[str, int] = field(default_factory=dict)
    """By purpose, the plan that holds."""


CHANNELS = ("sms", "whatsapp", "sms", "telegram", "sms", "whatsapp", "sms", "email")
"""By which channel people come, in turn, so that a small world knows each."""


def person_of(number: int) -> Person:
    """Somebody who came by one of the channels."""
    channel = CHANNELS[number % len(CHANNELS)]
    return Person(channel, address_of(channel, number))


def address_of(channel: str, number: int) -> str:
    """In the channel's own form; a phone is of Ofcom's drama range up to the thousandth, of one nobody has after
    that."""
    if channel == "email":
        return f"person{number}@example.org"
    if channel == "telegram":
        return str(7_000_000_000 + number)
    return f"+447700900{number:03d}" if number < 1000 else f"+4474{number:08d}"


def random_contact(fate: Fate) -> SafeContact:
    """A profile; most allow something."""
    return SafeContact(
        windows=tuple(_window(fate) for _ in range(fate.random.choice((0, 1, 1, 1, 1, 1, 1, 2, 2, 3)))),
        time_zone=fate.one_of(("Europe/London",) * 6 + ZONES),
        may_start=fate.happens(0.92),
        naming=fate.happens(0.2),
        others_see=fate.one_of(("nobody", "unknown", "maybe", "yes")),
        reminders=fate.happens(0.7),
        on_silence=fate.one_of(tuple(OnSilence)),
    )


def _window(fate: Fate) -> Window:
    days = ALL_DAYS if fate.happens(0.6) else frozenset(fate.random.sample(range(7), fate.random.randint(1, 5)))
    start = time(fate.random.randrange(24), fate.random.choice((0, 0, 30, 15, 45)))
    hours = fate.random.choice((2, 4, 8, 12, 24))
    return Window(days, start, time((start.hour + hours) % 24, start.minute))


def random_rule(fate: Fate, contact: SafeContact, today: date, often: float) -> Rule:
    """Something to get at chosen times, mostly inside the agreed hours. `often`: the chance of a daily one."""
    cadence = random_cadence(fate, often)
    first = today + fate.random.randrange(-3, 6) * DAY
    return Rule(
        cadence=cadence,
        at=_times(fate, contact),
        zone=contact.time_zone,
        first=first,
        until=first + fate.random.randrange(400) * DAY if fate.happens(0.15) else None,
        pauses=_pauses(fate, first),
        tapers=((first + fate.random.randrange(20, 300) * DAY, random_cadence(fate, 0)),) if fate.happens(0.2) else (),
    )


def random_cadence(fate: Fate, often: float) -> Cadence:
    """Which days."""
    if fate.happens(often):
        return Cadence(Every.DAYS, fate.random.choice((1, 1, 2)))
    kind = fate.random.choice(("days", "weeks", "weeks", "months"))
    if kind == "days":
        return Cadence(Every.DAYS, fate.random.randint(3, 14))
    if kind == "months":
        return Cadence(Every.MONTHS, fate.random.choice((1, 1, 2)))
    days = frozenset(fate.random.sample(range(7), fate.random.choice((1, 1, 2, 3))))
    return Cadence(Every.WEEKS, fate.random.choice((1, 1, 2, 4)), days)


def _times(fate: Fate, contact: SafeContact) -> tuple[time, ...] | Between:
    if fate.happens(0.2):
        start = fate.random.randrange(8, 20)
        return Between(time(start), time(start + fate.random.randint(1, 3), 30))
    return tuple(sorted({_time(fate, contact) for _ in range(fate.random.choice((1, 1, 1, 1, 2, 3)))}))


def _time(fate: Fate, contact: SafeContact) -> time:
    """Mostly in the hours, sometimes just before, sometimes where a clock change takes it away or brings it twice."""
    if fate.happens(0.1):
        return time(fate.random.choice((0, 1, 2)), fate.random.choice((0, 30, 59)))
    if contact.windows and fate.happens(0.85):
        window = fate.one_of(contact.windows)
        return time((window.start.hour + fate.random.choice((-1, 0, 0, 1, 1))) % 24, fate.random.choice((0, 30, 45)))
    return time(fate.random.randrange(24), fate.random.randrange(60))


def _pauses(fate: Fate, first: date) -> tuple[Pause, ...]:
    if not fate.happens(0.25):
        return ()
    begins = first + fate.random.randrange(10, 200) * DAY
    return (Pause(begins, begins + fate.random.randrange(1, 30) * DAY if fate.happens(0.9) else None),)
