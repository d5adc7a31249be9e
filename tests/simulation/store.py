"""A store that works at once and in place, so that a simulation has no thread and no chance but its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event

from backend.store.engine import make_engine
from backend.store.migrate import upgrade
from tests.simulation.fate import Fate

T = TypeVar("T")
Work = Callable[[Connection], T]


class SimStore:
    """One connection to one SQLite file. Each transaction may die before it, before its commit, and after it.

    Nothing waits for the disk: what a killed machine loses is the store tests' business, not this one's.
    """

    def __init__(self, file: Path, fate: Fate) -> None:
        self.engine: Engine = make_engine(f"sqlite:///{file}")
        event.listen(self.engine, "connect", _hurry)
        upgrade(self.engine)
        self._fate = fate
        self._connection = self.engine.connect()
        self.writes = 0

    async def write(self, work: Work[T]) -> T:
        """A transaction, as the product's own store runs it. Raises Crash."""
        self._fate.boundary("before a transaction")
        transaction = self._connection.begin()
        try:
            result = work(self._connection)
            self._fate.boundary("before a commit")
        except BaseException:
            transaction.rollback()
            raise
        transaction.commit()
        self.writes += 1
        if self._fate.happens(self._fate.crashes):
            self._fate.die("after a commit", result, committed=True)
        return result

    async def read(self, work: Work[T]) -> T:
        """What `work` reads. Raises Crash."""
        self._fate.boundary("before a reading")
        return self.look(work)

    def look(self, work: Work[T]) -> T:
        """What the simulation itself reads; nobody dies of it."""
        with self._connection.begin() as transaction:
            result = work(self._connection)
            transaction.rollback()
        return result

    def close(self) -> None:
        self._connection.close()
        self.engine.dispose()


def _hurry(connection: Any, _record: Any) -> None:
    for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "secure_delete=OFF", "cache_size=-64000"):
        connection.execute(f"PRAGMA {pragma}")
