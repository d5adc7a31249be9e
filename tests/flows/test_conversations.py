"""Every conversation in flows/tests, one test each."""

from pathlib import Path

import pytest

from bot import Flows
from bot.conversation_tests import Case, load_cases, run_case
from tests.our_flows import FOLDER


def _name(case: Case) -> str:
    return f"{Path(case.file).stem}: {case.name}"


@pytest.mark.parametrize("case", load_cases(FOLDER), ids=_name)
def test_the_conversation_goes_as_written(flows: Flows, case: Case) -> None:
    result = run_case(flows, case)
    assert result.passed, str(result)
