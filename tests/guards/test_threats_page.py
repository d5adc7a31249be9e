"""docs/threats.md names, for each of the eighteen threats, code that is there and a test that is there."""

import re
from pathlib import Path

import pytest

from tools.requirements_list import is_there

PAGE = (Path(__file__).parents[2] / "docs/threats.md").read_text("utf-8")
THREATS = [f"M{number}" for number in range(1, 19)]
DEFENCES = PAGE.partition("## The defences, and their tests")[2].partition("\n## ")[0]
REFERENCE = re.compile(r"(?:`(?P<name>\w+)` in )?\[(?P<path>[^\]]+)]\(\.\./(?P=path)\)")


def references(cell: str) -> list[str]:
    """What a cell of the table names: `path`, or `path:name`."""
    return [
        f"{found['path']}:{found['name']}" if found["name"] else found["path"] for found in REFERENCE.finditer(cell)
    ]


def cells(threat: str, where: str) -> list[str]:
    """The cells of a threat's only row, without its number."""
    (row,) = re.findall(rf"^\| {threat} \|(.*)\|$", where, re.MULTILINE)
    return row.split(" | ")


@pytest.mark.parametrize("threat", THREATS)
def test_a_threat_has_a_defence_and_says_what_is_missing(threat: str) -> None:
    told, in_the_way, missing = cells(threat, PAGE.partition("## The defences, and their tests")[0])
    assert told.strip().startswith("**") and in_the_way.strip() and missing.strip()


@pytest.mark.parametrize("threat", THREATS)
def test_the_code_and_the_tests_of_a_defence_are_there(threat: str) -> None:
    code, tests = (references(cell) for cell in cells(threat, DEFENCES))
    assert code and tests
    assert not [reference for reference in (*code, *tests) if not is_there(reference)]
    assert all(test.startswith("tests/") and ":test_" in test for test in tests)


def test_the_table_holds_nothing_but_references() -> None:
    """A slip in a link would leave it unchecked."""
    for threat in THREATS:
        for cell in cells(threat, DEFENCES):
            assert not REFERENCE.sub("", cell).strip("; "), cell
