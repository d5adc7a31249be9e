"""What sending costs: messages a second to an instant peer, and how late ten thousand check-ins of a minute become."""

import asyncio
import tempfile
import time
from datetime import time as wall
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from backend.conversations.claim import next_due
from backend.conversations.dispatch import dispatch_due
from backend.conversations.outbox import Words, queue_words
from backend.conversations.talk import begin_talk
from backend.house import House
from backend.testing import Bench, make_bench
from safety.types import Kind, PointState, SafeContact, Window

MESSAGES = 2_000
CHECK_INS = 10_000
PER_SECOND = 10.0
ALWAYS = (Window(frozenset(range(7)), wall(0), wall(0)),)
AGREED = SafeContact(windows=ALWAYS, may_start=True, reminders=True, others_see="nobody")
SEEDED_AT_ONCE = 500
LASTS = timedelta(hours=3)


def main() -> None:
    """Print the rate beside that of bare transactions, and how long the check-ins take by a clock that is moved."""
    with tempfile.TemporaryDirectory() as folder:
        _rate(make_bench(Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        _burst(make_bench(Path(folder), sms_per_second=PER_SECOND, chat_per_second=1))


def _rate(bench: Bench) -> None:
    asyncio.run(_seed(bench, MESSAGES))
    bare = asyncio.run(_bare(bench))
    began = time.perf_counter()
    made = asyncio.run(dispatch_due(bench.house))
    rate = made / (time.perf_counter() - began)
    print(f"messages to an instant peer  {rate:8.0f}/s")
    print(f"two bare durable updates     {bare:8.0f}/s  (a message is two transactions: claimed, recorded)")
    print(f"ratio                        {rate / bare:8.2f}")
    bench.close()


async def _bare(bench: Bench) -> float:
    """As many pairs of transactions with one update each, through the same writer, as many at once."""
    update = text("UPDATE outbound SET tries = tries WHERE id = :row")

    async def one(row: int) -> None:
        for _half in range(2):
            await bench.house.store.write(lambda c: c.execute(update, {"row": row}))

    began = time.perf_counter()
    for start in range(0, MESSAGES, 32):
        await asyncio.gather(*(one(row) for row in range(start, start + 32)))
    return MESSAGES / (time.perf_counter() - began)


def _burst(bench: Bench) -> None:
    """The clock is moved to whatever is due next, so this takes no real time; what it shows is the pace."""
    asyncio.run(_seed(bench, CHECK_INS))
    began, started = bench.clock.now, time.perf_counter()
    asyncio.run(_drain(bench))
    took = (bench.clock.now - began).total_seconds()
    limit = CHECK_INS / PER_SECOND
    print(f"\n{CHECK_INS} check-ins of one minute, at {PER_SECOND:.0f}/s")
    print(f"by the clock                 {took:8.1f} s   the limit is {limit:.0f} s; wanted: within 2 %")
    print(f"ratio to the limit           {took / limit:8.3f}")
    print(f"working time for all of it   {time.perf_counter() - started:8.1f} s")
    assert len(bench.sms.sent) == CHECK_INS
    bench.close()


async def _drain(bench: Bench) -> None:
    while True:
        await dispatch_due(bench.house)
        due = await bench.house.store.read(lambda c: next_due(c, bench.house, ["sms"]))
        if len(bench.sms.sent) == CHECK_INS or due is None:
            return
        bench.clock.now = max(due, bench.clock.now)


async def _seed(bench: Bench, count: int) -> None:
    """So many people who agreed to be written to at any hour, each with one check-in that is due."""
    for start in range(0, count, SEEDED_AT_ONCE):
        numbers = range(start, min(start + SEEDED_AT_ONCE, count))
        await bench.house.store.write(lambda c, numbers=numbers: _queue(c, bench.house, numbers))


def _queue(c: Connection, house: House, numbers: range) -> None:
    for number in numbers:
        talk = begin_talk(c, house, "sms", f"+4474{number:08d}")
        talk.agree(AGREED, PointState.SAFE, house.clock(), timedelta(days=28))
        talk.save(c)
        queue_words(
            c, house, talk, Kind.CHECK_IN, Words("Hi. How are things today? 1 good 2 so so 3 not good"), lasts=LASTS
        )


if __name__ == "__main__":
    main()
