"""One HTTP exchange with a server that the service chose: one connection, nothing followed, nothing tried again."""

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

import h11

LONGEST_ANSWER = 256 * 1024
"""Bytes; a reading is a few thousand."""
_CHUNK = 16 * 1024
_DEFAULT_PORTS = {"http": 80, "https": 443}


class ExchangeError(Exception):
    """The server was not there or gave no answer that can be used: `code` says which, and holds no content."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask: an address that `check_address` has let through."""

    host: str
    port: int
    path: str
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> Self:
        """The server at an address, below its path."""
        parts = urlsplit(url)
        tls = ssl.create_default_context() if parts.scheme == "https" else None
        return cls(parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme], parts.path.rstrip("/"), tls)


async def exchange(server: Server, method: str, path: str, body: bytes = b"") -> bytes:
    """The body of the answer 200. Raises ExchangeError for everything else; the caller sets the time."""
    try:
        reader, writer = await asyncio.open_connection(server.host, server.port, ssl=server.tls)
    except OSError:
        raise ExchangeError("no_connection") from None
    try:
        return await _ask(reader, writer, _request(server, method, path, body), body)
    except (OSError, h11.ProtocolError):
        raise ExchangeError("broken_answer") from None
    finally:
        writer.close()


def _request(server: Server, method: str, path: str, body: bytes) -> h11.Request:
    host = f"[{server.host}]" if ":" in server.host else server.host
    headers = [
        ("host", f"{host}:{server.port}"),
        ("content-type", "application/json"),
        ("content-length", str(len(body))),
        ("connection", "close"),
    ]
    return h11.Request(method=method, target=server.path + path, headers=headers)


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: h11.Request, body: bytes) -> bytes:
    connection = h11.Connection(h11.CLIENT)
    for part in (request, h11.Data(data=body), h11.EndOfMessage()):
        writer.write(connection.send(part) or b"")
    await writer.drain()
    received = bytearray()
    while True:
        match connection.next_event():
            case h11.NEED_DATA:
                connection.receive_data(await reader.read(_CHUNK))
            case h11.Response(status_code=status) if status != 200:
                raise ExchangeError(f"status_{status}")
            case h11.Data(data=data):
                received += data
                if len(received) > LONGEST_ANSWER:
                    raise ExchangeError("too_long")
            case h11.EndOfMessage():
                return bytes(received)
