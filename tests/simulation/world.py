"""The whole house on a clock that jumps to whatever is due next, with processes that die and begin again."""

import asyncio
import heapq
import itertools
import logging
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection

from backend.conversations.dispatch import dispatch_due
from backend.conversations.intake import Intake
from backend.conversations.redaction import redact_due
from backend.conversations.timers import fire_due
from backend.house import House, Wake
from backend.retention import AT_ONCE, purge_expired
from backend.staff import Role, add_staff
from backend.testing import FrozenClock, make_bench
from bot import Flows, load_flows
from channels.contract import Inbound, Item, Outbound, Receipt
from safety import secret_words
from safety.vault import Keyring, Vault
from tests.safety.oracle import APPROVED
from tests.simulation.checks import Checks
from tests.simulation.fate import Crash, Fate, Violation
from tests.simulation.people import Person
from tests.simulation.provider import SimMail, SimProvider, SimTwilio, Taken
from tests.simulation.store import SimStore

T = TypeVar("T")
log = logging.getLogger("simulation")
BEGINS = datetime(2026, 1, 15, 9, tzinfo=UTC)
"""From here thirteen months see both clock changes and every bank holiday of a year."""
HOUSEKEEPING = timedelta(hours=12)
SECOND = timedelta(seconds=1)
CALM = {"alert_repeat_urgent_minutes": 60, "alert_repeat_soon_minutes": 240, "alert_repeat_routine_minutes": 1440}
"""Practitioners who take their time are not woken all the time in between."""
MOST_ROUNDS = 60
"""How often one instant may bring new work, beside once for each person, before that counts as going round in circles:
whoever came at the same instant has tasks that fall due at the same instant."""
Happening = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Size:
    """What is simulated: how many people for how many days; `events` a person and month, `troubles` and `crashes` are
    chances at each offer and at each step, `often` the chance that a plan is a daily one."""

    people: int = 20
    days: int = 396
    events: float = 2.0
    troubles: float = 0.08
    crashes: float = 0.001
    often: float = 0.3


class SimIntake(Intake):
    """The product's own, with a quick hash in place of the slow one, and no thread."""

    __slots__ = ()

    async def _slow_hash(self, inbound: Inbound) -> bytes | None:
        word = secret_words.candidate(inbound.text)
        return None if word is None else quick_hash(inbound.address, word)


def quick_hash(address: str, word: str) -> bytes:
    """What stands for the slow hash of a word."""
    return secret_words.VERSION + blake2b(f"{address}:{word}".encode(), digest_size=32).digest()


@dataclass
class World:
    """One simulation. `agenda` is what chance has in store; what the house itself has in store is in its database."""

    fate: Fate
    size: Size
    clock: FrozenClock
    store: SimStore
    house: House
    intake: Intake
    providers: dict[str, SimProvider]
    checks: Checks
    flows: list[Flows]
    key_file: Path
    people: list[Person] = field(default_factory=list)
    staff_id: int = 0
    agenda: list[tuple[datetime, int, Happening]] = field(default_factory=list)
    numbers: Any = field(default_factory=itertools.count)
    away_until: datetime = BEGINS
    look_around: bool = False
    """The step that is under way ends with a look at every row."""
    did: Counter[str] = field(default_factory=Counter)
    ring: Callable[[], None] = lambda: None
    """A practitioner is woken; actors say what that one does."""

    # --- what happens when

    def later(self, after: timedelta, happening: Happening) -> None:
        """Let something happen after a while."""
        heapq.heappush(self.agenda, (self.clock.now + after, next(self.numbers), happening))

    async def run(self) -> None:
        """Live until the end; then everything that was begun is let come to its end. Raises Violation."""
        ends = BEGINS + timedelta(days=self.size.days)
        self.checks.see(self.store, self.clock.now)
        self.later(HOUSEKEEPING, self.keep_house)
        while (at := self._next()) is not None and at < ends:
            self.clock.now = max(at, self.clock.now)
            await self._happen()
            await self.work()
            if self.look_around:
                self.checks.now_and_then(self.store, self.clock.now)
                self.checks.nothing_loosened(self.store, self.fate.one_of(self.people))
                self.look_around = False
        self.checks.at_the_end(self.store)

    async def _happen(self) -> None:
        while self.agenda and self.agenda[0][0] <= self.clock.now:
            await heapq.heappop(self.agenda)[2]()
            self.checks.see(self.store, self.clock.now)

    def _next(self) -> datetime | None:
        """The next instant at which anything is due, in the world or in the database."""
        ahead = [self.agenda[0][0]] if self.agenda else []
        return min([*ahead, *self.store.next_due(self.clock.now)], default=None)

    def be_away(self, lasts: timedelta) -> None:
        """An outage of ours: whatever comes meanwhile comes again afterwards, some before and some after the house has
        looked at what it missed."""
        self.clock.now += lasts
        kept = [entry for entry in self.agenda if entry[0] > self.clock.now]
        missed = sorted(entry for entry in self.agenda if entry[0] <= self.clock.now)
        self.agenda = kept
        heapq.heapify(self.agenda)
        for _, number, happening in missed:
            after = timedelta(0) if self.fate.happens(0.5) else self.fate.random.randrange(1, 120) * SECOND
            heapq.heappush(self.agenda, (self.clock.now + after, number, happening))

    # --- what the house does

    async def work(self) -> None:
        """Fire and send until nothing is due; then look whether all is as it must be."""
        for _ in range(MOST_ROUNDS + self.size.people):
            timer, _ = self.store.is_due(self.clock.now)
            fired = await self._alive(self._fire) if timer else 0
            _, message = self.store.is_due(self.clock.now)
            sent = await self._alive(lambda: dispatch_due(self.house)) if message else 0
            if fired == 0 and sent == 0 and self.checks.after_a_step(self.store, self.clock.now):
                return
        raise Violation(f"something stays due: {self.checks.still_due(self.store, self.clock.now)[:5]}")

    async def _fire(self) -> int:
        return await self.house.store.write(lambda c: fire_due(c, self.house))

    async def _alive(self, doing: Callable[[], Awaitable[int]]) -> int:
        """Do it; when the process dies of it, another one begins and there is more to do."""
        try:
            return await doing()
        except Crash:
            await self.restart()
            return 1

    async def write(self, work: Callable[[Connection], T]) -> T:
        """A transaction of somebody who tries again until it is done, and who sees when it was."""
        while True:
            try:
                return await self.house.store.write(work)
            except Crash as crash:
                await self.restart()
                if crash.committed:
                    return crash.result  # type: ignore[return-value]  # what this work gave back

    async def arrives(self, item: Item) -> None:
        """Something reaches our door; a provider that gets no answer says it again."""
        try:
            await self.intake.take(item)
        except Crash:
            await self.restart()
            self.later(self.fate.random.randrange(1, 20) * SECOND, lambda: self.arrives(item))

    async def keep_house(self) -> None:
        """What goes on beside the dispatcher; afterwards comes a look at everything."""
        self.later(HOUSEKEEPING, self.keep_house)
        await self._alive(lambda: _all_of(lambda: redact_due(self.house)))
        await self._alive(lambda: _purge(self.house))
        self.look_around = True
        log.info("day %d of %d: %d messages", (self.clock.now - BEGINS).days, self.size.days, self.checks.taken_in_all)

    async def restart(self, flows: Flows | None = None) -> None:
        """The process is gone: whatever it was doing ends where it is, and another one opens the same database."""
        self.fate.dead = True
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.gather(*others, return_exceptions=True)
        self.fate.dead = False
        for provider in self.providers.values():
            provider.under_way.clear()
        self.house = replace(
            self.house, vault=Vault(Keyring.load(self.key_file)), flows=flows or self.house.flows, wake=Wake()
        )
        self.intake = SimIntake(self.house)


