"""The desk over HTTP."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backend.desk.routes import routes
from backend.testing import Bench
from tests.backend.desk.browser import Desk


@pytest.fixture
def at_desk(bench: Bench) -> Iterator[Desk]:
    """Nobody is logged in yet."""
    with TestClient(Starlette(routes=routes(bench.house))) as client:
        yield Desk(bench, client)
