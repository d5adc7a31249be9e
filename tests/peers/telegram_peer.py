"""A Bot API on loopback, so that the real client is tested over real HTTP.

It keeps what it was sent and can misbehave on demand. In a test: `with TelegramPeer() as peer:`; for a test that starts
the product, as a process of its own: `python tests/peers/telegram_peer.py --port 8124`. Methods, fields, limits and the
shape of an answer are those of the published Bot API documentation; `METHODS` says which fields each one takes, and any
other is refused as Telegram would not, so that a mistake in a call is found here.
"""

import argparse
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

TOKEN = "7700:peer-token"
BOT_ID = "7700"
DAY_ONE = 1_772_400_000
"""A Sunday evening in March 2026, as Telegram writes instants: whole seconds, UTC."""
METHODS: Mapping[str, frozenset[str]] = {
    "sendmessage": frozenset(
        {"chat_id", "text", "protect_content", "link_preview_options", "reply_markup", "disable_notification"}
    ),
    "deletemessage": frozenset({"chat_id", "message_id"}),
    "answercallbackquery": frozenset({"callback_query_id", "text", "show_alert", "url", "cache_time"}),
    "editmessagereplymarkup": frozenset({"chat_id", "message_id", "reply_markup"}),
    "getupdates": frozenset({"offset", "limit", "timeout", "allowed_updates"}),
    "deletewebhook": frozenset({"drop_pending_updates"}),
    "setwebhook": frozenset({"url", "secret_token", "allowed_updates", "drop_pending_updates", "max_connections"}),
    "getwebhookinfo": frozenset(),
    "getme": frozenset(),
}

WEBHOOK_PORTS = frozenset({443, 80, 88, 8443})


class Fault(StrEnum):
    """How the peer misbehaves for one request."""

    RATE_LIMITED = "rate-limited"
    BROKEN = "broken"
    GATEWAY = "gateway"
    SILENT = "silent"
    SILENT_AFTER_TAKING = "silent-after-taking"
    DROP_BEFORE_TAKING = "drop-before-taking"
    DROP_AFTER_TAKING = "drop-after-taking"
    GARBAGE_AFTER_TAKING = "garbage-after-taking"


@dataclass(frozen=True)
class Refusal:
    """Answer one request as Telegram refuses it, in its own words."""

    code: int
    description: str


BLOCKED = Refusal(403, "Forbidden: bot was blocked by the user")
NO_CHAT = Refusal(400, "Bad Request: chat not found")
TOO_OLD = Refusal(400, "Bad Request: message can't be deleted")
GONE = Refusal(400, "Bad Request: message to delete not found")


@dataclass(frozen=True)
class Call:
    """One call as it arrived: the method in lower case, and its fields."""

    method: str
    form: dict[str, str]


