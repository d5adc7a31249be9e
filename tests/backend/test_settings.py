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
