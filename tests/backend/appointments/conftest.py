"""One database where the rules are what is tested; what is about rows that two want at once runs on both."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.store.engine import make_engine
from backend.store.migrate import upgrade
from backend.testing import Bench, make_bench
from bot import Flows


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the newest tables, made once: to make it takes longer than most of these tests."""
    made = tmp_path_factory.mktemp("empty") / "empty.db"
    engine = make_engine(f"sqlite:///{made}")
    upgrade(engine)
    engine.dispose()
    return made


@pytest.fixture
def quick(tmp_path: Path, empty_file: Path, flows: Flows) -> Iterator[Bench]:
    """A bench on SQLite."""
    shutil.copy(empty_file, tmp_path / "test.db")
    made = make_bench(tmp_path, f"sqlite:///{tmp_path / 'test.db'}", flows=flows)
    yield made
    made.close()
