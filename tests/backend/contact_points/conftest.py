"""One database where the rules are what is tested; what is about rows that two want at once runs on both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.testing import Bench, make_bench
from bot import Flows
from tests.memory import folder_in_memory


@pytest.fixture
def house(tmp_path: Path, flows: Flows) -> Iterator[Bench]:
    """A bench on SQLite."""
    with folder_in_memory() as memory:
        made = make_bench(tmp_path, f"sqlite:///{memory / 'test.db'}", flows=flows)
        yield made
        made.close()
