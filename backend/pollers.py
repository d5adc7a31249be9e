"""Asking the providers that do not call us: Telegram without a public address, and a mailbox.

What came is durable before our place moves on, and only after that does the provider hear of it. Whatever breaks in
between, the same is fetched again, and is a duplicate (R23). One process reads at a time; if it dies, another does.

While the database is away, what came is looked at where it lies and left there: somebody is woken, and who waits is
answered with the words of last resort (R32).
"""

import asyncio
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from backend.conversations.intake import Intake
from backend.house import House
from backend.outage.keeper import Keeper
from backend.store.channels import Bookmark
from backend.unheard import clear, note
from channels.contract import Batch, Fetcher, Inbound, SendError

log = logging.getLogger("sidedoor.pollers")
HOLD = timedelta(seconds=45)
"""How long a process may be silent before another reads in its place. Longer than Telegram holds a question open; two
that read a mailbox at once only find duplicates."""
LOOK_AGAIN = timedelta(seconds=5)
"""How often one that may not read looks whether it may."""
MEET_EVERY = timedelta(seconds=10)
"""How often it is looked who wrote while the database is away, at the least."""
AFTER_TROUBLE = timedelta(seconds=5)
LONGEST_TROUBLE = timedelta(minutes=2)
PATIENCE = 10.0
"""Seconds for which the database is waited for, before it counts as away."""


@dataclass(slots=True)
class Poller:
    """Reads one mailbox or queue."""

    house: House
    intake: Intake
    fetcher: Fetcher
    keeper: Keeper | None = None
    """Who meets those that write while the database is away; None: nobody does, and what came waits."""
    _me: int = field(default_factory=lambda: secrets.randbits(62))
    _troubles: int = 0
    _place: str | None = None
    """Where we read on, as long as this process is the one that reads."""
    _met: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Read until cancelled, and then let another process read at once."""
        try:
            await self._read_on()
        finally:
            await self.house.store.write(self._let_go)

    async def _read_on(self) -> None:
        """A fault is logged by its code, and tried again after a pause that grows."""
        while True:
            try:
                rest = self.fetcher.pause if await self.read_once() else LOOK_AGAIN
                self._troubles = 0
            except SendError as error:
                log.warning("%s: %s", self.fetcher.name, error.code)
                rest = self._after_trouble(error.retry_after)
                await self._show(error.code)
            except (DBAPIError, TimeoutError) as error:
                log.error("%s: the database does not answer: %s", self.fetcher.name, type(error).__name__)
                rest = await self._look_on()
            except Exception as error:
                log.error("%s: %s", self.fetcher.name, type(error).__name__)
                rest = self._after_trouble(None)
            await asyncio.sleep(rest.total_seconds())

    async def read_once(self) -> bool:
        """1. Hold the place. 2. Fetch. 3. Take in. 4. Move on. 5. Tell the provider. False: another process reads here.

        Raises SendError, and what the store raises.
        """
        async with asyncio.timeout(PATIENCE):
            self._place = await self.house.store.write(self._hold)
        if self._place is None:
            return False
        batch = await self.fetcher.fetch(self._place)
        for item in batch.items:
            await self.intake.take(item)
        await self.house.store.write(lambda c: self._move(c, batch))
        self._place = batch.place
        self._over()
        await self.fetcher.done(batch)
        return True

    def _over(self) -> None:
        """The database has answered: the next outage begins anew."""
        self._met.clear()
        if self.keeper is not None:
            self.keeper.replies.over()

    async def _look_on(self) -> timedelta:
        """The database is away: look where we read last, and say how long to rest. Whatever breaks here, what came is
        still there."""
        try:
            await self.meet_once()
        except SendError as error:
            log.warning("%s: %s", self.fetcher.name, error.code)
        except Exception as error:
            log.error("%s: %s", self.fetcher.name, type(error).__name__)
        return min(self._after_trouble(None), MEET_EVERY)

    async def meet_once(self) -> None:
        """Meet whoever wrote since we read last, for each message once, and leave it where it is. Raises SendError."""
        if self.keeper is None or self._place is None:
            return
        batch = await self.fetcher.fetch(self._place)
        written = [item for item in batch.items if isinstance(item, Inbound) and item.external_id not in self._met]
        self._met.update(item.external_id for item in written)
        for item in written:
            await self.keeper.meet([item], self.house.clock())

    async def _show(self, code: str) -> None:
        """Keep the trouble for the desk, if the database can be had."""
        with suppress(DBAPIError):
            await self.house.store.write(lambda c: note(c, self.fetcher.name, code, self.house.clock()))

    def _after_trouble(self, asked: timedelta | None) -> timedelta:
        self._troubles += 1
        return asked or min(AFTER_TROUBLE * 2 ** min(self._troubles - 1, 10), LONGEST_TROUBLE)

    def _hold(self, c: Connection) -> str | None:
        """The place from which to read on; None while another process holds it."""
        name, now = self.fetcher.name, self.house.clock()
        if c.execute(select(Bookmark.name).where(Bookmark.name == name)).first() is None:
            self._begin(c)
        free = or_(Bookmark.holder == self._me, Bookmark.held_until.is_(None), Bookmark.held_until <= now)
        held = update(Bookmark).where(Bookmark.name == name, free).values(holder=self._me, held_until=now + HOLD)
        if c.execute(held).rowcount == 0:
            return None
        return str(c.execute(select(Bookmark.place).where(Bookmark.name == name)).scalar_one())

    def _let_go(self, c: Connection) -> None:
        mine = (Bookmark.name == self.fetcher.name, Bookmark.holder == self._me)
        c.execute(update(Bookmark).where(*mine).values(holder=None, held_until=None))

    def _begin(self, c: Connection) -> None:
        try:
            with c.begin_nested():
                c.execute(insert(Bookmark).values(name=self.fetcher.name, place=""))
        except IntegrityError:
            return  # another process began at this instant

    def _move(self, c: Connection, batch: Batch) -> None:
        where = (Bookmark.name == self.fetcher.name, Bookmark.holder == self._me)
        c.execute(update(Bookmark).where(*where).values(place=batch.place))
        clear(c, self.fetcher.name)
