"""A whole run counts the proofs of each requirement and fails where one is missing; a part of a run says nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.plugins.requirements import HEADING
from tools.requirements_list import KINDS, RottenReferenceError, read_requirements

ROOT = Path(__file__).parents[2]
ALONE = {"PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Nothing that this run was told, and no plugin that it does not name: Hypothesis alone takes a second to load."""
CONFTEST = """\
from tests.plugins.requirements import RequirementsProof
from tools.requirements_list import Requirement

LISTED = [
    Requirement("R1", "One", "A rule.", ("a.py",)),
    Requirement("R2", "Two", "A rule.", ("a.py",)),
    Requirement("R3", "Three", "A rule.", ("a.py",), missing="All.", brings=("time",), begun=True),
]

def pytest_configure(config):
    config.pluginmanager.register(RequirementsProof(LISTED))
"""
CONFIG = """\
[pytest]
testpaths = checks
markers = requirement(id): what it proves
"""
MARKED = """\
import pytest

@pytest.mark.requirement("R1")
def test_first():
    pass

@pytest.mark.requirement("R2")
{how}
def test_second():
    {what}
"""


UNMARKED = """\
def test_nothing():
    pass
"""
TWO_PROCESSES = ("-n", "2", "--dist", "loadfile")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A small suite with the plugin, and nothing in it yet."""
    (tmp_path / "checks").mkdir()
    (tmp_path / "pytest.ini").write_text(CONFIG)
    (tmp_path / "checks/conftest.py").write_text(CONFTEST)
    return tmp_path


def run(suite: Path, *arguments: str, how: str = "", what: str = "pass") -> tuple[int, str]:
    """Run the small suite in a process of its own; its exit code, and what it printed."""
    (suite / "checks/test_marked.py").write_text(MARKED.format(how=how, what=what))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "xdist", *arguments]
    environment = {**os.environ, **ALONE}
    done = subprocess.run(command, cwd=suite, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_whole_run_prints_the_table_and_passes_when_everything_is_proven(suite: Path) -> None:
    code, printed = run(suite)
    assert code == 0 and HEADING in printed
    assert "R1 1/0/0" in printed and "R2 1/0/0" in printed and "R3 0/0/0 not yet" in printed


@pytest.mark.parametrize("how", ["@pytest.mark.skip", "@pytest.mark.xfail"])
def test_a_requirement_that_no_passed_test_proves_fails_the_run(suite: Path, how: str) -> None:
    code, printed = run(suite, how=how, what="assert False")
    assert code == 1
    assert "R2 Two: the page says that it is carried out, and no marked test passed." in printed
    assert "R3 Three" not in printed


def test_a_part_of_the_suite_says_nothing(suite: Path) -> None:
    for arguments in (["-k", "first"], ["checks/test_marked.py"]):
        code, printed = run(suite, *arguments)
        assert code == 0 and HEADING not in printed, arguments


def test_two_processes_count_together(suite: Path) -> None:
    (suite / "checks/test_unmarked.py").write_text(UNMARKED)
    code, printed = run(suite, *TWO_PROCESSES)
    assert code == 0 and printed.count(HEADING) == 1
    assert "R1 1/0/0" in printed and "R2 1/0/0" in printed


def test_two_processes_fail_together_where_a_proof_is_missing(suite: Path) -> None:
    (suite / "checks/test_unmarked.py").write_text(UNMARKED)
    code, printed = run(suite, *TWO_PROCESSES, how="@pytest.mark.skip")
    assert code == 1
    assert "R2 Two: the page says that it is carried out, and no marked test passed." in printed


@pytest.mark.parametrize("arguments", [("-k", "first"), ("-x",)])
def test_two_processes_say_nothing_of_a_part(suite: Path, arguments: tuple[str, ...]) -> None:
    code, printed = run(suite, *TWO_PROCESSES, *arguments, what="assert False")
    assert HEADING not in printed, code


def test_what_is_missing_has_a_kind_of_work_that_brings_it(tmp_path: Path) -> None:
    words = tmp_path / "requirements.toml"
    words.write_text('[R1]\ntitle = "One"\nrule = "A rule."\ncode = []\nmissing = "All of it."\n')
    with pytest.raises(RottenReferenceError, match=r"R1: say in `missing` what is missing, and in `brings`"):
        read_requirements(words)
    words.write_text(words.read_text() + 'brings = ["magic"]\n')
    with pytest.raises(RottenReferenceError, match=r"R1: magic is not a kind of work"):
        read_requirements(words)


def test_code_that_is_gone_is_told(tmp_path: Path) -> None:
    words = tmp_path / "requirements.toml"
    words.write_text('[R1]\ntitle = "One"\nrule = "A rule."\ncode = ["safety/gate.py:nobody"]\n')
    with pytest.raises(RottenReferenceError, match=r"R1: safety/gate.py:nobody is not there any more"):
        read_requirements(words)


def test_all_forty_are_listed_and_each_that_waits_says_for_what() -> None:
    listed = read_requirements()
    assert [one.number for one in listed] == [f"R{number}" for number in range(1, 41)]
    assert all(one.brings and set(one.brings) <= set(KINDS) for one in listed if one.waits)
