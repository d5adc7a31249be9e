"""docs/dpia.md says what the tables, the settings and the hazard log say, and leaves no table and no bytes out."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, String, Table

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def dpia() -> Iterator[ModuleType]:
    """tools/dpia_page.py, as a module."""
    sys.path.insert(0, str(ROOT / "tools"))
    yield importlib.import_module("dpia_page")
    sys.path.remove(str(ROOT / "tools"))


def test_the_page_is_the_newest_and_whole() -> None:
    command = [sys.executable, ROOT / "tools/dpia_page.py", "--check"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.requirement("R38")
def test_words_names_and_addresses_are_sealed(dpia: ModuleType) -> None:
    """By what the code seals, not by what the page says."""
    for field in ("inbound.text", "outbound.text", "contact_point.address", "contact_point.contact", "staff.email"):
        table, column = field.split(".")
        assert dpia.kept_as(dpia.load_tables()[table].c[column]) == "sealed", field


@pytest.mark.requirement("R38")
def test_bytes_of_which_nothing_is_known_are_not_called_sealed(dpia: ModuleType) -> None:
    table = Table("made_up", MetaData(), Column("secret", LargeBinary), Column("name", String(20)))
    with pytest.raises(dpia.NotWholeError, match=r"made_up\.secret holds bytes"):
        dpia.kept_as(table.c.secret)
    assert dpia.kept_as(table.c.name) == "plain"


def test_a_table_without_a_line_is_told(dpia: ModuleType) -> None:
    table = Table("made_up", MetaData(), Column("name", String(20)))
    with pytest.raises(dpia.NotWholeError, match="differ: made_up"):
        list(dpia._tables({}, {"made_up": table}))
