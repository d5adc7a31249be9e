"""The lock files pin and hash everything, and name no index host, so that any mirror of the registry serves."""

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")
EVERY_LOCK = (*LOCKS, "requirements-rasa.txt")
"""The last is of an optional server with an environment of its own, and need not agree with the others."""
PINNED = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)(\[[a-z0-9_,-]+])?==[^\s;]+( ; .+)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
WHOSE = re.compile(r"[A-Za-z0-9._-]+")


def entries(lock: str) -> list[str]:
    """The requirements of a lock file, each joined to one line without its comments."""
    lines = [line.partition("#")[0].rstrip() for line in (ROOT / lock).read_text("utf-8").splitlines()]
    return [entry for entry in "\n".join(line for line in lines if line).replace("\\\n", " ").splitlines() if entry]


def plain(name: str) -> str:
    """A package's name in its one canonical form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names(lock: str) -> set[str]:
    """What a lock file pins."""
    return {plain(found["name"]) for entry in entries(lock) if (found := PINNED.match(entry))}


@pytest.mark.parametrize("lock", EVERY_LOCK)
def test_everything_is_pinned_and_hashed(lock: str) -> None:
    for entry in entries(lock):
        requirement, *hashes = re.split(r"\s+(?=--hash)", entry.strip())
        assert PINNED.fullmatch(requirement.strip()), f"{lock}: {requirement}"
        assert hashes, f"{lock}: {requirement} has no hash"
        assert all(HASH.fullmatch(each.strip()) for each in hashes), f"{lock}: {requirement}"


@pytest.mark.parametrize("lock", EVERY_LOCK)
def test_no_host_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host| @ ", text)


def test_what_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    product = {plain(match[0]) for each in project["project"]["dependencies"] if (match := WHOSE.match(each))}
    everything = {plain(match[0]) for each in chain(*groups.values()) if (match := WHOSE.match(each))} | product
    assert product <= names("requirements.txt")
    assert everything <= names("requirements-dev.txt")


def test_both_lock_files_agree() -> None:
    """What is tested is what is run."""
    pinned = [dict(entry.split(" ")[0].split("==") for entry in entries(lock)) for lock in LOCKS]
    assert pinned[0].items() <= pinned[1].items()
