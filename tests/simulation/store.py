"""A store that works at once and in place, so that a simulation has no thread and no chance but its own."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event

from backend.store.engine import make_engine
from backend.testing import lay_tables
from tests.simulation.fate import Fate

T = TypeVar("T")
Work = Callable[[Connection], T]


class SimStore:
    """One connection to one SQLite file. Each transaction may die before it, before its commit, and after it.

    Nothing waits for the disk: what a killed machine loses is the store tests' business, not this one's.
    """

    def __init__(self, file: Path, fate: Fate) -> None:
        url = f"sqlite:///{file}"
        lay_tables(url)
        self.engine: Engine = make_engine(url)
        event.listen(self.engine, "connect", _hurry)
        self._fate = fate
        self._connection = self.engine.connect()
        self._bare = self._connection.connection.driver_connection
        for statement in _WATCH:
            self._bare.execute(statement)
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

    def next_due(self, now: datetime) -> list[datetime]:
        """When a timer and a message are next due after `now`; what is due already waits for something else."""
        found = self._bare.execute(_AHEAD, (_bare(now),)).fetchone()
        return [datetime.fromisoformat(at).replace(tzinfo=UTC) for at in found if at is not None]

    def is_due(self, now: datetime) -> tuple[bool, bool]:
        """Whether a timer is due, and whether a message is; asked so often that it has to be the bare driver."""
        timer, message = self._bare.execute(_DUE, (_bare(now),)).fetchone()
        return bool(timer), bool(message)

    def changed(self) -> dict[str, list[int]]:
        """The rows that came or were changed since this was last asked, by whatever way: table -> ids in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for table, row_id in self._bare.execute("SELECT what, id FROM changed").fetchall():
            found[table].append(row_id)
        if found:
            self._bare.execute("DELETE FROM changed")
        return found

    def close(self) -> None:
        self._connection.close()
        self.engine.dispose()


def _bare(now: datetime) -> str:
    """An instant as SQLite keeps it."""
    return now.strftime("%Y-%m-%d %H:%M:%S.%f")


_AHEAD = " ".join(
    ("SELECT", ", ".join(f"(SELECT min(due_at) FROM {table} WHERE due_at > ?1)" for table in ("timer", "outbound")))
)
"""When each is next due."""
_DUE = " ".join(
    ("SELECT", ", ".join(f"EXISTS (SELECT 1 FROM {table} WHERE due_at <= ?1)" for table in ("timer", "outbound")))
)
_NOTE = "BEGIN INSERT OR IGNORE INTO changed VALUES ('{table}', NEW.id); END"
_WATCHED = {
    "plan": ("version, state", "1"),
    "appointment": ("version, state", "1"),
    "plan_due": ("plan_id, due_at", "1"),
    "outbound": (
        "state, reason, due_at",
        "NEW.state IN ('dropped', 'cancelled', 'failed')"
        " OR (NEW.due_at IS NOT NULL AND NEW.state IN ('sent', 'delivered', 'read'))",
    ),
}
"""Tables whose changes are noted: which columns, and which rows. What a transaction that is rolled back has changed is
rolled back here too."""
_WATCH = [
    "CREATE TEMP TABLE changed (what TEXT, id INTEGER, PRIMARY KEY (what, id)) WITHOUT ROWID",
    *(
        f"CREATE TEMP TRIGGER {table}_{n} AFTER {when} ON {table} WHEN {rows} {_NOTE.format(table=table)}"
        for table, (columns, rows) in _WATCHED.items()
        for n, when in enumerate(("INSERT", f"UPDATE OF {columns}"))
    ),
]


def _hurry(connection: Any, _record: Any) -> None:
    for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "secure_delete=OFF", "cache_size=-64000"):
        connection.execute(f"PRAGMA {pragma}")
