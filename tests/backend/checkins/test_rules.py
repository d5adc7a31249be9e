"""When a plan is due, on the person's own wall clock, through both clock changes (C13, C14, H6)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.checkins.rules import Between, Cadence, Every, Pause, Rule, is_due_on, next_time, times_between, times_on

LONDON = "Europe/London"
EVENING = (time(19, 30),)
DAILY = Cadence()
NOT_ON_WEDNESDAYS = Cadence(Every.WEEKS, weekdays=frozenset({0, 1, 3, 4, 5, 6}))


def rule(cadence: Cadence = DAILY, at: tuple[time, ...] | Between = EVENING, **more: object) -> Rule:
    return Rule(cadence, at, LONDON, **{"first": date(2026, 1, 1), **more})  # type: ignore[arg-type]  # fields by name


def walls(made: Rule, first: date, last: date) -> list[datetime]:
    """The wall times that are due from one day to another."""
    where = ZoneInfo(made.zone)
    start, end = datetime.combine(first, time(0), where), datetime.combine(last + timedelta(days=1), time(0), where)
    return [at.astimezone(where).replace(tzinfo=None) for at in times_between(made, start - timedelta(seconds=1), end)]


def test_each_evening_but_wednesdays_for_a_year_through_both_clock_changes() -> None:
    due = walls(rule(NOT_ON_WEDNESDAYS), date(2026, 1, 1), date(2026, 12, 31))
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert due == [datetime.combine(day, EVENING[0]) for day in days if day.weekday() != 2]


def test_a_time_that_spring_takes_away_comes_as_much_later() -> None:
    (due,) = times_on(rule(at=(time(1, 30),)), date(2026, 3, 29))
    assert due.astimezone(ZoneInfo(LONDON)).time() == time(2, 30)


def test_a_time_that_autumn_brings_twice_comes_once() -> None:
    (due,) = times_on(rule(at=(time(1, 30),)), date(2026, 10, 25))
    assert due == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cadence", "first", "due"),
    [
        (Cadence(n=3), date(2026, 1, 1), [1, 4, 7, 10, 13]),
        (Cadence(Every.WEEKS, 2, frozenset({0, 3})), date(2026, 1, 1), [1, 12, 15]),
        (Cadence(Every.WEEKS, 1, frozenset({6})), date(2026, 1, 2), [4, 11]),
    ],
)
def test_other_cadences(cadence: Cadence, first: date, due: list[int]) -> None:
    made = rule(cadence, first=first)
    assert [day for day in range(1, 16) if is_due_on(made, date(2026, 1, day))] == due


def test_a_month_that_is_too_short_has_it_on_its_last_day() -> None:
    due = walls(rule(Cadence(Every.MONTHS), first=date(2026, 1, 31)), date(2026, 1, 1), date(2026, 6, 30))
    assert [at.date().isoformat()[5:] for at in due] == ["01-31", "02-28", "03-31", "04-30", "05-31", "06-30"]


def test_pauses_and_the_end_are_kept() -> None:
    made = rule(until=date(2026, 1, 10), pauses=(Pause(date(2026, 1, 3), date(2026, 1, 5)),))
    assert [at.day for at in walls(made, date(2026, 1, 1), date(2026, 2, 1))] == [1, 2, 6, 7, 8, 9, 10]


def test_a_pause_without_an_end_is_due_no_more() -> None:
    made = rule(pauses=(Pause(date(2026, 1, 3)),))
    assert next_time(made, datetime(2026, 1, 4, tzinfo=UTC)) is None


def test_it_becomes_rarer_and_ends() -> None:
    tapers = ((date(2026, 1, 5), Cadence(n=2)), (date(2026, 1, 11), Cadence(n=4)))
    made = rule(tapers=tapers, until=date(2026, 1, 20))
    assert [at.day for at in walls(made, date(2026, 1, 1), date(2026, 2, 1))] == [1, 2, 3, 4, 5, 7, 9, 11, 15, 19]


def test_hours_give_another_minute_each_day_and_always_the_same() -> None:
    made = rule(at=Between(time(9), time(17)))
    due = walls(made, date(2026, 1, 1), date(2026, 1, 30))
    assert len(due) == 30
    assert len({at.time() for at in due}) > 20
    assert all(time(9) <= at.time() < time(17) for at in due)
    assert due == walls(made, date(2026, 1, 1), date(2026, 1, 30))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: Cadence(n=0), "n must be"),
        (lambda: Cadence(Every.WEEKS), "weekdays"),
        (lambda: Cadence(weekdays=frozenset({1})), "weekdays"),
        (lambda: rule(at=()), "at least one time"),
        (lambda: rule(until=date(2025, 1, 1)), "end before it begins"),
        (lambda: Between(time(17), time(9)), "begin before they end"),
    ],
)
def test_what_would_never_be_due_is_refused(wrong: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        wrong()  # type: ignore[operator]  # each is a function


CADENCES = st.one_of(
    st.builds(Cadence, st.just(Every.DAYS), st.integers(1, 9)),
    st.builds(Cadence, st.just(Every.WEEKS), st.integers(1, 3), st.frozensets(st.integers(0, 6), min_size=1)),
    st.builds(Cadence, st.just(Every.MONTHS), st.integers(1, 3)),
)
ZONES = st.sampled_from([LONDON, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"])
TIMES = st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=3, unique=True)


@given(CADENCES, ZONES, TIMES, st.integers(0, 44_000_000))
def test_the_next_time_is_the_first_one_that_a_walk_over_the_days_finds(
    cadence: Cadence, zone: str, at: list[time], after: int
) -> None:
    made = Rule(cadence, tuple(at), zone, date(2026, 1, 31))
    instant = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=after)
    days = (date(2026, 1, 31) + timedelta(days=n) for n in range(700))
    walked = next(due for day in days for due in times_on(made, day) if due > instant)
    assert next_time(made, instant) == walked
