"""Settings that would make each other unsafe are refused by name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from backend.settings import Settings
from backend.testing import make_settings


def test_a_call_that_could_outlive_its_lease_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="SIDEDOOR_LEASE_SECONDS"):
        make_settings(tmp_path, lease_seconds=20, twilio_timeout_seconds=10)
    assert make_settings(tmp_path, lease_seconds=21, twilio_timeout_seconds=10)


def test_the_defaults_leave_room(tmp_path: Path) -> None:
    fields = Settings.model_fields
    assert 2 * fields["twilio_timeout_seconds"].default < fields["lease_seconds"].default


def test_opening_hours_that_would_take_a_second_segment_are_refused(tmp_path: Path) -> None:
    assert make_settings(tmp_path, service_hours="Mon to Sat, 9am to 5.30pm"[:24])
    with pytest.raises(ValidationError, match="24 characters"):
        make_settings(tmp_path, service_hours="Mondays to Fridays, from 9am to 5pm")
