"""A Twilio-shaped message API on loopback, so that the real client is tested over real HTTP.

It keeps what it was sent and can misbehave on demand. In a test: `with TwilioPeer() as peer:`; for a test that kills
the product, as a process of its own: `python -m tests.peers.twilio_peer --port 8123 --log taken.jsonl`. Only the
standard library is used, and its answers are held against Twilio's published specification by test_twilio_shapes.py.
"""

import argparse
import base64
import hmac
import json
import os
import re
import socket
import threading
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.peers.twilio_resources import (
    ACCOUNT_SID,
    approval_resource,
    content_resource,
    error_body,
    message_resource,
)

__all__ = ["ACCOUNT_SID", "AUTH_TOKEN", "Fault", "Refusal", "TwilioPeer"]

AUTH_TOKEN = "peer-token"
ADDRESS = re.compile(r"^(?:(?:whatsapp:)?\+[1-9]\d{6,14}|whatsapp:[A-Z]{2}\.\w+)$")
CONTENT = re.compile(r"^/v1/Content/(?P<sid>HX[0-9a-fA-F]{32})(?P<approval>/ApprovalRequests)?$")
RESOURCE = re.compile(r"^/2010-04-01/Accounts/(?P<account>AC[0-9a-fA-F]{32})/Messages(?:/(?P<sid>\w+))?\.json$")
FINAL = {"delivered", "undelivered", "failed", "read", "canceled"}


class Fault(StrEnum):
    """How the peer misbehaves for one request that creates, reads or changes a message."""

    RATE_LIMITED = "rate-limited"
    BROKEN = "broken"
    UNAVAILABLE = "unavailable"
    GATEWAY = "gateway"
    MAINTENANCE = "maintenance"
    REDIRECT = "redirect"
    SILENT = "silent"
    SILENT_AFTER_TAKING = "silent-after-taking"
    DROP_BEFORE_TAKING = "drop-before-taking"
    DROP_AFTER_TAKING = "drop-after-taking"
    GARBAGE_AFTER_TAKING = "garbage-after-taking"
    TAKE_TWICE = "take-twice"


@dataclass(frozen=True)
class Refusal:
    """Answer one request with a Twilio error code, as the real service words it."""

    code: int
    status: int = 400
    message: str = "The 'To' number +447700900001 is not right."


@dataclass(frozen=True)
class Recorded:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]


@dataclass
class Answer:
    """What goes back: a status, a JSON body or plain text, and headers beyond the usual ones."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class TwilioPeer:
    """The messages that were taken, the requests that came, and the faults still to be played."""

    def __init__(self, port: int = 0, log: Path | None = None, token: str = AUTH_TOKEN) -> None:
        self.token, self.log = token, log
        self.requests: list[Recorded] = []
        self.messages: list[dict[str, Any]] = []
        self.contents: dict[str, dict[str, Any]] = {}
        self.faults: list[Fault | Refusal] = []
        self.retry_after = 3
        self.closing = threading.Event()
        self._lock = threading.RLock()
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("BoundHandler", (Handler,), {"peer": self}))
        self.server.daemon_threads = True
        self.server.block_on_close = False

    @property
    def url(self) -> str:
        """Where the API is, without a path."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def forms(self) -> list[dict[str, str]]:
        """What was posted, oldest first."""
        return [request.form for request in self.requests if request.method == "POST"]

    @property
    def last_id(self) -> str:
        """The id of the newest message."""
        return str(self.messages[-1]["sid"])

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()

    def inject(self, *faults: Fault | Refusal) -> None:
        """Play these, one for each request to come."""
        self.faults.extend(faults)

    def next_fault(self) -> Fault | Refusal | None:
        """Take the fault for this request, if there is one."""
        with self._lock:
            return self.faults.pop(0) if self.faults else None

    def record(self, request: Recorded) -> None:
        """Remember a request."""
        with self._lock:
            self.requests.append(request)

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        """Keep a message, on disk first where a log was asked for, and give its resource."""
        resource = message_resource(form)
        with self._lock:
            if self.log is not None:
                _append(self.log, {"sid": resource["sid"], **form})
            self.messages.append(resource)
        return resource

    def find(self, sid: str) -> dict[str, Any] | None:
        """The message with this id."""
        return next((message for message in self.messages if message["sid"] == sid), None)

    def add_content(self, sid: str, body: str, status: str = "approved", category: str = "UTILITY") -> None:
        """Keep a piece of plain content, and what WhatsApp thinks of it."""
        approval = {"name": "a_line", "status": status, "category": category, "content_type": "twilio/text"}
        self.contents[sid] = {"body": body, "approval": approval}

    def settle(self, sid: str, status: str, error_code: int | None = None) -> None:
        """Move a message on, as the networks would."""
        message = self.find(sid)
        assert message is not None
        message.update(status=status, error_code=error_code)

    def page(self, query: dict[str, str], path: str) -> dict[str, Any]:
        """One page of the list, newest first."""
        size, page = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
        rows = [row for row in reversed(self.messages) if _wanted(row, query)]
        shown = rows[page * size : (page + 1) * size]
        later = page + 1 if len(rows) > (page + 1) * size else None
        return {
            "messages": shown,
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(shown) - 1, 0),
            "uri": _page_uri(path, query, page),
            "first_page_uri": _page_uri(path, query, 0),
            "previous_page_uri": _page_uri(path, query, page - 1) if page else None,
            "next_page_uri": None if later is None else _page_uri(path, query, later),
        }


