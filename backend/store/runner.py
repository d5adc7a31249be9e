"""Runs plain synchronous work on the database, durably, from asynchronous edges.

On SQLite one writer thread commits many pieces of work together, each under a savepoint of its own: one fsync serves
them all, and one that fails takes nothing else with it. On PostgreSQL a small pool of threads gives each its own
transaction. Either way `await store.write(work)` returns only after what `work` did is on the disk.
"""

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from backend.store.engine import make_engine

T = TypeVar("T")
Work = Callable[[Connection], T]
BATCH = 64
"""How many pieces of work one SQLite commit carries at most."""
TRIES = 3
"""How often a PostgreSQL transaction that lost a race is run again."""
FAULTS_OF_THE_WORK = (DataError, IntegrityError)
"""What comes again however often the same work is tried, once a race is ruled out; any other DBAPIError is the
database's own trouble, and passes."""


class Store(Protocol):
    """The one way to run work on the database."""

    engine: Engine

    def write(self, work: Work[T]) -> Awaitable[T]:
        """Run `work` in a transaction of its own; the answer comes after the commit. Raises what `work` raises, having
        undone it."""
        ...

    def read(self, work: Work[T]) -> Awaitable[T]:
        """Run `work`, which only reads, beside the writers."""
        ...

    def close(self) -> None:
        """Finish what was handed in, then let the threads and connections go."""
        ...


def open_store(url: str) -> Store:
    """The store for a database address (`SIDEDOOR_DATABASE_URL`). Raises ValueError for a kind of database that is not
    known."""
    engine = make_engine(url)
    return SqliteStore(engine) if engine.dialect.name == "sqlite" else PostgresStore(engine)


class SqliteStore:
    """One writer thread with group commit; readers beside it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._jobs: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(2, "store-read")
        self._writer = threading.Thread(target=self._run, name="store-write", daemon=True)
        self._writer.start()

    def write(self, work: Work[T]) -> Awaitable[T]:
        done: Future[T] = Future()
        self._jobs.put((work, done))
        return asyncio.wrap_future(done)

    def read(self, work: Work[T]) -> Awaitable[T]:
        return asyncio.wrap_future(self._readers.submit(_read, self.engine, work))

    def close(self) -> None:
        self._jobs.put(None)
        self._writer.join()
        self._readers.shutdown()
        self.engine.dispose()

    def _run(self) -> None:
        going = True
        while going:
            batch, going = self._take()
            if batch:
                self._commit_together(batch)

    def _take(self) -> tuple[list[tuple[Work[Any], Future[Any]]], bool]:
        """What waits, up to a batch, after waiting for the first; False with it when the store is closing."""
        batch: list[tuple[Work[Any], Future[Any]]] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == BATCH or self._jobs.empty():
                return batch, True
            job = self._jobs.get()
        return batch, False

    def _commit_together(self, batch: list[tuple[Work[Any], Future[Any]]]) -> None:
        """Run each under its savepoint, commit once, and only then answer anybody.

        What was called off before it began is left out; what has begun can no longer be called off, so that nobody does
        so between two looks of this thread and kills it.
        """
        batch = [(work, done) for work, done in batch if done.set_running_or_notify_cancel()]
        answers: list[Callable[[], None]] = []
        try:
            with self.engine.begin() as connection:
                for work, done in batch:
                    answers.append(_under_savepoint(connection, work, done))
        except Exception as error:  # the commit itself failed: nothing is there, and everybody is told so
            answers = [_failing(done, error) for _work, done in batch]
        for answer in answers:
            answer()


def _under_savepoint(connection: Connection, work: Work[Any], done: Future[Any]) -> Callable[[], None]:
    connection.exec_driver_sql("SAVEPOINT turn")
    try:
        result = work(connection)
    except Exception as error:
        connection.exec_driver_sql("ROLLBACK TO turn")
        connection.exec_driver_sql("RELEASE turn")
        return _failing(done, error)
    connection.exec_driver_sql("RELEASE turn")
    return lambda: done.set_result(result)


def _failing(done: Future[Any], error: Exception) -> Callable[[], None]:
    return lambda: done.set_exception(error)


class PostgresStore:
    """A small pool of threads, each piece of work its own transaction; one that lost a race is run again."""

    def __init__(self, engine: Engine, threads: int = 8) -> None:
        self.engine = engine
        self._threads = ThreadPoolExecutor(threads, "store")

    def write(self, work: Work[T]) -> Awaitable[T]:
        return asyncio.wrap_future(self._threads.submit(self._transaction, work))

    def read(self, work: Work[T]) -> Awaitable[T]:
        return asyncio.wrap_future(self._threads.submit(_read, self.engine, work))

    def close(self) -> None:
        self._threads.shutdown()
        self.engine.dispose()

    def _transaction(self, work: Work[T]) -> T:
        for left in reversed(range(TRIES)):
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except (OperationalError, IntegrityError):
                # A deadlock, or two first messages of one sender at once: the second try finds what the other one
                # wrote.
                if not left:
                    raise
        raise AssertionError("unreachable")


def _read(engine: Engine, work: Work[T]) -> T:
    with engine.connect().execution_options(sidedoor_read=True) as connection, connection.begin():
        return work(connection)
