"""docs/safety-requirements.md names code that is there, and every test that is marked."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_the_newest() -> None:
    checked = subprocess.run(
        [sys.executable, ROOT / "tools/requirements_page.py", "--check"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_all_forty_are_on_it() -> None:
    text = (ROOT / "docs/safety-requirements.md").read_text("utf-8")
    assert all(f"\n## R{number}\n" in text for number in range(1, 41))
