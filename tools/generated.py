"""Pages that are written from the code: one way to write them, and one to say that a page is out of date."""

import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def write_or_check(page: str, text: str, arguments: Sequence[str]) -> int:
    """Write a page, or with `--check` only say whether it is the newest; the exit code.

    `page` is a path from the root of the project.
    """
    path = ROOT / page
    if "--check" not in arguments:
        path.write_text(text, "utf-8")
        return 0
    if path.exists() and path.read_text("utf-8") == text:
        return 0
    print(f"{page} is out of date: run .venv/bin/python tools/{Path(sys.argv[0]).name}", file=sys.stderr)
    return 1
