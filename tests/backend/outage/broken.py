"""What these tests share: a house whose database can be away, and a webhook that goes on being called."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from backend.conversations.intake import Intake
from backend.hooks import routes
from backend.outage.keeper import Keeper
from backend.outage.replay import replay
from backend.testing import HER_NUMBER, Bench
from channels.contract import Inbound, RawRequest, Receipt

DUTY = "duty@example.org"


class Reader:
    """A receiver whose requests hold the text as their body; one that begins with "forged" is not signed."""

    name = "sms"

    def verify(self, request: RawRequest) -> bool:
        return not request.body.startswith(b"forged")

    def parse(self, request: RawRequest) -> list[Inbound | Receipt]:
        text = request.body.decode()
        if text.startswith("receipt"):
            return [Receipt("sms", "SM" + "0" * 32, "delivered", request.received_at)]
        return [Inbound("sms", HER_NUMBER, f"SM{zlib.crc32(request.body):032x}", text, request.received_at)]


@dataclass
class Store:
    """The bench's store, which can be away."""

    inner: Any
    away: bool = False
    faults: list[Exception] = field(default_factory=list)
    """Raised by the next writes, one for each."""

    @property
    def engine(self) -> Any:
        return self.inner.engine

    def write(self, work: Callable[[Connection], Any]) -> Awaitable[Any]:
        if self.faults:
            return self._raise(self.faults.pop(0))
        return self._gone() if self.away else self.inner.write(work)

    def read(self, work: Callable[[Connection], Any]) -> Awaitable[Any]:
        return self._gone() if self.away else self.inner.read(work)

    def close(self) -> None:
        self.inner.close()

    async def _gone(self) -> None:
        raise OperationalError("", {}, Exception())

    async def _raise(self, fault: Exception) -> None:
        raise fault


@dataclass
class Broken:
    """A bench whose database is away, its webhook, and what keeps its requests."""

    bench: Bench
    store: Store
    intake: Intake
    keeper: Keeper

    async def post(self, text: str) -> tuple[int, str]:
        """A webhook with this text; status and body of the answer."""
        (door,) = [r for r in routes(self.bench.house, self.intake, READERS, self.keeper) if r.path == "/hooks/sms"]
        said: list[dict[str, Any]] = []
        scope = {"type": "http", "method": "POST", "path": "/hooks/sms", "query_string": b"", "headers": []}

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": text.encode(), "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        await door.app({**scope, "scheme": "http", "server": ("x", 80)}, receive, send)  # type: ignore[arg-type]  # as servers do
        return said[0]["status"], said[1]["body"].decode()

    async def back(self) -> int:
        """The database is there again; how many requests were taken in."""
        self.store.away = False
        return await replay(self.keeper.spool, self.intake, READERS)


READERS: Any = {"sms": Reader()}


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]  # every scenario here is a coroutine function
