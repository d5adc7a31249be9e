"""The conversations of the small projects beside this file: what people may do in a talk, one test each."""

from functools import lru_cache
from pathlib import Path

import pytest

import bot
from bot.conversation_tests import Case, load_cases, run_case

PROJECTS = Path(__file__).parent / "projects"
CASES = [(project.name, case) for project in sorted(PROJECTS.iterdir()) for case in load_cases(project)]


@lru_cache
def _flows(project: str) -> bot.Flows:
    return bot.load_flows(PROJECTS / project)


@pytest.mark.parametrize(("project", "case"), CASES, ids=[f"{project}: {case.name}" for project, case in CASES])
def test_the_conversation_goes_as_written(project: str, case: Case) -> None:
    result = run_case(_flows(project), case)
    assert result.passed, str(result)
