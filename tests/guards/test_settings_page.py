"""docs/settings.md says what backend/settings.py does."""

import subprocess
import sys
from pathlib import Path

import pytest

from backend.settings import Settings

ROOT = Path(__file__).parents[2]
FIELDS = sorted(Settings.model_fields.items())


def test_the_page_is_the_newest() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "tools/settings_page.py", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", [name for name, _ in FIELDS])
def test_a_setting_says_what_it_does_and_how_a_right_value_looks(name: str) -> None:
    """The text goes into the page, the example into the message about a wrong value."""
    field = Settings.model_fields[name]
    assert field.description, f"{name} has no description"
    assert field.examples, f"{name} has no example"