class TelegramPeer:
    """The calls that came, the messages that stand in the chats, the updates that wait, and the faults to be played."""

    def __init__(self, port: int = 0, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.messages: dict[int, dict[str, Any]] = {}
        self.waiting: list[dict[str, Any]] = []
        self.faults: list[Fault | Refusal] = []
        self.retry_after = 3
        self.webhook: dict[str, str] = {}
        self.call_failure: tuple[int, str] | None = None
        self.longest_wait = 0.0
        self.closing = threading.Event()
        self._message_id = 100
        self._update_id = 500
        self._lock = threading.RLock()
        self._came = threading.Condition(self._lock)
        self.server = ThreadingHTTPServer(("127.0.0.1", port), type("BoundHandler", (Handler,), {"peer": self}))
        self.server.daemon_threads = True
        self.server.block_on_close = False

    @property
    def url(self) -> str:
        """The base address, without the bot's part."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def forms(self) -> list[dict[str, str]]:
        """What was asked to be sent, oldest first."""
        return [call.form for call in self.calls if call.method == "sendmessage"]

    @property
    def last_id(self) -> str:
        """The id of the newest message."""
        return str(max(self.messages))

    @property
    def texts(self) -> list[str]:
        """The words that stand in the chats."""
        return [str(message["text"]) for _, message in sorted(self.messages.items())]

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        with self._lock:
            self._came.notify_all()
        self.server.shutdown()
        self.server.server_close()

    def inject(self, *faults: Fault | Refusal) -> None:
        """Play these, one for each call to come."""
        self.faults.extend(faults)

    def says(self, person: int, text: str, date: int = DAY_ONE) -> dict[str, Any]:
        """Somebody writes: the update, which also waits to be asked for."""
        with self._lock:
            message = self._keep(person, text, date)
            return self.happens(message=message | {"from": _user(person)})

    def happens(self, **what: Any) -> dict[str, Any]:
        """Any update, with the next number; it waits to be asked for."""
        with self._lock:
            self._update_id += 1
            update = {"update_id": self._update_id, **what}
            self.waiting.append(update)
            self._came.notify_all()
            return update

    def serve(self, call: Call) -> tuple[int, Any]:
        """Carry out one call."""
        with self._lock:
            self.calls.append(call)
            unknown = set(call.form) - METHODS.get(call.method, frozenset())
            if call.method not in METHODS or unknown:
                return _refused(404 if call.method not in METHODS else 400, f"peer: not documented: {sorted(unknown)}")
            return getattr(self, f"_{call.method}")(call.form)

    def _sendmessage(self, form: dict[str, str]) -> tuple[int, Any]:
        if not 1 <= len(form.get("text", "")) <= 4096:
            return _refused(400, "Bad Request: message text is empty or too long")
        message = self._keep(int(form["chat_id"]), form["text"], DAY_ONE)
        if "reply_markup" in form:
            message["reply_markup"] = json.loads(form["reply_markup"])
        return 200, message | {"from": {"id": int(BOT_ID), "is_bot": True, "first_name": "A bot"}}

    def _deletemessage(self, form: dict[str, str]) -> tuple[int, Any]:
        if self.messages.pop(int(form["message_id"]), None) is None:
            return _refused(GONE.code, GONE.description)
        return 200, True

    def _answercallbackquery(self, _form: dict[str, str]) -> tuple[int, Any]:
        return 200, True

    def _editmessagereplymarkup(self, form: dict[str, str]) -> tuple[int, Any]:
        message = self.messages.get(int(form["message_id"]))
        if message is None:
            return _refused(400, "Bad Request: message to edit not found")
        message.pop("reply_markup", None)
        return 200, message

    def _getupdates(self, form: dict[str, str]) -> tuple[int, Any]:
        """What waits from the offset on, or comes while we hold the line; what lies before it is forgotten."""
        if self.webhook:
            return _refused(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(form.get("offset", "0"))
        if not any(update["update_id"] >= offset for update in self.waiting):
            self._came.wait(min(float(form.get("timeout", "0")), self.longest_wait))
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        return 200, self.waiting[: int(form.get("limit", "100"))]

    def _deletewebhook(self, _form: dict[str, str]) -> tuple[int, Any]:
        self.webhook = {}
        return 200, True

    def _setwebhook(self, form: dict[str, str]) -> tuple[int, Any]:
        url = urlsplit(form["url"])
        if url.scheme != "https":
            return _refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if (url.port or 443) not in WEBHOOK_PORTS:
            return _refused(400, "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        self.webhook = form
        return 200, True

    def _getwebhookinfo(self, _form: dict[str, str]) -> tuple[int, Any]:
        """What Telegram says of a webhook; the secret is never in it."""
        kinds = json.loads(self.webhook.get("allowed_updates", "[]"))
        failed = dict(zip(("last_error_date", "last_error_message"), self.call_failure or (), strict=False))
        found = {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "allowed_updates": kinds}
        return 200, {**found, "pending_update_count": len(self.waiting), **failed}

    def _getme(self, _form: dict[str, str]) -> tuple[int, Any]:
        return 200, {"id": int(BOT_ID), "is_bot": True, "first_name": "A bot", "username": "a_quiet_bot"}

    def _keep(self, person: int, text: str, date: int) -> dict[str, Any]:
        self._message_id += 1
        message = {"message_id": self._message_id, "date": date, "chat": _chat(person), "text": text}
        self.messages[self._message_id] = message
        return message


def _chat(person: int) -> dict[str, Any]:
    return {"id": person, "type": "private", "first_name": "Zebedee"}


def _user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Zebedee", "language_code": "en"}


def _refused(code: int, description: str) -> tuple[int, Any]:
    return code, description


class Handler(BaseHTTPRequestHandler):
    """One connection to the peer."""

    peer: TelegramPeer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what is sent here may be anything."""

    def do_POST(self) -> None:
        """Check the token, play a fault, or answer."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        _, _, path = urlsplit(self.path).path.partition("/bot")
        token, _, method = path.partition("/")
        call = Call(method.lower(), dict(parse_qsl(body, keep_blank_values=True)))
        if token != self.peer.token:
            return self._answer(*_refused(401, "Unauthorized"))
        fault = self.peer.faults.pop(0) if self.peer.faults else None
        return self._answer(*self.peer.serve(call)) if fault is None else self._misbehave(fault, call)

    def _misbehave(self, fault: Fault | Refusal, call: Call) -> None:
        """Play one fault; those that take the message take it before they fail."""
        if isinstance(fault, Refusal) or fault in (Fault.RATE_LIMITED, Fault.BROKEN, Fault.GATEWAY):
            self.peer.calls.append(call)
        if isinstance(fault, Refusal):
            return self._answer(fault.code, fault.description)
        if fault is Fault.RATE_LIMITED:
            return self._answer(429, "Too Many Requests", {"retry_after": self.peer.retry_after})
        if fault is Fault.BROKEN:
            return self._answer(500, "Internal Server Error")
        if fault is Fault.GATEWAY:
            return self._write(502, b"<html>Bad Gateway</html>")
        if fault in (Fault.SILENT, Fault.DROP_BEFORE_TAKING):
            self.peer.calls.append(call)
        else:
            self.peer.serve(call)
        if fault is Fault.GARBAGE_AFTER_TAKING:
            return self._write(200, b"{not json")
        if fault in (Fault.SILENT, Fault.SILENT_AFTER_TAKING):
            self.peer.closing.wait(60)
        return self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _answer(self, code: int, result: Any, parameters: dict[str, int] | None = None) -> None:
        if code == 200:
            return self._write(200, json.dumps({"ok": True, "result": result}).encode())
        refusal = {"ok": False, "error_code": code, "description": result}
        return self._write(code, json.dumps(refusal | ({"parameters": parameters} if parameters else {})).encode())

    def _write(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Run as a process until it is ended."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--token", default=TOKEN)
    chosen = options.parse_args()
    peer = TelegramPeer(chosen.port, chosen.token)
    peer.longest_wait = 25.0
    print(f"telegram peer at {peer.url}", flush=True)
    peer.server.serve_forever()


if __name__ == "__main__":
    main()
