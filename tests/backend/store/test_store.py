"""The two stores: durable before they answer, whole or not at all, and unmoved by a neighbour's failure."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert, select

from backend.store import Store, open_store
from backend.store.base import Base, Ids, highest_id
from backend.store.migrate import is_current
from backend.store.talk import DataKey

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def add(c: Connection, key_id: int) -> int:
    """A row to count."""
    c.execute(insert(DataKey), {"id": key_id, "wrapped": b"x", "created_at": NOW})
    return key_id


def ids(c: Connection) -> list[int]:
    """The rows that are there."""
    return list(c.execute(select(DataKey.id).order_by(DataKey.id)).scalars())


def test_what_was_written_is_there(store: Store) -> None:
    async def scenario() -> list[int]:
        assert await store.write(lambda c: add(c, 1)) == 1
        return await store.read(ids)

    assert asyncio.run(scenario()) == [1]


def test_one_that_fails_takes_nothing_else_with_it(store: Store) -> None:
    def half(c: Connection) -> None:
        add(c, 100)
        raise LookupError

    async def scenario() -> list[object]:
        work = [store.write(half) if n == 3 else store.write(lambda c, n=n: add(c, n)) for n in range(1, 8)]
        return list(await asyncio.gather(*work, return_exceptions=True))

    answers = asyncio.run(scenario())
    assert isinstance(answers[2], LookupError)
    with store.engine.connect() as c:
        assert ids(c) == [1, 2, 4, 5, 6, 7]


def test_many_at_once_are_all_there(store: Store) -> None:
    async def scenario() -> None:
        await asyncio.gather(*(store.write(lambda c, n=n: add(c, n)) for n in range(200)))

    asyncio.run(scenario())
    with store.engine.connect() as c:
        assert ids(c) == list(range(200))


def test_closing_finishes_what_was_handed_in(store: Store) -> None:
    async def scenario() -> None:
        pending = [asyncio.ensure_future(store.write(lambda c, n=n: add(c, n))) for n in range(20)]
        store.close()
        await asyncio.gather(*pending)

    asyncio.run(scenario())
    with store.engine.connect() as c:
        assert len(ids(c)) == 20


def test_what_was_called_off_before_it_began_is_not_done(url: str) -> None:
    store = open_store(url)
    begun, go_on = threading.Event(), threading.Event()

    def slow(c: Connection) -> None:
        begun.set()
        go_on.wait(60)

    async def scenario() -> None:
        # as many as PostgreSQL has threads, so that the next one has to wait on either database
        before = [asyncio.ensure_future(store.write(slow)) for _ in range(8)]
        await asyncio.to_thread(begun.wait, 60)
        late = asyncio.ensure_future(store.write(lambda c: add(c, 1)))
        await asyncio.sleep(0)
        late.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(*before)
        assert await store.write(lambda c: add(c, 2)) == 2

    asyncio.run(scenario())
    with store.engine.connect() as c:
        assert ids(c) == [2]
    store.close()


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    naive = {"id": 1, "wrapped": b"x", "created_at": datetime(2026, 3, 2)}  # noqa: DTZ001 - that is the point

    async def scenario() -> None:
        await store.write(lambda c: c.execute(insert(DataKey), naive))

    with pytest.raises(Exception, match="time zone"):
        asyncio.run(scenario())


def test_an_instant_comes_back_in_utc(store: Store) -> None:
    async def scenario() -> datetime:
        await store.write(lambda c: add(c, 1))
        return await store.read(lambda c: c.execute(select(DataKey.created_at)).scalar_one())

    assert asyncio.run(scenario()) == NOW


def test_migrations_make_the_tables_of_the_models(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    assert is_current(store.engine)
    with store.engine.connect() as c:
        context = MigrationContext.configure(c, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_ids_grow_and_fit_the_column() -> None:
    make = Ids()
    made = [make() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert made[-1] < 2**63


def test_ids_go_on_above_the_database_when_the_clock_was_set_back(store: Store) -> None:
    async def scenario() -> None:
        far_ahead = Ids()() + (1 << 40)
        await store.write(lambda c: add(c, far_ahead))
        assert highest_id(store.engine) == far_ahead
        make = Ids(highest_id(store.engine))
        assert [make() for _ in range(3)] == [far_ahead + 1, far_ahead + 2, far_ahead + 3]

    asyncio.run(scenario())
