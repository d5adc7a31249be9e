"""Helplines: staff see all with a mark; a survivor what two people have checked lately, and 999 always (R33)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from safety.helplines import EMERGENCY_TEXT, Helpline, Mark, for_staff, for_survivors, shipped
from safety.lint import lock_screen, names_service, segments

TODAY = date(2026, 6, 1)


def checked(days_ago: int, *by: str) -> Helpline:
    """One entry, checked so many days ago by these people."""
    entry = next(entry for entry in shipped() if entry.id == "samaritans")
    return replace(entry, checked_on=TODAY - timedelta(days=days_ago), checked_by=by)


@pytest.mark.requirement("R33")
@pytest.mark.parametrize(
    ("entry", "mark"),
    [
        (checked(0, "an", "bo"), Mark.CHECKED),
        (checked(90, "an", "bo"), Mark.CHECKED),
        (checked(91, "an", "bo"), Mark.OUT_OF_DATE),
        (checked(1, "an"), Mark.VERIFY),
        (checked(1, "an", "an"), Mark.VERIFY),
        (checked(-1, "an", "bo"), Mark.VERIFY),
        (replace(checked(1, "an", "bo"), checked_on=None), Mark.VERIFY),
        (replace(checked(1, "an", "bo"), status="do not use"), Mark.DO_NOT_USE),
    ],
)
def test_an_entry_is_shown_only_while_two_people_have_checked_it_lately(entry: Helpline, mark: Mark) -> None:
    assert for_staff(TODAY, [entry]) == ((entry, mark),)
    assert (entry in for_survivors(TODAY, [entry])) is (mark is Mark.CHECKED)


@pytest.mark.requirement("R33")
def test_999_is_always_shown_and_of_what_is_shipped_nothing_else_yet() -> None:
    shown = for_survivors(TODAY)
    assert [entry.id for entry in shown] == ["emergency"]
    assert "55" in shown[0].note and "does not tell the police where you are" in shown[0].note


@pytest.mark.requirement("R33")
def test_every_shipped_entry_says_where_it_is_from_and_how_to_reach_it() -> None:
    entries = shipped()
    assert len({entry.id for entry in entries}) == len(entries) >= 20
    for entry in entries:
        assert entry.source and entry.hours and entry.cost and entry.ways
        assert entry.relay or not any(way.kind == "phone" for way in entry.ways) or entry.id == "silent_landline"
        assert entry.status in (Mark.VERIFY, Mark.DO_NOT_USE) and not entry.checked_by


@pytest.mark.requirement("R33")
@pytest.mark.requirement("R5")
def test_the_words_of_last_resort_are_one_harmless_segment_that_needs_no_file() -> None:
    assert segments(EMERGENCY_TEXT).count == 1 and segments(EMERGENCY_TEXT).encoding == "GSM-7"
    assert not names_service(EMERGENCY_TEXT)
    assert "999" in EMERGENCY_TEXT and "55" in EMERGENCY_TEXT and "999" not in lock_screen(EMERGENCY_TEXT)
