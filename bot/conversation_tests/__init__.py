"""Runs conversation tests: end-to-end test files against the pure engine, which never sees a clock or a network.

State is written out and read back between every two turns. The format is told in docs/flow-format.md, section 7.
"""

from collections.abc import Sequence
from pathlib import Path

from bot.conversation_tests.cases import Case
from bot.conversation_tests.coverage import Untested, untested
from bot.conversation_tests.files import load_cases
from bot.conversation_tests.runner import Result, run_case
from bot.language.load import load_flows
from bot.language.models import Flows

__all__ = ["Case", "Result", "Untested", "load_cases", "run", "run_case", "untested"]


def run(folder: Path, flows: Flows | None = None) -> Sequence[Result]:
    """Plays every case below `folder`/tests. Raises FlowErrors when the flows or the tests cannot be read."""
    flows = flows or load_flows(folder)
    return [run_case(flows, case) for case in load_cases(folder, flows)]
