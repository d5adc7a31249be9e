"""A Vonage-shaped Messages API on loopback, and requests as Vonage signs them.

The shapes are those of Vonage's published reference of its Messages API and of its page on signed webhooks.
"""

import hashlib
import json
import threading
import uuid
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from channels.contract import RawRequest
from tests.peers.signing import NOON
from tests.peers.twilio_peer import Fault

APPLICATION = "78d335fa-323d-0114-9c3d-d6f0d48968cf"
SECRET = "a-signature-secret-that-is-long-enough"
_KEY = rsa.generate_private_key(65537, 2048)
PRIVATE_KEY = _KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
ERRORS = "https://developer.vonage.com/api-errors/messages#"
ANSWERS = {
    Fault.RATE_LIMITED: (429, "1000"),
    Fault.BROKEN: (500, "1030"),
    Fault.UNAVAILABLE: (503, "none"),
    Fault.GATEWAY: (502, "none"),
}


class VonagePeer:
    """What was taken and what came. `faults` play one each; a pair is a status and a code to refuse with."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.came: list[dict[str, Any]] = []
        self.faults: list[Fault | tuple[int, str]] = []
        self.closing = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"peer": self}))
        self.server.daemon_threads, self.server.block_on_close = True, False

    @property
    def url(self) -> str:
        """Where the API is, without a path."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def take(self, message: dict[str, Any]) -> str:
        """Keep a message and give its id."""
        message_id = str(uuid.uuid4())
        self.taken.append(message | {"message_uuid": message_id})
        return message_id


class Handler(BaseHTTPRequestHandler):
    """One connection to the peer."""

    peer: VonagePeer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what is sent here may be anything."""

    def do_POST(self) -> None:
        """Check who asks, play a fault, or take the message."""
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.peer.came.append(message)
        if self.path != "/v1/messages" or not self._is_ours():
            return self._answer(401, {"type": f"{ERRORS}unauthorized", "title": "Unauthorized"})
        fault = self.peer.faults.pop(0) if self.peer.faults else None
        if isinstance(fault, tuple) or fault in ANSWERS:
            status, code = fault if isinstance(fault, tuple) else ANSWERS[fault]
            return self._answer(status, {"type": ERRORS + code, "title": code, "detail": message["to"]})
        message_id = None if fault in (Fault.SILENT, Fault.DROP_BEFORE_TAKING) else self.peer.take(message)
        if fault in (Fault.SILENT, Fault.SILENT_AFTER_TAKING):
            self.peer.closing.wait(60)
        if fault is not None:
            self.close_connection = True
            return self.connection.close()
        return self._answer(202, {"message_uuid": message_id})

    def _is_ours(self) -> bool:
        token = self.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, _KEY.public_key(), algorithms=["RS256"])
        return bool(claims["application_id"] == APPLICATION)

    def _answer(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        if status == 429:
            self.send_header("Retry-After", "3")
        self.end_headers()
        self.wfile.write(body)


def signed(url: str, said: Mapping[str, Any] | bytes, secret: str = SECRET, **claims: Any) -> RawRequest:
    """A webhook as Vonage signs it; `claims` replace those of the token, None takes one away."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    usual = {"iss": "Vonage", "iat": 1, "jti": "1", "payload_hash": hashlib.sha256(body).hexdigest()} | claims
    token = jwt.encode({name: value for name, value in usual.items() if value is not None}, secret, "HS256")
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    return RawRequest(url, headers, body, NOON)


def inbound(text: str = "are you there", **changes: Any) -> dict[str, Any]:
    """A text message as Vonage posts it."""
    return {
        "channel": "sms",
        "message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
        "to": "447700900000",
        "from": "447700900001",
        "timestamp": "2026-03-02T12:00:00Z",
        "text": text,
        "sms": {"num_messages": "1", "keyword": text.split()[0].upper() if text.split() else ""},
        "usage": {"currency": "EUR", "price": "0.0333"},
        "context_status": "none",
        "message_type": "text",
    } | changes


def status(value: str, code: str = "", **changes: Any) -> dict[str, Any]:
    """What became of a message, as Vonage posts it."""
    error = {"error": {"type": ERRORS + code, "title": code, "detail": "x", "instance": "bf0ca0bf"}} if code else {}
    return {
        "message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
        "to": "447700900001",
        "from": "447700900000",
        "timestamp": "2026-03-02T12:00:00Z",
        "status": value,
        "client_ref": "7",
        "channel": "sms",
        "usage": {"currency": "EUR", "price": "0.0333"},
        **error,
    } | changes
