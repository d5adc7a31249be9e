"""A year of the door out: at every quarter of an hour of 2026 somebody is due a message, and none goes wrong (R7).

Both clock changes, hours over midnight, hours that spring takes away, and a provider that often fails. The agreed hours
are the oracle's, looked up in a table of the year's quarters: every edge of hours and of clocks here lies on one.
"""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import count

import pytest

from safety.gate import decide
from safety.types import Drop, Hold, Kind, Outgoing, Point, PointState, Rules, SafeContact, Send, Window
from tests.safety import oracle
from tests.safety.worlds import QUARTER, STARTED

START = datetime(2026, 1, 1, tzinfo=UTC)
QUARTERS = 365 * 96
AFTER = 10 * 96
"""Quarters after the year, for what is still held then."""
EVERY_DAY = frozenset(range(7))
LASTS = (timedelta(minutes=20), timedelta(hours=3), timedelta(hours=14), timedelta(days=4))
BACK_OFF = timedelta(seconds=30)
TRIES = 3
NOT_HOME_ALONE_ON_WEDNESDAYS = frozenset({0, 1, 3, 4, 5, 6})
PROFILES = {
    "evenings but Wednesday": SafeContact((Window(NOT_HOME_ALONE_ON_WEDNESDAYS, time(19, 30), time(21)),)),
    "nights over midnight": SafeContact((Window(frozenset({4, 5, 6}), time(22, 30), time(1, 30)),)),
    "an hour that spring takes away": SafeContact((Window(EVERY_DAY, time(1, 15), time(1, 45)),)),
    "two windows in New York": SafeContact(
        (Window(EVERY_DAY, time(0), time(2, 30)), Window(frozenset({0, 2}), time(12), time(12, 45))), "America/New_York"
    ),
}


@dataclass(order=True)
class Due:
    """A message that falls due at a moment; `tries` counts what the provider refused."""

    at: datetime
    place: int
    message: Outgoing = field(compare=False)
    tries: int = field(default=0, compare=False)
    held_until: datetime | None = field(default=None, compare=False)


@cache
def agreed_quarters(contact: SafeContact) -> bytes:
    """For each quarter of the year and a little more, 1 where it is agreed."""
    return bytes(oracle.is_agreed(contact, START + place * QUARTER) for place in range(QUARTERS + AFTER))


def quarter(moment: datetime) -> int:
    return (moment - START) // QUARTER


def agreed_from(contact: SafeContact, moment: datetime) -> datetime | None:
    """The first agreed quarter after a moment."""
    place = agreed_quarters(contact).find(1, quarter(moment) + 1)
    return None if place < 0 else START + place * QUARTER


def messages() -> list[Due]:
    """One for every quarter of the year, of every kind that we start, some with little time and some with much."""
    places = range(QUARTERS)
    due = [(START + place * QUARTER, STARTED[place % 4], LASTS[place // 4 % 4]) for place in places]
    return [Due(at, place, Outgoing(kind, "Hello.", at + lasts)) for place, (at, kind, lasts) in enumerate(due)]


def live_through(contact: SafeContact) -> Counter[str]:
    """Follow every message to its end; how many ended how. Fails at the first that goes where it must not."""
    refusing, ended, queue = count(), Counter[str](), messages()
    heapq.heapify(queue)
    while queue:
        due = heapq.heappop(queue)
        point = Point("sms", PointState.SAFE, contact, confirmed_at=due.at - timedelta(days=1))
        decision = decide(due.message, point, Rules(), due.at)
        check(contact, due, decision)
        if isinstance(decision, Hold):
            due.at = due.held_until = decision.until
            heapq.heappush(queue, due)
        elif isinstance(decision, Send) and next(refusing) % 5 == 0 and due.tries < TRIES:
            due.at, due.held_until, due.tries = due.at + BACK_OFF, None, due.tries + 1
            heapq.heappush(queue, due)
        else:
            ended["sent" if isinstance(decision, Send) else decision.reason] += 1
    return ended


def check(contact: SafeContact, due: Due, decision: Send | Hold | Drop) -> None:
    """What must be so of one decision, at first, after a hold, and at every retry."""
    agreed, left = agreed_quarters(contact), due.message.not_after - due.at
    opening = agreed_from(contact, due.at)
    match decision:
        case Send(validity=validity):
            assert validity and timedelta(0) < validity <= left
            last = quarter(due.at + validity - oracle.SECOND)
            assert all(agreed[quarter(due.at) : last + 1]), due.at
        case Hold(until=until):
            assert not agreed[quarter(due.at)] and until == opening and until < due.message.not_after
            assert due.held_until is None, "a hold ends at an agreed moment, so it is never held twice in a row"
        case Drop(reason=reason):
            assert due.held_until is None, "what was held for an agreed moment still goes then"
            late = left < oracle.SECOND
            too_late = not agreed[quarter(due.at)] and (opening is None or opening >= due.message.not_after)
            assert reason == ("late" if late else "too_late_in_hours") and (late or too_late), due.at


@pytest.mark.requirement("R7")
@pytest.mark.requirement("R8")
@pytest.mark.requirement("R25")
@pytest.mark.parametrize("name", PROFILES)
def test_a_year_of_messages_goes_only_in_agreed_hours(name: str) -> None:
    contact = PROFILES[name]
    allowed = SafeContact(contact.windows, contact.time_zone, may_start=True, reminders=True)
    ended = live_through(allowed)
    assert ended.total() == QUARTERS
    assert ended["sent"] > 0 and ended.keys() <= {"sent", "late", "too_late_in_hours"}


@pytest.mark.requirement("R7")
def test_spring_takes_a_night_away_and_autumn_gives_one_twice() -> None:
    """The table that the year is held against knows both changes."""
    quarters = agreed_quarters(PROFILES["an hour that spring takes away"])
    nights = [sum(quarters[day * 96 : (day + 1) * 96]) for day in range(365)]
    assert [place for place, night in enumerate(nights) if night == 0] == [day_of(datetime(2026, 3, 29, tzinfo=UTC))]
    assert [place for place, night in enumerate(nights) if night == 4] == [day_of(datetime(2026, 10, 25, tzinfo=UTC))]


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("kind", STARTED)
def test_answers_that_nobody_confirms_are_good_for_four_weeks_of_the_year(kind: Kind) -> None:
    """Asked every day at an agreed hour; from the twenty-eighth day on only the bland question would go."""
    contact = SafeContact((Window(EVERY_DAY, time(9), time(10)),), "Etc/UTC", may_start=True, reminders=True)
    point = Point("sms", PointState.SAFE, contact, confirmed_at=START)
    days = [START + timedelta(days=day, hours=9) for day in range(365)]
    decisions = [decide(Outgoing(kind, "Hello.", day + timedelta(hours=1)), point, Rules(), day) for day in days]
    sent = [place for place, decision in enumerate(decisions) if isinstance(decision, Send)]
    assert sent == [*range(365 if kind is Kind.RECHECK else 28)]


def day_of(moment: datetime) -> int:
    return (moment - START).days
