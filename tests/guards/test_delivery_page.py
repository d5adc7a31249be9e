"""docs/delivery.md says what each failure does; every test that it names as the proof is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(test_\w+)`")


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(NAMED.findall((ROOT / "docs/delivery.md").read_text("utf-8")))
    there = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        there |= set(re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE))
    assert named
    assert not named - there