async def _all_of(doing: Callable[[], Awaitable[int]]) -> int:
    done = 0
    while made := await doing():
        done += made
    return done


async def _purge(house: House) -> int:
    while await house.store.write(lambda c: purge_expired(c, house)) == AT_ONCE:
        pass
    return 0


def make_world(folder: Path, seed: int, size: Size, flows_dir: Path) -> World:
    """A world in an empty folder, at its first instant, with one practitioner and nobody else."""
    fate = Fate(seed, 0)
    store = SimStore(folder / "world.db", fate)
    versions = list(releases(flows_dir))
    bench = make_bench(folder, flows=versions[0], store=store, **CALM)
    bench.clock.now = BEGINS
    checks = Checks(bench.house)
    ids = itertools.count(1)
    worlds: list[World] = []

    def tell(receipt: Receipt, after: timedelta) -> None:
        world = worlds[0]
        world.later(after, lambda: world.arrives(replace(receipt, received_at=world.clock.now)))

    def look(message: Outbound) -> bool:
        return checks.offered(store, message, bench.clock.now)

    def look_taken(message: Outbound, taken: Taken) -> None:
        checks.taken(store, message, taken)

    seen = (fate, bench.clock, look, look_taken, size.troubles)
    phones = {name: SimTwilio(name, *seen, tell=tell) for name in ("sms", "whatsapp")}
    providers = phones | {name: SimProvider(name, *seen) for name in ("telegram", "email")}
    mail = SimMail("email", fate, providers["email"], lambda: worlds[0].ring())
    house = replace(
        bench.house,
        senders={**providers, "email": mail},
        rules=replace(bench.house.rules, whatsapp_templates=APPROVED),
        new_id=lambda: next(ids),
        demo=False,
    )
    key_file = house.settings.key_file
    world = World(fate, size, bench.clock, store, house, SimIntake(house), providers, checks, versions, key_file)
    worlds.append(world)
    with store.engine.begin() as c:
        world.staff_id = add_staff(c, house, "Ash", "ash@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
    fate.crashes = size.crashes
    return world


@lru_cache(maxsize=1)
def releases(flows_dir: Path) -> tuple[Flows, Flows]:
    """The flows as they are, and those of another release, which asks in other words."""
    with tempfile.TemporaryDirectory() as place:
        other = shutil.copytree(flows_dir, Path(place) / "flows")
        for file in other.rglob("*check_in*.yml"):
            file.write_text(file.read_text("utf-8").replace("how is your day going", "how has today been"), "utf-8")
        return load_flows(flows_dir), load_flows(other)
