"""One understanding, learned from the project's own examples, for all tests of this folder."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.understanding import Understanding

_TOOL = Path(__file__).resolve().parents[3] / "tools/score_understanding.py"


def _load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_understanding", _TOOL)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def score() -> ModuleType:
    """The script that scores the readers, as a module."""
    return _load_tool()


@pytest.fixture(scope="session")
def answers(score: ModuleType) -> list[Any]:
    """All labelled answers."""
    return list(score.labelled_answers())


@pytest.fixture(scope="session")
def understanding(score: ModuleType) -> Understanding:
    """Learned from flows/data/nlu*.yml."""
    learned: Understanding = score.understanding_of_the_flows()
    return learned
