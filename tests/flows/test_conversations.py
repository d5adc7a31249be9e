"""Every conversation in flows/tests, one test each."""

from functools import lru_cache
from pathlib import Path

import pytest

import bot
from bot.conversation_tests import Case, load_cases, run_case

FLOWS = Path(__file__).parents[2] / "flows"


@lru_cache
def _flows() -> bot.Flows:
    return bot.load_flows(FLOWS)


def _name(case: Case) -> str:
    return f"{Path(case.file).stem}: {case.name}"


@pytest.mark.parametrize("case", load_cases(FLOWS), ids=_name)
def test_the_conversation_goes_as_written(case: Case) -> None:
    result = run_case(_flows(), case)
    assert result.passed, str(result)
