"""At the end of a whole run: how many marked tests of each safety requirement passed, and which have none.

A requirement that the page calls *there* or *in part* and that no passed test proves fails the run. A part of the suite
proves nothing about the whole, so a run that leaves out any test says nothing. Nothing is written to a file.

Where pytest-xdist shares the tests out, each process that runs some sends its reports to the one that was started, and
only that one counts: so what a test proves travels in its report.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from tools.requirements_list import Requirement, read_requirements

ON_A_LINE = 5
HEADING = "safety requirements: marked tests passed / failed / skipped"
LEFT_OUT = ("keyword", "markexpr", "lf", "last_failed", "collectonly", "deselect", "ignore", "ignore_glob", "stepwise")
"""Options that leave out tests, or run none."""
ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
"""How a run ends that was not cut off."""
PROVES = "requirement"
"""The name that a number has among the properties of a report."""
LEFT_OUT_ANY = "left_out_any"
"""What a process that only runs tests says at its end."""


class RequirementsProof:
    """A pytest plugin. `requirements` are those to be proven; None: those of tools/requirements.toml."""

    def __init__(self, requirements: Sequence[Requirement] | None = None) -> None:
        self._given = requirements
        self._outcomes: dict[str, str] = {}
        """By test: the worst that any of its phases came to."""
        self._proves: dict[str, tuple[str, ...]] = {}
        self._part = False

    @cached_property
    def _requirements(self) -> Sequence[Requirement]:
        """Read only when a whole run has ended, so that a line that rots fails its own test and no other."""
        return read_requirements() if self._given is None else self._given

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Let each test say in its reports what it proves."""
        for item in session.items:
            numbers = [str(number) for mark in item.iter_markers("requirement") for number in mark.args]
            item.user_properties.extend((PROVES, number) for number in dict.fromkeys(numbers))

    def pytest_deselected(self) -> None:
        """Something is left out, whatever the reason."""
        self._part = True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be read leaves out its tests."""
        self._part = self._part or report.failed

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A process that ran tests has ended: a part when it left out any, or fell over before it could say."""
        self._part = self._part or bool(getattr(node, "workeroutput", {}).get(LEFT_OUT_ANY, True))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test: an expected failure counts as a failure, for it proves nothing."""
        outcome = "failed" if hasattr(report, "wasxfail") and report.skipped else report.outcome
        worst = {"failed": 2, "skipped": 1, "passed": 0}
        self._proves[report.nodeid] = tuple(str(value) for name, value in report.user_properties if name == PROVES)
        known = self._outcomes.get(report.nodeid, "passed")
        self._outcomes[report.nodeid] = max(known, outcome, key=worst.__getitem__)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Fail a whole run that leaves a requirement without proof; one of several processes only says what it left."""
        told = getattr(session.config, "workeroutput", None)
        if told is not None:
            told[LEFT_OUT_ANY] = self._part
            return
        self._part = self._part or exitstatus not in ENDED or not _is_whole(session)
        if not self._part and exitstatus == pytest.ExitCode.OK and self.unproven():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table."""
        if self._part or not self._outcomes:
            return
        terminalreporter.section(HEADING)
        for line in self.table():
            terminalreporter.line(line)
        for requirement in self.unproven():
            terminalreporter.line(
                f"{requirement.number} {requirement.title}: the page says that it is carried out, and no marked test "
                "passed. Mark one, mend it, or say `begun = true` in tools/requirements.toml.",
                red=True,
            )

    def counts(self) -> dict[str, Counter[str]]:
        """By requirement, how many marked tests came to which outcome."""
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for test, outcome in self._outcomes.items():
            for number in self._proves.get(test, ()):
                counted[number][outcome] += 1
        return counted

    def unproven(self) -> list[Requirement]:
        """Those that are said to be carried out, at least in part, and that no passed test proves."""
        counted = self.counts()
        return [one for one in self._requirements if not one.waits and not counted[one.number]["passed"]]

    def table(self) -> Iterator[str]:
        """Each requirement with its counts, several on a line; one that waits for work to come is marked."""
        counted = self.counts()
        cells = [_cell(one, counted[one.number]) for one in self._requirements]
        for start in range(0, len(cells), ON_A_LINE):
            yield "".join(cell.ljust(23) for cell in cells[start : start + ON_A_LINE]).rstrip()


def _cell(requirement: Requirement, counted: Counter[str]) -> str:
    numbers = "/".join(str(counted[outcome]) for outcome in ("passed", "failed", "skipped"))
    return f"{requirement.number} {numbers}{' not yet' if requirement.waits else ''}"


def _is_whole(session: pytest.Session) -> bool:
    """Whether every test of the suite was asked for, and none was cut off."""
    config = session.config
    left_out = any(config.getoption(option, None) for option in LEFT_OUT)
    cut_off = bool(session.shouldstop or session.shouldfail) or session.testscollected == 0
    return not left_out and not cut_off and _asks_for_everything(config)


def _asks_for_everything(config: pytest.Config) -> bool:
    """Whether the command names no test, or names the root or all the folders of tests."""
    named = {Path(config.invocation_params.dir, argument).resolve() for argument in config.args}
    suite = {Path(config.rootpath, path).resolve() for path in config.getini("testpaths")}
    return bool(named) and (named >= suite or config.rootpath.resolve() in named)
