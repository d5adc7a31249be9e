"""What is due for a conversation that is no more ends quietly, and what is due for others goes on."""

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from backend.conversations.clearing_work import clear_due
from backend.conversations.talk import find_talk
from backend.conversations.timers import fire_due
from backend.store.channels import Clearing
from backend.store.support import Plan
from backend.store.talk import Conversation, Timer
from backend.testing import HER_NUMBER, Bench, Outbox, make_bench
from bot import Flows
from tests.memory import folder_in_memory

OTHER = "+447700900199"


class Wiping(Outbox):
    """A channel that can take messages away; it keeps what it was asked for."""

    reach = timedelta(hours=48)

    def __init__(self) -> None:
        super().__init__("sms")
        self.wiped: list[str] = []

    async def delete(self, address: str, ids: Any) -> frozenset[str]:
        self.wiped.append(address)
        return frozenset()


@pytest.fixture
def house(tmp_path: Path, flows: Flows) -> Iterator[tuple[Bench, Path]]:
    """A bench on SQLite, and its file."""
    with folder_in_memory() as memory:
        made = make_bench(tmp_path, f"sqlite:///{memory / 'test.db'}", flows=flows)
        yield made, memory / "test.db"
        made.close()


async def two_talks(bench: Bench) -> tuple[int, int]:
    """Two people have written; their conversations."""
    await bench.text("hello")
    await bench.text("hello", OTHER)
    her, other = [row.id for row in await bench.rows(select(Conversation.id).order_by(Conversation.id))]
    return her, other


def vanish(file: Path, conversation_id: int) -> None:
    """The conversation is gone from one look to the next, as where another process destroys it in between."""
    with sqlite3.connect(file) as beside:  # this connection watches no foreign keys
        beside.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))
    beside.close()


@pytest.mark.parametrize("kind", ["plan", "talk", "recheck"])
def test_a_timer_without_its_conversation_goes_and_the_next_one_fires(house: tuple[Bench, Path], kind: str) -> None:
    bench, file = house

    async def scenario() -> None:
        her, other = await two_talks(bench)
        plan = {
            "id": 7,
            "purpose": "check_in",
            "rule": b"",
            "state": "active",
            "version": 0,
            "created_at": bench.clock(),
        }
        await bench.house.store.write(lambda c: c.execute(insert(Plan), plan | {"conversation_id": her}))
        timer = {"name": "gone", "fence": "0", "due_at": bench.clock()}
        lone = timer | {"id": 1, "kind": kind, "subject_id": 7 if kind == "plan" else her}
        next_one = timer | {"id": 2, "kind": "talk", "subject_id": other}
        for row in (lone, next_one):
            await bench.house.store.write(lambda c, row=row: c.execute(insert(Timer), row))
        vanish(file, her)
        assert await bench.house.store.write(lambda c: fire_due(c, bench.house)) == 2
        assert await bench.rows(select(Timer.id).where(Timer.due_at <= bench.clock())) == []

    asyncio.run(scenario())


@pytest.mark.requirement("R27")
@pytest.mark.parametrize("what", ["gone", "unreadable"])
def test_a_chat_that_cannot_be_cleared_keeps_no_other_waiting(house: tuple[Bench, Path], what: str) -> None:
    bench, file = house
    channel = Wiping()
    bench.house = replace(bench.house, senders={**bench.house.senders, "sms": channel})

    async def scenario() -> None:
        her, other = await two_talks(bench)
        for number, talk in enumerate((her, other), 1):
            row = {"id": bench.house.new_id(), "conversation_id": talk, "tries": 0}
            due = bench.clock() + timedelta(seconds=number)
            await bench.house.store.write(
                lambda c, row=row, due=due: c.execute(insert(Clearing), row | {"due_at": due})
            )
        if what == "gone":
            vanish(file, her)
        else:
            point = await bench.house.store.write(lambda c: find_talk(c, bench.house, "sms", HER_NUMBER))
            assert point is not None
            damaged = "UPDATE contact_point SET address = x'01' WHERE id = :id"
            await bench.house.store.write(lambda c: c.exec_driver_sql(damaged, {"id": point.point_id}))
        bench.clock.advance(minutes=1)
        await clear_due(bench.house)
        assert channel.wiped == [OTHER]
        bench.clock.advance(days=1)
        assert await clear_due(bench.house) == 0, "nothing of it is left to look at"

    asyncio.run(scenario())
