"""A local server that answers as a recorded Rasa Open Source 3.6 did, or as badly as a test wants."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RECORDED: dict[str, Any] = json.loads(Path(__file__).with_name("rasa_exchanges.json").read_text("utf-8"))
READINGS: dict[str, dict[str, Any]] = {answer["text"]: answer for answer in RECORDED["parse"]}


@dataclass
class RasaPeer:
    """`port` is where it listens; `asked` keeps the method, path and body of everything that came.

    `raw`: bytes to send instead of a recorded answer. `silent`: it takes the question and says nothing.
    """

    port: int = 0
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    raw: bytes | None = None
    silent: bool = False
    model_file: str = RECORDED["status"]["model_file"]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one question and answer it."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        asked = json.loads(body) if body else None
        self.asked.append((method, path, asked))
        with contextlib.suppress(ConnectionError):
            if self.silent:
                await reader.read()
            else:
                writer.write(self.raw if self.raw is not None else self._recorded(method, path, asked))
                await writer.drain()
            writer.close()

    def _recorded(self, method: str, path: str, asked: Any) -> bytes:
        if (method, path) == ("GET", "/status"):
            return http(200, RECORDED["status"] | {"model_file": self.model_file})
        if (method, path) != ("POST", "/model/parse") or set(asked) != {"text"}:
            return http(404, {})
        unlike_any = {"text": asked["text"], "intent": {"name": "nlu_fallback", "confidence": 0.5}, "entities": []}
        return http(200, READINGS.get(asked["text"], unlike_any))


def http(status: int, content: Any) -> bytes:
    """An answer with the headers that Rasa's server sends."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    head = [
        f"HTTP/1.1 {status} Whatever",
        "Access-Control-Expose-Headers: filename",
        f"content-length: {len(body)}",
        "connection: keep-alive",
        "content-type: application/json",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


@contextlib.asynccontextmanager
async def rasa_peer(**ways: Any) -> AsyncIterator[RasaPeer]:
    """A peer that listens on a free port while the block runs."""
    peer = RasaPeer(**ways)
    server = await asyncio.start_server(peer.answer, "127.0.0.1", 0)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
