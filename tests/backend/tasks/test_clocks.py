"""By when practitioners have to do what, on England's working days (B1, C1-C4, C19, G6)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from backend.settings import Settings
from backend.tasks.clocks import CLOCKS, due_at, in_months
from backend.tasks.working_days import england

SETTINGS = Settings(_env_file=None)


def test_the_official_list_knows_this_year_and_the_next() -> None:
    days = england()
    assert not days.is_one(date(2026, 5, 4)), "early May bank holiday"
    assert days.is_one(date(2026, 5, 5))
    assert days.known_until >= date(2027, 12, 31)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Good Friday and Easter Monday
        (date(2026, 12, 24), 3, date(2026, 12, 31)),  # Christmas, and Boxing Day's substitute
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # from a Saturday
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(start: date, count: int, due: date) -> None:
    assert england().after(start, count) == due


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("first_attempt", "2026-03-09"),
        ("first_success", "2026-03-09"),
        ("assessment_review", "2026-03-23"),
        ("assessment", "2026-03-30"),
        ("young_assessment", "2026-03-16"),
        ("review", "2026-05-05"),  # the second is a Saturday, and the fourth a bank holiday
        ("phone_check_in", "2026-03-16"),
        ("expected_end", "2026-09-02"),
    ],
)
def test_each_clock_runs_out_at_the_end_of_its_working_day(kind: str, due: str) -> None:
    at = due_at(kind, SETTINGS, datetime(2026, 3, 2, 10, tzinfo=UTC)).astimezone(ZoneInfo("Europe/London"))
    assert (at.date().isoformat(), at.time()) == (due, SETTINGS.staffed_to)


def test_every_clock_is_tried_here_and_names_its_rule() -> None:
    assert all(clock.source and clock.told.endswith(".") for clock in CLOCKS.values())
    assert len(CLOCKS) == 8


def test_months_of_other_lengths() -> None:
    assert in_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert in_months(date(2026, 1, 15), 12) == date(2027, 1, 15)
