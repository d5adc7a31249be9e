"""Times as people say them, leads through clock changes, and what speaks against a time."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.appointments.clashes import warnings
from backend.appointments.forecast import foresee, lead_words
from backend.appointments.rules import NoSuchTimeError, instant, lead_due, lead_ends, when_words
from backend.appointments.sealed import Reminders
from backend.testing import Bench
from safety.lint import names_service, personal
from safety.types import Window
from tests.backend.appointments.diary import TUESDAY, Diary, diary

LONDON = "Europe/London"
FROM_HERE = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: FROM_HERE + timedelta(minutes=minutes))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 3, 2, 14, tzinfo=UTC), "today at 2pm"),
        (datetime(2026, 3, 3, 9, 5, tzinfo=UTC), "tomorrow at 9.05am"),
        (datetime(2026, 3, 4, 12, tzinfo=UTC), "Wed 4 March at 12 noon"),
        (datetime(2026, 3, 30, 23, 30, tzinfo=UTC), "Tue 31 March at 12.30am"),
    ],
)
def test_a_time_is_said_as_a_friend_would(at: datetime, words: str) -> None:
    assert when_words(NOON, at, LONDON) == words


def test_a_time_that_no_clock_shows_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(NoSuchTimeError):
        instant(date(2026, 3, 29), time(1, 30), LONDON)
    assert instant(date(2026, 10, 25), time(1, 30), LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@given(
    INSTANTS,
    st.lists(st.integers(5, 20160), min_size=1, max_size=4, unique=True),
    st.sampled_from((LONDON, "America/New_York", "Asia/Kolkata")),
)
def test_the_windows_of_reminders_never_overlap_and_end_before_the_start(
    starts: datetime, leads: list[int], zone: str
) -> None:
    longest, end = timedelta(hours=12), None
    for lead in sorted(leads, reverse=True):
        due, ends = lead_due(starts, lead, zone), lead_ends(starts, lead, leads, zone, longest)
        assert ends <= starts
        assert ends - due <= longest
        assert end is None or end <= due or due >= starts - timedelta(minutes=lead + 60)
        end = ends


@given(INSTANTS, st.integers(0, 20160))
def test_no_time_looks_personal_or_names_anything(starts: datetime, ahead: int) -> None:
    words = when_words(starts - timedelta(minutes=ahead), starts, LONDON)
    text = f"Hi, is {words} still fine?"
    assert not personal(text)
    assert not names_service(text, frozenset())
    assert len(text) <= 50


def test_a_lead_is_said_in_its_largest_unit() -> None:
    assert [lead_words(lead) for lead in (10080, 1440, 120, 60, 15)] == [
        "1 week before",
        "1 day before",
        "2 hours before",
        "1 hour before",
        "15 minutes before",
    ]


async def codes(book: Diary, **more: object) -> list[str]:
    booking = book.booking(**more)
    found = await book.write(lambda c, talk: warnings(c, book.bench.house, booking, talk.id))
    return [one.code for one in found]


def test_clashes_the_way_and_the_hours_are_warned_of(quick: Bench) -> None:
    async def scenario() -> None:
        book = await diary(quick)
        await book.book(place="The hub")
        assert await codes(book) == ["clash"]
        next_door = TUESDAY + timedelta(minutes=75)
        assert await codes(book, at=next_door, place="The library") == ["travel"]
        assert await codes(book, at=next_door, place="the  HUB") == []
        assert await codes(book, at=next_door, kind="call") == []
        assert await codes(book, at=TUESDAY + timedelta(hours=2)) == []
        assert await codes(book, at=TUESDAY + timedelta(hours=4)) == ["hours"]
        assert await codes(book, at=datetime(2026, 3, 7, 11, tzinfo=UTC)) == ["day_off"]
        assert await codes(book, at=datetime(2026, 4, 3, 11, tzinfo=UTC)) == ["holiday"]
        assert await codes(book, at=NOON - timedelta(days=1)) == ["past"]

    asyncio.run(scenario())


@pytest.mark.requirement("R7")
def test_what_will_not_go_is_known_before_it_is_booked(quick: Bench) -> None:
    async def scenario() -> None:
        evenings = (Window(frozenset(range(7)), time(18), time(22)),)
        book = await diary(quick, windows=evenings)
        booking = book.booking(TUESDAY + timedelta(days=1), reminders=Reminders((1440, 120)))
        day, hours = await book.write(lambda c, talk: foresee(quick.house, talk, booking))
        assert (day.goes, day.due) == (True, datetime(2026, 3, 3, 18, tzinfo=UTC))
        assert (hours.goes, hours.words[:15]) == (False, "It will not go:")
        near = book.booking(quick.clock() + timedelta(hours=1), reminders=Reminders((120,)))
        (passed,) = await book.write(lambda c, talk: foresee(quick.house, talk, near))
        assert passed.goes is False

    asyncio.run(scenario())
