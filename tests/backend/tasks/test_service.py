"""Tasks: done by people, told of when overdue, and never the end of anything (R35)."""

import asyncio

import pytest
from sqlalchemy import select

from backend.staff import Role, add_staff
from backend.store.work import Case, Staff
from backend.tasks.clocks import OF_A_CASE, OF_A_REFERRAL
from backend.tasks.service import OpenTask, done, open_tasks, start_clocks
from backend.testing import Bench
from tests.backend.talks import conversations, reasons


async def begun(bench: Bench, kinds: tuple[str, ...] = OF_A_REFERRAL) -> int:
    """A conversation with these clocks; its id."""
    await bench.text("hello")
    (talk_id,) = await conversations(bench)
    await bench.house.store.write(lambda c: start_clocks(c, bench.house, talk_id, kinds))
    return talk_id


async def tasks(bench: Bench) -> list[OpenTask]:
    return await bench.house.store.read(lambda c: open_tasks(c, bench.house))


async def sam(bench: Bench) -> int:
    add = ("Sam", "s@x.uk", "quiet harbour", Role.COMMUNITY_IDVA)
    await bench.house.store.write(lambda c: add_staff(c, bench.house, *add))
    return int((await bench.rows(select(Staff.id)))[0][0])


def test_a_clock_that_runs_is_not_begun_twice(bench: Bench) -> None:
    async def scenario() -> None:
        talk_id = await begun(bench)
        await bench.house.store.write(lambda c: start_clocks(c, bench.house, talk_id, OF_A_REFERRAL))
        assert [task.kind for task in await tasks(bench)] == list(OF_A_REFERRAL)

    asyncio.run(scenario())


def test_what_is_overdue_is_told_once_and_goes_on_waiting(bench: Bench) -> None:
    async def scenario() -> None:
        await begun(bench)
        bench.clock.advance(days=6)
        await bench.work()
        assert await reasons(bench) == []
        bench.clock.advance(days=2)
        await bench.work()
        await bench.work()
        assert await reasons(bench) == ["task_overdue"]
        assert all(task.is_overdue for task in await tasks(bench))

    asyncio.run(scenario())


def test_what_is_done_is_told_of_no_more(bench: Bench) -> None:
    async def scenario() -> None:
        await begun(bench)
        me = await sam(bench)
        for task in await tasks(bench):
            assert await bench.house.store.write(lambda c, task=task: done(c, bench.house, task.id, me))
            assert not await bench.house.store.write(lambda c, task=task: done(c, bench.house, task.id, me))
        bench.clock.advance(days=30)
        await bench.work()
        assert (await reasons(bench), await tasks(bench)) == ([], [])

    asyncio.run(scenario())


def test_reviews_and_phone_check_ins_begin_again_when_they_are_done(bench: Bench) -> None:
    async def scenario() -> None:
        await begun(bench, OF_A_CASE)
        me = await sam(bench)
        for task in await tasks(bench):
            await bench.house.store.write(lambda c, task=task: done(c, bench.house, task.id, me))
        assert [task.kind for task in await tasks(bench)] == ["phone_check_in", "review"]

    asyncio.run(scenario())


@pytest.mark.requirement("R35")
def test_two_years_of_overdue_tasks_close_nothing(bench: Bench) -> None:
    async def scenario() -> None:
        await begun(bench, OF_A_CASE)
        before = await bench.rows(select(Case.id))
        for _month in range(24):
            bench.clock.advance(days=30)
            await bench.work()
        assert len(await tasks(bench)) == len(OF_A_CASE)
        assert await bench.rows(select(Case.id)) == before

    asyncio.run(scenario())
