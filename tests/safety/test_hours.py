"""Safe hours follow the person's wall clock, over midnight and through both clock changes (R7)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.hours import closes, is_open, minutes_of_week, opens, windows_of, zone
from safety.types import Window
from tests.safety.worlds import CHANGES, QUARTER, ZONES, nows, windows

LONDON = ZoneInfo("Europe/London")
EVERY_DAY = frozenset(range(7))
some_windows = st.lists(windows, max_size=3).map(tuple)
some_zone = st.sampled_from(ZONES).map(ZoneInfo)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year to second


@pytest.mark.requirement("R7")
@given(some_windows, some_zone, nows)
def test_open_means_that_the_minute_on_the_wall_is_in_a_window(
    given_windows: tuple[Window, ...], where: ZoneInfo, now: datetime
) -> None:
    wall = now.astimezone(where)
    minute = wall.weekday() * 1440 + wall.hour * 60 + wall.minute
    assert is_open(given_windows, where, now) == bool(minutes_of_week(given_windows) >> minute & 1)


@pytest.mark.requirement("R7")
@given(some_windows, some_zone, nows)
def test_the_next_opening_and_closing_are_the_first_there_are(
    given_windows: tuple[Window, ...], where: ZoneInfo, now: datetime
) -> None:
    """Every edge in these worlds lies on a quarter of an hour, so stepping by quarters finds them all."""
    start = now.replace(minute=now.minute // 15 * 15)
    steps = [start + (step + 1) * QUARTER for step in range(14 * 96)]
    open_now = is_open(given_windows, where, now)
    found = (closes if open_now else opens)(given_windows, where, now)
    first = next((step for step in steps if is_open(given_windows, where, step) is not open_now), None)
    assert found == first or (first is None and (found is None or found > steps[-1]))


@pytest.mark.requirement("R7")
def test_a_window_over_midnight_belongs_to_the_day_it_starts_on() -> None:
    friday_night = (Window(frozenset({4}), time(22), time(2)),)
    assert is_open(friday_night, LONDON, at(2026, 1, 2, 23))
    assert is_open(friday_night, LONDON, at(2026, 1, 3, 1, 59))
    assert not is_open(friday_night, LONDON, at(2026, 1, 3, 2))
    assert not is_open(friday_night, LONDON, at(2026, 1, 2, 1))


@pytest.mark.requirement("R7")
def test_sunday_night_reaches_into_monday() -> None:
    sunday_night = (Window(frozenset({6}), time(23), time(1)),)
    assert is_open(sunday_night, LONDON, at(2026, 1, 5, 0, 30))
    assert minutes_of_week(sunday_night) & 1


@pytest.mark.requirement("R7")
def test_in_summer_nine_on_the_wall_is_eight_in_utc() -> None:
    mornings = (Window(EVERY_DAY, time(9), time(10)),)
    assert opens(mornings, LONDON, at(2026, 3, 28, 12)) == at(2026, 3, 29, 8)
    assert opens(mornings, LONDON, at(2026, 10, 24, 12)) == at(2026, 10, 25, 9)


@pytest.mark.requirement("R7")
def test_an_hour_that_spring_takes_away_does_not_open_and_one_around_it_opens_at_its_end() -> None:
    inside = (Window(EVERY_DAY, time(1, 15), time(1, 45)),)
    around = (Window(EVERY_DAY, time(1, 30), time(5)),)
    assert opens(inside, LONDON, at(2026, 3, 29, 0)) == at(2026, 3, 30, 0, 15)
    assert opens(around, LONDON, at(2026, 3, 29, 0)) == at(2026, 3, 29, 1)


@pytest.mark.requirement("R7")
def test_an_hour_that_autumn_gives_twice_opens_twice() -> None:
    twice = (Window(EVERY_DAY, time(1, 15), time(1, 45)),)
    first = opens(twice, LONDON, at(2026, 10, 24, 23))
    assert first == at(2026, 10, 25, 0, 15) and closes(twice, LONDON, first) == at(2026, 10, 25, 0, 45)
    assert opens(twice, LONDON, at(2026, 10, 25, 0, 45)) == at(2026, 10, 25, 1, 15)


def test_a_window_that_exists_once_a_week_waits_a_week_when_spring_takes_it() -> None:
    sunday = (Window(frozenset({6}), time(1, 15), time(1, 45)),)
    assert opens(sunday, LONDON, at(2026, 3, 29, 0)) == at(2026, 4, 5, 0, 15)


def test_always_open_never_closes_and_no_window_never_opens() -> None:
    always = (Window(EVERY_DAY, time(0), time(0)),)
    assert closes(always, LONDON, at(2026, 3, 28, 12)) is None
    assert opens((), LONDON, at(2026, 3, 28, 12)) is None
    assert opens((Window(frozenset(), time(9), time(17)),), LONDON, at(2026, 3, 28, 12)) is None


@given(some_windows)
def test_minutes_and_windows_say_the_same(given_windows: tuple[Window, ...]) -> None:
    week = minutes_of_week(given_windows)
    assert minutes_of_week(windows_of(week)) == week


def test_a_zone_that_is_none_is_told() -> None:
    assert zone("Europe/London") == LONDON
    assert zone("Nowhere/Atall") is None and zone("../etc/passwd") is None and zone("") is None


def test_seconds_count_at_the_edge() -> None:
    mornings = (Window(EVERY_DAY, time(9), time(10)),)
    assert not is_open(mornings, LONDON, at(2026, 1, 5, 9) - timedelta(microseconds=1))
    assert is_open(mornings, LONDON, at(2026, 1, 5, 9))


@pytest.mark.parametrize(("name", "moment"), CHANGES)
def test_the_clocks_of_these_worlds_change_when_they_say(name: str, moment: datetime) -> None:
    before, after = (
        (moment - step).astimezone(ZoneInfo(name)).utcoffset() for step in (timedelta(seconds=1), timedelta(0))
    )
    assert before != after
