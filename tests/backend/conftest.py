"""A house on each of the two databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.store import Store, open_store
from backend.store.engine import make_engine
from backend.store.migrate import upgrade
from backend.testing import Bench, lay_tables, make_bench
from bot import Flows
from tests.memory import folder_in_memory
from tests.peers.postgres import PostgresPeer, serve_postgres


@pytest.fixture(scope="session")
def postgres_peer() -> Iterator[PostgresPeer]:
    """A real PostgreSQL server, whose new databases have the newest tables."""
    with serve_postgres() as peer:
        engine = make_engine(peer.template)
        upgrade(engine)
        engine.dispose()
        yield peer


@pytest.fixture
def postgres(postgres_peer: PostgresPeer) -> Iterator[Callable[[], str]]:
    """Makes fresh PostgreSQL databases with the newest tables."""
    with postgres_peer.databases() as fresh:
        yield fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database with the newest tables."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgres")()
        return
    with folder_in_memory() as folder:
        made = f"sqlite:///{folder / 'test.db'}"
        lay_tables(made)
        yield made


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store on that database."""
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def bench(url: str, tmp_path: Path, flows: Flows) -> Iterator[Bench]:
    """A whole house on that database, with the real flows, a clock that stands still and senders that keep what they
    get."""
    made = make_bench(tmp_path, url, flows=flows)
    yield made
    made.close()