def _append(log: Path, line: dict[str, str]) -> None:
    """Write one line and wait until the disk has it."""
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _wanted(row: dict[str, Any], query: dict[str, str]) -> bool:
    """Whether a row passes the filters; a message that has not been sent has no date and passes no date filter."""
    if any(query.get(name) not in (None, row[name.lower()]) for name in ("To", "From")):
        return False
    day = parsedate_to_datetime(row["date_sent"]).date().isoformat() if row["date_sent"] else ""
    checks = {"DateSent": day.__eq__, "DateSent<": day.__le__, "DateSent>": day.__ge__}
    return all(day and check(query[name][:10]) for name, check in checks.items() if name in query)


def _page_uri(path: str, query: dict[str, str], page: int) -> str:
    return f"{path}?{urlencode({**query, 'PageSize': query.get('PageSize', '50'), 'Page': str(page)})}"


def _error(code: int, status: int, message: str) -> Answer:
    return Answer(status, error_body(code, status, message))


def _complaint(form: dict[str, str]) -> Answer | None:
    """Why Twilio would refuse to create this message."""
    if not form.get("To"):
        return _error(21604, 400, "A 'To' phone number is required.")
    if not ADDRESS.match(form["To"]):
        return _error(21211, 400, f"The 'To' number {form['To']} is not a valid phone number.")
    if not (form.get("From") or form.get("MessagingServiceSid")):
        return _error(21603, 400, "A 'From' phone number is required.")
    if not (form.get("Body") or form.get("ContentSid")):
        return _error(21602, 400, "Message body is required.")
    return None


class Handler(BaseHTTPRequestHandler):
    """One connection to the peer."""

    peer: TwilioPeer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what is sent here may be anything."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        """Record, check who asks, play a fault, or answer."""
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        request = Recorded(self.command, parts.path, dict(parse_qsl(parts.query)), form, dict(self.headers.items()))
        self.peer.record(request)
        expected = "Basic " + base64.b64encode(f"{ACCOUNT_SID}:{self.peer.token}".encode()).decode()
        if not hmac.compare_digest(self.headers.get("authorization", ""), expected):
            return self._answer(_error(20003, 401, "Authenticate"))
        fault = self.peer.next_fault()
        return self._answer(self._route(request)) if fault is None else self._misbehave(fault, request)

    def _route(self, request: Recorded) -> Answer:
        if content := CONTENT.match(request.path):
            return self._content(content["sid"], approval=content["approval"] is not None)
        found = RESOURCE.match(request.path)
        if found is None or found["account"] != ACCOUNT_SID:
            return _error(20404, 404, "The requested resource was not found")
        if found["sid"] is not None:
            return self._one(request, found["sid"])
        if request.method == "GET":
            return Answer(200, self.peer.page(request.query, request.path))
        return _complaint(request.form) or Answer(201, self.peer.take(request.form))

    def _content(self, sid: str, *, approval: bool) -> Answer:
        content = self.peer.contents.get(sid)
        if content is None:
            return _error(20404, 404, "The requested resource was not found")
        return Answer(200, approval_resource(sid, content) if approval else content_resource(sid, content))

    def _one(self, request: Recorded, sid: str) -> Answer:
        """Read, redact or delete one message; the last two only after its final status, as Twilio has it."""
        message = self.peer.find(sid)
        if message is None:
            return _error(20404, 404, "The requested resource was not found")
        if request.method == "GET":
            return Answer(200, message)
        if message["status"] not in FINAL:
            return _error(20009, 409, "Cannot delete message because delivery has not been completed.")
        if request.method == "DELETE":
            self.peer.messages.remove(message)
            return Answer(204, "")
        message["body"] = request.form.get("Body", message["body"])
        return Answer(200, message)

    def _misbehave(self, fault: Fault | Refusal, request: Recorded) -> None:
        """Play one fault; those that take the message take it before they fail."""
        if isinstance(fault, Refusal):
            return self._answer(_error(fault.code, fault.status, fault.message))
        answers = {
            Fault.RATE_LIMITED: _error(20429, 429, "Too Many Requests"),
            Fault.BROKEN: _error(20500, 500, "Internal Server Error"),
            Fault.UNAVAILABLE: _error(20503, 503, "Service Unavailable"),
            Fault.GATEWAY: Answer(502, "<html>Bad Gateway</html>"),
            Fault.MAINTENANCE: Answer(503, "<html>Back soon</html>"),
            Fault.REDIRECT: Answer(307, "<html>Over there</html>", {"Location": self.path}),
        }
        if fault in answers:
            answer = answers[fault]
            if fault is Fault.RATE_LIMITED:
                answer.headers["Retry-After"] = str(self.peer.retry_after)
            return self._answer(answer)
        taken = None if fault in (Fault.SILENT, Fault.DROP_BEFORE_TAKING) else self._route(request)
        if fault is Fault.TAKE_TWICE:
            return self._answer(self._route(request))
        if fault is Fault.GARBAGE_AFTER_TAKING and taken is not None:
            return self._answer(Answer(taken.status, "{not json"))
        if fault in (Fault.SILENT, Fault.SILENT_AFTER_TAKING):
            self.peer.closing.wait(60)
        return self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _answer(self, answer: Answer) -> None:
        text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        body = text.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json" if not text.startswith("<") else "text/html")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Run as a process until it is ended."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--log", type=Path, help="append every message taken, one JSON object a line, fsynced")
    options.add_argument("--token", default=AUTH_TOKEN)
    options.add_argument("--fault", action="append", default=[], type=Fault, help="play once; may be repeated")
    chosen = options.parse_args()
    peer = TwilioPeer(chosen.port, chosen.log, chosen.token)
    peer.inject(*chosen.fault)
    print(f"twilio peer at {peer.url} for {ACCOUNT_SID}", flush=True)
    peer.server.serve_forever()


if __name__ == "__main__":
    main()
