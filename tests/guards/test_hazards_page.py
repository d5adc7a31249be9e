"""docs/hazards.md is the hazard log as it is written down, and every control that it names is there."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
KNOWN = 32
"""Hazards that have been logged; a hazard is never deleted, so there can only be more."""


def check_page() -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "tools/hazards_page.py", "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_page_is_the_newest_and_everything_it_names_is_there() -> None:
    checked = check_page()
    assert checked.returncode == 0, checked.stderr


def test_no_hazard_was_deleted() -> None:
    log = tomllib.loads((ROOT / "tools/hazards.toml").read_text("utf-8"))
    assert list(log)[:KNOWN] == [f"H{number:02d}" for number in range(1, KNOWN + 1)]


def test_nobody_is_told_that_it_is_signed_while_the_place_is_empty() -> None:
    page = (ROOT / "docs/hazards.md").read_text("utf-8")
    empty = "| Safeguarding lead (answers for this log) | | | |" in page
    assert ("**Nobody has signed this log.**" in page) is empty
