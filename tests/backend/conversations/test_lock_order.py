"""One order of locks on PostgreSQL: the contact point first. Two that begin at once wait for each other, never both."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, text, update

from backend.alerts.service import acknowledge, open_alerts
from backend.conversations.claim import claim_due
from backend.conversations.talk import address_index, begin_talk
from backend.conversations.timers import fire_due
from backend.conversations.turn import take_turn
from backend.staff import Role, add_staff
from backend.store.talk import ContactPoint, Conversation
from backend.store.work import Person
from backend.tasks.service import done, make_task
from backend.testing import HER_NUMBER, Bench, make_bench
from bot import Flows
from channels.contract import Inbound

OTHER = "+447700900124"
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
Work = Callable[[Connection], Any]


@pytest.fixture
def bench(postgres: Callable[[], str], tmp_path: Path, flows: Flows) -> Iterator[Bench]:
    """A house on PostgreSQL, where two transactions can be open at once."""
    made = make_bench(tmp_path, postgres(), flows=flows)
    yield made
    made.close()


def do(bench: Bench, work: Work) -> Any:
    """In a transaction of its own, once: a store would try again what lost a race."""
    with bench.house.store.engine.begin() as c:
        return work(c)


def together(bench: Bench, first: Work, before: str, second: Work) -> None:
    """Run `first`; as soon as it comes to the statement that begins with `before`, run `second` beside it, until that
    one has to wait or is done. Raises what either raises, such as a deadlock."""
    beside = ThreadPoolExecutor(1)
    running: list[Future[Any]] = []

    def start(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if running or before not in " ".join(statement.split()):
            return
        running.append(beside.submit(do, bench, second))
        with bench.house.store.engine.connect() as watching:
            while not running[0].done() and not watching.execute(WAITING).scalar_one():
                watching.rollback()

    with beside, bench.house.store.engine.connect() as c:
        event.listen(c, "before_cursor_execute", start)
        first(c)
        c.commit()
        assert running, "the first never came to that statement"
        running[0].result(timeout=20)


def practitioner(bench: Bench) -> int:
    """Somebody who is woken."""
    return int(
        do(bench, lambda c: add_staff(c, bench.house, "Ash", "a@example.org", "a quiet harbour", Role.COMMUNITY_IDVA))
    )


def said(bench: Bench, words: str, number: str = HER_NUMBER, word: bytes | None = None) -> Work:
    """A turn with these words."""
    inbound = Inbound("sms", number, f"SM{bench.house.new_id():032x}", words, bench.clock())
    return lambda c: take_turn(c, bench.house, inbound, word)


@pytest.mark.requirement("R32")
def test_an_alert_that_repeats_while_it_is_acknowledged(bench: Bench) -> None:
    ash = practitioner(bench)
    do(bench, said(bench, "he has a knife"))
    [alert] = do(bench, open_alerts)
    bench.clock.advance(minutes=3)
    acknowledges: Work = lambda c: acknowledge(c, bench.house, alert.id, ash)  # noqa: E731
    together(bench, lambda c: fire_due(c, bench.house), "UPDATE alert SET repeats", acknowledges)
    assert do(bench, open_alerts) == []


@pytest.mark.requirement("R32")
def test_a_message_is_given_up_while_an_alert_whose_mail_is_looked_at_is_acknowledged(bench: Bench) -> None:
    ash = practitioner(bench)
    do(bench, said(bench, "he has a knife"))
    [alert] = do(bench, open_alerts)
    bench.clock.advance(hours=3)
    acknowledges: Work = lambda c: acknowledge(c, bench.house, alert.id, ash)  # noqa: E731
    claims: Work = lambda c: claim_due(c, bench.house, ["sms", "email"])  # noqa: E731
    together(bench, claims, "FROM alert WHERE alert.conversation_id", acknowledges)
    assert alert.id not in [one.id for one in do(bench, open_alerts)]


def test_a_task_that_comes_due_while_it_is_done(bench: Bench) -> None:
    ash = practitioner(bench)
    talk = do(bench, said(bench, "hello")).conversation_id
    due = bench.clock() + timedelta(minutes=30)
    task = do(bench, lambda c: make_task(c, bench.house, talk, "try_another_way", due))
    bench.clock.advance(hours=1)
    together(bench, lambda c: fire_due(c, bench.house), "UPDATE task SET", lambda c: done(c, bench.house, task, ash))
    assert [alert.reason for alert in do(bench, open_alerts)] == ["task_overdue"]


@pytest.mark.requirement("R13")
def test_the_word_for_bad_times_on_two_phones_of_one_person_at_once(bench: Bench) -> None:
    """Each pauses both phones."""
    words = {number: number.encode() * 3 for number in (HER_NUMBER, OTHER)}
    do(bench, lambda c: [begin_talk(c, bench.house, "sms", number) for number in words])

    def link(c: Connection) -> None:
        key = c.execute(select(Conversation.key_id).limit(1)).scalar_one()
        c.execute(insert(Person).values(id=1, key_id=key, created_at=bench.clock()))
        for number, word in words.items():
            there = select(ContactPoint.id).where(
                ContactPoint.address_index == address_index(bench.house, "sms", number)
            )
            mine = Conversation.contact_point_id == there.scalar_subquery()
            c.execute(update(Conversation).where(mine).values(person_id=1, duress_word=word))

    do(bench, link)
    first, second = (said(bench, "garden gate", number, word) for number, word in words.items())
    together(bench, first, "UPDATE contact_point SET version=(contact_point.version", second)
    rows = do(bench, lambda c: c.execute(select(ContactPoint.state, ContactPoint.paused_at)).all())
    assert {(row.state, row.paused_at is not None) for row in rows} == {("unsafe", True)}
