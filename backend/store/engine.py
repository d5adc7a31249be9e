"""Engines for the two databases, set up so that a commit is durable and a reader never waits for a writer.

An error of theirs holds no value of a statement (R38).
"""

from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for a SQLite or PostgreSQL address. Raises ValueError for any other database, saying what to write."""
    kind = make_url(url).get_backend_name()
    if kind == "postgresql":
        return create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    if kind != "sqlite":
        raise ValueError(
            "SIDEDOOR_DATABASE_URL names a database that Sidedoor does not run on. "
            "Write sqlite:////var/lib/sidedoor/sidedoor.db or postgresql://user@host/name."
        )
    how = {"check_same_thread": False, "timeout": 30}
    engine = create_engine(url, pool_size=pool_size, connect_args=how, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # Python's own transaction handling is off (isolation_level None): BEGIN IMMEDIATE below is ours, so that two
    # processes
    # on one file wait for each other instead of failing half-way (DESIGN, "Two processes on one SQLite file").
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    reading = connection.get_execution_options().get("sidedoor_read", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
