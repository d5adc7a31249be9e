"""What holds for every file: short, standing alone, and saying where it belongs."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "safety", "channels", "backend")
LONGEST = 350
"""Lines; most files are under 200."""
MEASURED = (".py", ".js", ".css", ".html")
WRITTEN_ONCE = ("backend/store/migrations/versions/",)
"""A migration is a record of what was done to real databases; it is never edited, so it is never cut up."""
REGISTRIES = re.compile(
    r"--(extra-)?index-url|--find-links|--trusted-host|\b((pypi|pythonhosted|registry\.npmjs)\.org|artifactory|nexus)\b",
    re.IGNORECASE,
)
HOMES = re.compile(r"(?<![\w.])/(home|Users|root)/\w")
"""Somebody's folder."""
CONVENTION = re.compile(r"\b(one convention here|never|only|every|knows no)\b")
THIS_FILE = Path(__file__).relative_to(ROOT).as_posix()


def listed() -> list[str]:
    """The files of the project by their path from the root: what is committed, and what is about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if out.returncode:
        pytest.skip("not a git work tree")
    return sorted({name for name in out.stdout.split("\0") if name and (ROOT / name).is_file()})


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every file that is text, with what is in it."""
    found = {}
    for name in listed():
        try:
            found[name] = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_is_too_long_to_read(texts: dict[str, str]) -> None:
    measured = {
        name: text.count("\n")
        for name, text in texts.items()
        if name.endswith(MEASURED) and not name.startswith(WRITTEN_ONCE)
    }
    assert not {name: lines for name, lines in measured.items() if lines > LONGEST}


def test_no_file_knows_where_it_was_made(texts: dict[str, str]) -> None:
    """A clone works anywhere, and tells nothing about the machine that it came from."""
    here = {str(ROOT), str(ROOT.parent), str(Path.home()), sys.base_prefix} - {"/", "/usr", "/usr/local"}
    machine = re.compile("|".join(rf"(?<![\w.]){re.escape(path)}(?![\w-])" for path in sorted(here)))
    found = {name for name, text in texts.items() if machine.search(text) or HOMES.search(text)}
    assert not found - {THIS_FILE}


def test_no_file_names_a_registry(texts: dict[str, str]) -> None:
    found = {name for name, text in texts.items() if REGISTRIES.search(text)}
    assert not found - {THIS_FILE, "tests/guards/test_lock_files.py"}


def test_nothing_that_is_made_is_committed() -> None:
    made = re.compile(r"(^|/)(__pycache__|\.venv|var|node_modules)/|\.(pyc|db|db-wal|log|key|pem)$|(^|/)\.env$")
    assert not [name for name in listed() if made.search(name)]


@pytest.mark.parametrize(
    "package",
    [path.relative_to(ROOT).as_posix() for room in ROOMS for path in sorted((ROOT / room).rglob("__init__.py"))],
)
def test_a_package_states_its_convention(package: str) -> None:
    """The one thing that somebody who adds a file there has to know: what always, or never, holds."""
    told = ast.get_docstring(ast.parse((ROOT / package).read_text("utf-8"))) or ""
    assert CONVENTION.search(told), f"{package}: say 'The one convention here: ...'"
