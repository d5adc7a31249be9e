"""What all tables share: the metadata, UTC instants and row ids that are known before the insert."""

import secrets
import threading
import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Engine, MetaData, func, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Utc(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a wall time without a zone before it becomes a wrong instant. Raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite gives the instant back without its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The declarative base."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Utc}  # noqa: RUF012 - SQLAlchemy reads it from the class


def id_column() -> Any:
    """A primary key that the application makes, so that a sealed field can be bound to its row before the insert."""
    return mapped_column(BigInteger, primary_key=True, autoincrement=False)


class Ids:
    """Makes row ids: 63 bits, ordered by time within a process and practically unique between processes.

    Forty-one bits of milliseconds and twenty-two that start at random in every millisecond. An id is not a secret.
    All are greater than `above`: a clock that was set back over a restart must not put new lines before old ones.
    """

    def __init__(self, above: int = 0) -> None:
        self._last = above
        self._lock = threading.Lock()

    def __call__(self) -> int:
        """The next id."""
        fresh = (time.time_ns() // 1_000_000 - _EPOCH_MS) << 22 | secrets.randbits(21)
        with self._lock:
            self._last = max(fresh, self._last + 1)
            return self._last


def highest_id(engine: Engine) -> int:
    """The greatest row id in the database; 0 while it has no tables, or cannot be reached."""
    try:
        return _highest_id(engine)
    except OperationalError:
        return 0  # the house opens all the same, so that it can take down what comes in


def _highest_id(engine: Engine) -> int:
    there = set(inspect(engine).get_table_names())
    tables = [table for name, table in Base.metadata.tables.items() if name in there and "id" in table.c]
    with engine.connect() as c:
        found = [c.execute(select(func.max(table.c.id))).scalar() for table in tables]
    return max((int(row_id) for row_id in found if row_id is not None), default=0)


_EPOCH_MS = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
