"""No statement of an ordinary day reads a whole table that grows: the talk would slow down with every person in it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, select, update

from backend.alerts.service import acknowledge, open_alerts
from backend.conversations.ownership import take_over
from backend.conversations.record import known_provider_ids
from backend.desk.queue import read_queue
from backend.retention import purge_expired
from backend.staff import Role, add_staff, note_reading
from backend.staff.sessions import find_actor, open_session
from backend.store.talk import Conversation, OutboundMessage
from backend.store.work import Alert
from backend.testing import make_bench
from bot import Flows
from channels.contract import Inbound

GROWING = {
    "alert", "attempt", "audit_entry", "contact_point", "conversation", "data_key", "inbound", "outbound", "timer",
    "web_session", "staff_session", "referral", "case_file", "consent", "person",
}  # fmt: skip
ALIASES = {"point_key", "talk_key", "earlier", "person"}


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Collects what is run."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.split()[0] in {"SELECT", "UPDATE", "DELETE"} and not many:
            seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def scans(engine: Engine, statement: str, values: Any) -> list[str]:
    """The growing tables that a statement reads from end to end."""
    with engine.connect() as c:
        plan = c.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    steps = [str(row[3]).split() for row in plan]
    return [step[1] for step in steps if step[0] == "SCAN" and step[1] in GROWING | ALIASES and "INDEX" not in step]


def test_nothing_reads_a_growing_table_from_end_to_end(tmp_path: Path, flows: Flows) -> None:
    bench = make_bench(tmp_path, flows=flows)
    house, engine = bench.house, bench.house.store.engine

    def desk(c: Any, ash: int, talk: int) -> None:
        actor = find_actor(c, house, open_session(c, house, ash))
        assert actor is not None
        take_over(c, house, talk, ash)
        read_queue(c, house, actor)
        note_reading(c, house, ash, "conversation", talk)
        for alert in open_alerts(c):
            acknowledge(c, house, alert.id, ash)
        for message in c.execute(select(OutboundMessage.id)).scalars().all()[:1]:
            known_provider_ids(c, message, bench.clock())

    async def day() -> None:
        with engine.begin() as c:
            ash = add_staff(c, house, "Ash", "ash@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
        for number, words in enumerate(("hello", "he has a knife")):
            await bench.intake.take(Inbound("sms", "+447700900123", f"SM{number:032x}", words, bench.clock()))
            await bench.work()
        talk = (await bench.rows(select(Conversation.id)))[0][0]
        await house.store.write(lambda c: desk(c, ash, talk))
        await house.store.write(lambda c: c.execute(update(Alert).values(acknowledged_at=bench.clock())))
        await house.store.write(lambda c: c.execute(update(Conversation).values(owner_id=None)))
        bench.clock.advance(days=40)
        await house.store.write(lambda c: purge_expired(c, house))

    with statements_of(engine) as seen:
        asyncio.run(day())
    found = {
        (table, statement)
        for statement, values in seen
        for table in scans(engine, statement, values)
        if "WHERE" in statement
    }
    bench.close()
    assert found == set()
