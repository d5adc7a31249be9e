"""Two transactions at once on PostgreSQL: the one that waits sees what the other has written."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from backend.alerts.service import OpenAlert, acknowledge, open_alerts
from backend.conversations.dispatch import dispatch_due
from backend.conversations.ownership import take_over
from backend.conversations.talk import begin_talk, find_talk
from backend.conversations.turn import take_turn
from backend.staff import Role, add_staff
from backend.store.talk import Conversation, InboundMessage, OutboundMessage
from backend.testing import HER_NUMBER, Bench, make_bench
from bot import Flows
from channels.contract import Inbound

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


@pytest.fixture
def bench(postgres: Callable[[], str], tmp_path: Path, flows: Flows) -> Iterator[Bench]:
    """A house on PostgreSQL; SQLite has one writer, so nothing can happen at once there."""
    made = make_bench(tmp_path, postgres(), flows=flows)
    yield made
    made.close()


def while_it_goes_on(bench: Bench, first: Callable[[Connection], Any], second: Callable[[Connection], Any]) -> Any:
    """What `second` gives, which is made to wait until `first` has committed."""

    def run() -> Any:
        with bench.house.store.engine.begin() as c:
            return second(c)

    with ThreadPoolExecutor(1) as beside, bench.house.store.engine.connect() as c:
        first(c)
        later = beside.submit(run)
        with bench.house.store.engine.connect() as watching:
            while not later.done() and not watching.execute(WAITING).scalar_one():
                watching.rollback()
        c.commit()
        return later.result(timeout=60)


def said(bench: Bench, words: str, number: int) -> Callable[[Connection], Any]:
    """A turn with these words."""
    inbound = Inbound("sms", HER_NUMBER, f"SM{number:032x}", words, bench.clock())
    return lambda c: take_turn(c, bench.house, inbound, None)


def practitioner(bench: Bench) -> int:
    """Somebody who may take over."""
    with bench.house.store.engine.begin() as c:
        return add_staff(c, bench.house, "Ash", "ash@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)


def talk_id(bench: Bench) -> int:
    """The only conversation."""
    return int(asyncio.run(bench.rows(select(Conversation.id)))[0][0])


def open_now(bench: Bench) -> list[OpenAlert]:
    """The alerts that nobody has acknowledged."""
    with bench.house.store.engine.connect() as c:
        return open_alerts(c)


def machine_lines(bench: Bench) -> int:
    """How many lines the machine has queued or sent."""
    lines = select(func.count()).select_from(OutboundMessage).where(OutboundMessage.kind == "reply")
    return int(asyncio.run(bench.rows(lines))[0][0])


def test_a_turn_that_waited_for_a_take_over_is_silent(bench: Bench) -> None:
    asyncio.run(bench.text("hello"))
    asyncio.run(bench.text("1"))
    ash, talk = practitioner(bench), talk_id(bench)
    before = machine_lines(bench)
    while_it_goes_on(bench, lambda c: take_over(c, bench.house, talk, ash), said(bench, "2", 900))
    assert machine_lines(bench) == before + 1  # that somebody joined, and nothing after it


def test_a_turn_that_waited_goes_on_from_where_the_other_left_the_talk(bench: Bench) -> None:
    asyncio.run(bench.text("hello"))
    while_it_goes_on(bench, said(bench, "the first half", 901), said(bench, "and the second", 902))
    talk = talk_id(bench)
    with bench.house.store.engine.begin() as c:
        found = find_talk(c, bench.house, "sms", HER_NUMBER)
        assert found is not None and found.id == talk
        assert found.memory()["recent"][-2:] == ["the first half", "and the second"]
    assert len(asyncio.run(bench.rows(select(InboundMessage.id)))) == 3


def test_an_alert_that_is_being_acknowledged_does_not_stand_for_a_new_one(bench: Bench) -> None:
    ash = practitioner(bench)
    asyncio.run(bench.text("he has a knife"))
    [alert] = open_now(bench)
    while_it_goes_on(bench, lambda c: acknowledge(c, bench.house, alert.id, ash), said(bench, "he has a knife", 903))
    assert [later.id != alert.id for later in open_now(bench)] == [True]


def test_the_dispatcher_leaves_a_busy_talk_for_the_next_look(bench: Bench) -> None:
    asyncio.run(bench.intake.take(Inbound("sms", HER_NUMBER, f"SM{1:032x}", "hello", bench.clock())))
    with bench.house.store.engine.connect() as c:
        find_talk(c, bench.house, "sms", HER_NUMBER)
        assert asyncio.run(dispatch_due(bench.house)) == 0
    assert asyncio.run(dispatch_due(bench.house)) == 1


def test_a_talk_that_was_begun_since_we_looked_is_the_one(bench: Bench) -> None:
    with bench.house.store.engine.begin() as c:
        assert find_talk(c, bench.house, "sms", HER_NUMBER) is None
        asyncio.run(bench.text("hello"))
        assert begin_talk(c, bench.house, "sms", HER_NUMBER).id == talk_id(bench)
