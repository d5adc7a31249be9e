"""Databases for tests that run the product as processes."""

from collections.abc import Callable, Iterator

import pytest

from tests.peers.postgres import PostgresPeer, serve_postgres


@pytest.fixture(scope="session")
def postgres_peer() -> Iterator[PostgresPeer]:
    """A real PostgreSQL server, with nothing in its databases."""
    with serve_postgres() as peer:
        yield peer


@pytest.fixture
def empty_postgres(postgres_peer: PostgresPeer) -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases."""
    with postgres_peer.databases() as fresh:
        yield fresh
