"""The desk over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backend.desk.routes import routes
from backend.testing import Bench, lay_tables, make_bench
from bot import Flows
from tests.backend.desk.browser import Desk
from tests.memory import folder_in_memory


@pytest.fixture
def at_desk(bench: Bench) -> Iterator[Desk]:
    """Nobody is logged in yet."""
    with TestClient(Starlette(routes=routes(bench.house))) as client:
        yield Desk(bench, client)


@pytest.fixture
def at_quick_desk(tmp_path: Path, flows: Flows) -> Iterator[Desk]:
    """The same on SQLite alone, for what does not depend on the database."""
    with folder_in_memory() as folder:
        url = f"sqlite:///{folder / 'test.db'}"
        lay_tables(url)
        bench = make_bench(tmp_path, url, flows=flows)
        with TestClient(Starlette(routes=routes(bench.house))) as client:
            yield Desk(bench, client)
        bench.close()
