"""The score of the danger signs on the labelled messages is what docs/danger-signs.md says, or better."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
ROW = re.compile(r"^\| (urgent|concern|disclosure|none) \| [^|]+ \| (\d+) of (\d+) \| (\d+) of (\d+) \|$", re.MULTILINE)


@pytest.fixture(scope="session")
def score() -> ModuleType:
    """The script that scores, as a module."""
    sys.path.insert(0, str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("score_danger", ROOT / "tools/score_danger.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["score_danger"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sides(score: ModuleType) -> tuple[list[Any], list[Any]]:
    """Every labelled message as it is read: trained on, held out."""
    trained, held = (score.read_all(side) for side in score.halves(score.read_folder()))
    return trained, held


@pytest.fixture(scope="session")
def drafted(score: ModuleType) -> list[Any]:
    """The messages in drafted languages as they are read."""
    return list(score.read_all(score.read_drafted()))


@pytest.fixture(scope="session")
def written() -> dict[str, tuple[float, float]]:
    """What the page says: the share that is right, trained on and held out, by level."""
    page = (ROOT / "docs/danger-signs.md").read_text("utf-8")
    return {row[1]: (int(row[2]) / int(row[3]), int(row[4]) / int(row[5])) for row in ROW.finditer(page)}


def right(reads: list[Any], level: str) -> float:
    """The share of the messages of this level that is read rightly."""
    ours = [read for read in reads if read.message.level == level]
    return sum(read.is_right for read in ours) / len(ours)


@pytest.mark.requirement("R29")
def test_the_set_is_large(sides: tuple[list[Any], list[Any]]) -> None:
    everything = [*sides[0], *sides[1]]
    urgent = [read for read in everything if read.message.level == "urgent"]
    ordinary = [read for read in everything if read.message.kind == "everyday"]
    figurative = [read for read in everything if read.message.kind == "figurative"]
    assert len(urgent) > 1200
    assert len(ordinary) > 300
    assert len(figurative) > 150


@pytest.mark.requirement("R29")
def test_at_least_99_of_100_urgent_messages_wake_somebody(sides: tuple[list[Any], list[Any]]) -> None:
    assert right([*sides[0], *sides[1]], "urgent") >= 0.99


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("level", ["urgent", "concern", "disclosure", "none"])
def test_the_held_out_score_is_what_is_written_or_better(
    sides: tuple[list[Any], list[Any]], written: dict[str, tuple[float, float]], level: str
) -> None:
    assert right(sides[1], level) >= written[level][1] - 1e-9


@pytest.mark.requirement("R29")
def test_few_ordinary_and_figurative_messages_are_raised(sides: tuple[list[Any], list[Any]]) -> None:
    everything = [*sides[0], *sides[1]]
    for kind, most in (("everyday", 0.005), ("figurative", 0.05)):
        ours = [read for read in everything if kind in read.message.kind and read.message.level == "none"]
        assert sum(not read.is_right for read in ours) / len(ours) <= most


@pytest.mark.requirement("R29")
def test_the_drafted_languages_are_read(drafted: list[Any]) -> None:
    """The set was written with the rules, by nobody who speaks the language: it only shows that nothing got lost."""
    assert right(drafted, "urgent") >= 0.95
    assert right(drafted, "none") >= 0.95


@pytest.mark.requirement("R29")
def test_a_drafted_rule_never_holds_in_an_ordinary_english_message(sides: tuple[list[Any], list[Any]]) -> None:
    ordinary = [read for side in sides for read in side if read.message.level == "none"]
    assert [read.message.text for read in ordinary if "drafted_language" in read.kinds] == []


def test_no_near_copies_face_each_other(score: ModuleType) -> None:
    messages = sys.modules["danger_messages"]
    trained, held = score.halves(score.read_folder())
    assert not list(messages.near_copies(held, trained))
