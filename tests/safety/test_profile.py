"""The safe-contact profile: it survives storage, what loosens it is told from what tightens it, and it expires."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given

from safety.profile import (
    ProfileError,
    after_risk,
    contact_from_json,
    contact_to_json,
    loosens,
    stale,
    tightened,
    tightens,
)
from safety.types import OnSilence, Point, PointState, SafeContact, Window
from tests.safety.worlds import contacts

NOW = datetime(2026, 1, 5, 14, tzinfo=UTC)
WEEKDAYS = frozenset(range(5))
DAY = SafeContact(windows=(Window(WEEKDAYS, time(9), time(17)),), others_see="maybe", on_silence=OnSilence.TELL_WORKER)


@given(contacts)
def test_a_profile_survives_storage(contact: SafeContact) -> None:
    assert contact_from_json(json.loads(json.dumps(contact_to_json(contact)))) == contact


def test_what_is_missing_allows_nothing() -> None:
    assert contact_from_json({}) == SafeContact()


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"may_strat": True},
        {"may_start": 1},
        {"may_start": "yes"},
        {"naming": None},
        {"time_zone": "Nowhere/Atall"},
        {"others_see": "the cat"},
        {"on_silence": "shout"},
        {"windows": 7},
        {"windows": ["mornings"]},
        {"windows": [{"days": [7], "start": "09:00", "end": "10:00"}]},
        {"windows": [{"days": [True], "start": "09:00", "end": "10:00"}]},
        {"windows": [{"days": [1], "start": "25:00", "end": "10:00"}]},
        {"windows": [{"days": [1], "start": "09:00"}]},
    ],
)
def test_a_damaged_profile_is_refused_and_not_shown(value: object) -> None:
    with pytest.raises(ProfileError) as raised:
        contact_from_json(value)
    assert raised.value.__cause__ is None and "cat" not in str(raised.value)


LOOSER = [
    ("windows", replace(DAY, windows=(Window(WEEKDAYS, time(9), time(17, 1)),))),
    ("windows", replace(DAY, windows=(Window(frozenset(range(6)), time(9), time(17)),))),
    ("windows", replace(DAY, time_zone="Asia/Karachi")),
    ("may_start", replace(DAY, may_start=True)),
    ("naming", replace(DAY, naming=True)),
    ("voice", replace(DAY, voice=True)),
    ("reminders", replace(DAY, reminders=True)),
    ("others_see", replace(DAY, others_see="nobody")),
    ("on_silence", replace(DAY, on_silence=OnSilence.TRY_ONCE_MORE)),
    ("on_silence", replace(DAY, on_silence=OnSilence.WAIT)),
    ("cover", replace(DAY, cover="cover_school")),
]


@pytest.mark.requirement("R14")
@pytest.mark.parametrize(("part", "looser"), LOOSER)
def test_every_part_that_allows_more_loosens(part: str, looser: SafeContact) -> None:
    assert loosens(DAY, looser) == (part,)


@pytest.mark.requirement("R14")
@pytest.mark.parametrize(
    ("part", "tighter"),
    [
        ("windows", replace(DAY, windows=(Window(WEEKDAYS, time(9), time(16)),))),
        ("windows", replace(DAY, windows=())),
        ("others_see", replace(DAY, others_see="yes")),
    ],
)
def test_what_tightens_applies_at_once(part: str, tighter: SafeContact) -> None:
    assert tightens(DAY, tighter) == (part,) and loosens(DAY, tighter) == ()
    assert tightened(DAY, tighter) == tighter


@pytest.mark.requirement("R14")
def test_hours_that_move_hold_only_where_old_and_new_agree() -> None:
    moved = replace(DAY, windows=(Window(WEEKDAYS, time(12), time(20)),), naming=True)
    meanwhile = tightened(DAY, moved)
    assert not meanwhile.naming
    assert set(meanwhile.windows) == {Window(frozenset({day}), time(12), time(17)) for day in WEEKDAYS}


@given(contacts)
def test_the_same_profile_neither_loosens_nor_tightens(contact: SafeContact) -> None:
    assert loosens(contact, contact) == tightens(contact, contact) == ()


def test_a_split_window_is_the_same_hours() -> None:
    parts = (Window(WEEKDAYS, time(9), time(12)), Window(WEEKDAYS, time(12), time(17)))
    split = replace(DAY, windows=parts)
    assert loosens(DAY, split) == tightens(DAY, split) == ()


@pytest.mark.requirement("R10")
@pytest.mark.parametrize(
    ("point", "is_stale"),
    [
        (Point("sms", PointState.SAFE, confirmed_at=NOW - timedelta(days=27)), False),
        (Point("sms", PointState.SAFE, confirmed_at=NOW - timedelta(days=28)), True),
        (Point("sms", PointState.SAFE, expires_at=NOW + timedelta(seconds=1)), False),
        (Point("sms", PointState.SAFE, confirmed_at=NOW, expires_at=NOW), True),
        (Point("sms", PointState.STALE, confirmed_at=NOW), True),
        (Point("sms", PointState.SAFE), True),
    ],
)
def test_answers_expire(point: Point, is_stale: bool) -> None:
    assert stale(point, NOW) is is_stale


@pytest.mark.requirement("R10")
def test_after_a_risk_event_only_a_worker_can_say_that_it_is_safe() -> None:
    assert after_risk(Point("sms", PointState.SAFE, confirmed_at=NOW)).state is PointState.UNKNOWN
    assert after_risk(Point("sms", PointState.UNSAFE)).state is PointState.UNSAFE
