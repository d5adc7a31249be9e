"""Short, honest fakes and a whole house for tests; nothing here is imported by the product."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import make_url, select

from backend.conversations import fragments
from backend.conversations.dispatch import dispatch_due
from backend.conversations.intake import Intake
from backend.conversations.timers import fire_due
from backend.house import House, make_rules
from backend.settings import Settings
from backend.store import Store, open_store
from backend.store.engine import make_engine
from backend.store.migrate import upgrade
from backend.store.talk import Timer
from bot import Flows, load_flows
from channels.contract import Accepted, Inbound, Outbound, Sender
from channels.webchat.hub import Hub
from channels.webchat.sender import WebchatSender
from safety.vault import Keyring, Vault

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A Monday morning in working hours."""
HER_NUMBER = "+447700900123"
NO_PACE = {f"{channel}_per_second": 0 for channel in ("sms", "whatsapp", "telegram", "email")}
"""Messages leave as they come, for a clock that stands still gives no room."""


class FrozenClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        """Move on, by the arguments of timedelta."""
        self.now += timedelta(**by)


@dataclass
class Outbox:
    """A sender that keeps what it was given; `fault` is raised instead, once for each entry."""

    name: str
    sent: list[Outbound] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    async def send(self, message: Outbound) -> Accepted:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(message)
        return Accepted(f"SM{len(self.sent):032x}")

    @property
    def texts(self) -> list[str]:
        """The words that were sent, oldest first."""
        return [message.text for message in self.sent]


@dataclass
class Bench:
    """A house on a test's own database, with a clock that stands still and senders that keep what they are given."""

    house: House
    clock: FrozenClock
    sms: Outbox
    email: Outbox
    intake: Intake
    hub: Hub
    _count: int = 0

    async def text(self, text: str, number: str = HER_NUMBER, **payload: str) -> list[str]:
        """Somebody texts, and waits until nothing more of the answer is waited for; what they are sent back."""
        at_once = await self.post(text, number, **payload)
        return at_once + await self.settle(number)

    async def post(self, text: str, number: str = HER_NUMBER, **payload: str) -> list[str]:
        """Somebody texts; what they are sent back at once."""
        self._count += 1
        before = len(self.sms.sent)
        await self.intake.take(Inbound("sms", number, f"SM{self._count:032x}", text, self.clock(), payload))
        await self.work()
        return self._sent_to(number, before)

    async def settle(self, number: str = HER_NUMBER) -> list[str]:
        """The clock moves until the wait for more of an answer is over, if there is one; what is sent then."""
        before = len(self.sms.sent)
        waits = await self.rows(select(Timer.due_at).where(Timer.name == fragments.TIMER))
        self.clock.now = max([self.clock.now, *(row.due_at for row in waits)])
        await self.work()
        return self._sent_to(number, before)

    def _sent_to(self, number: str, after: int) -> list[str]:
        return [message.text for message in self.sms.sent[after:] if message.address == number]

    async def work(self) -> None:
        """Fire what is due and send what is queued."""
        while await self.house.store.write(lambda c: fire_due(c, self.house)):
            pass
        await dispatch_due(self.house)

    async def rows(self, statement: Any) -> list[Any]:
        """What a statement finds."""
        return await self.house.store.read(lambda c: list(c.execute(statement).all()))

    def close(self) -> None:
        """Let the database go."""
        self.house.store.close()


def make_settings(folder: Path, **settings: Any) -> Settings:
    """Settings for a test, which read no environment's `.env`."""
    return Settings(_env_file=None, **{"data_dir": folder, "drama_numbers": True, **NO_PACE, **settings})


@cache
def _empty_sqlite() -> bytes:
    """A database with the newest tables and nothing in them: to make it takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        engine = make_engine(f"sqlite:///{path}")
        upgrade(engine)
        engine.dispose()
        return path.read_bytes()


def lay_tables(url: str) -> None:
    """Make a SQLite database with the newest tables, if there is none yet; leave any other database alone."""
    made = make_url(url)
    if made.get_backend_name() == "sqlite" and made.database and not Path(made.database).exists():
        Path(made.database).write_bytes(_empty_sqlite())


def make_bench(
    folder: Path, url: str = "", *, flows: Flows | None = None, store: Store | None = None, **settings: Any
) -> Bench:
    """A bench in `folder`, on the database at `url` or on SQLite, with its tables made."""
    made = make_settings(folder, database_url=url, **settings)
    if store is None:
        lay_tables(made.database)
        store = open_store(made.database)
    upgrade(store.engine)
    clock, sms, email, hub = FrozenClock(), Outbox("sms"), Outbox("email"), Hub()
    keyring = Keyring.load(made.key_file) if made.key_file.exists() else Keyring.generate(made.key_file)
    senders: dict[str, Sender] = {"sms": sms, "email": email, "webchat": WebchatSender(hub)}
    house = House(
        settings=made,
        store=store,
        vault=Vault(keyring),
        flows=flows or load_flows(made.flows_dir),
        senders=senders,
        rules=make_rules(made),
        clock=clock,
        demo=True,
    )
    return Bench(house, clock, sms, email, Intake(house), hub)


__all__ = ["Bench", "FrozenClock", "Outbox", "lay_tables", "make_bench", "make_settings"]
