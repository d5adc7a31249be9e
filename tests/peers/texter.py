"""Many people texting at once: signed webhooks over kept connections, sent again until they are answered 200, as Twilio
does."""

import asyncio
import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.peers.signing import inbound_params, twilio_signature


@dataclass
class Texter:
    """Posts to one server. `latencies` are seconds, one for each answered request; `tries` counts all."""

    host: str
    port: int
    token: str
    public_url: str
    path: str = "/hooks/sms"
    latencies: list[float] = field(default_factory=list)
    tries: int = 0
    answered: asyncio.Condition = field(default_factory=asyncio.Condition)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared while the server is being killed and started again; nobody tries then."""

    def __post_init__(self) -> None:
        self.up.set()

    async def until_answered(self, count: int) -> None:
        """Until so many requests have been answered."""
        async with self.answered:
            await self.answered.wait_for(lambda: len(self.latencies) >= count)

    async def converse(self, number: str, texts: Iterable[str], prefix: str) -> None:
        """One person sends each text in turn, and the next one only after the last was answered."""
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        for index, text in enumerate(texts):
            request = self.request(number, text, f"SM{prefix}{index:06x}".ljust(34, "0"))
            status = 0
            while status != 200:
                try:
                    connection = connection or await asyncio.open_connection(self.host, self.port)
                    status = await self._exchange(*connection, request)
                except (OSError, EOFError):
                    connection = None
                    await self.up.wait()
        if connection:
            connection[1].close()

    def request(self, number: str, text: str, sid: str) -> bytes:
        """The whole signed request."""
        params = inbound_params(number, text, sid)
        body = urlencode(params).encode()
        signature = twilio_signature(self.public_url + self.path, params, self.token)
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nX-Twilio-Signature: {signature}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
        began = asyncio.get_running_loop().time()
        self.tries += 1
        with contextlib.suppress(ConnectionResetError):
            writer.write(request)
            await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line.partition(b":")[2])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            ),
            0,
        )
        await reader.readexactly(length)
        self.latencies.append(asyncio.get_running_loop().time() - began)
        async with self.answered:
            self.answered.notify_all()
        return int(head.split(b" ", 2)[1])
