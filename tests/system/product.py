"""The real product as processes of its own: keys, database, server and provider peers, started and killed at will."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.peers.ports import free_port

ROOT = Path(__file__).parents[2]
TOKEN = "peer-token"
ACCOUNT = "AC" + "0" * 32
PATIENCE = 60.0
"""Seconds. A test that passes does not wait them out, and a machine that many share may stand still for a while."""


@dataclass
class Product:
    """One installation in `folder`. `database_url` empty: SQLite there."""

    folder: Path
    database_url: str = ""
    more: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    peer_port: int = field(default_factory=free_port)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def peer_log(self) -> Path:
        """What the provider peer has taken, one JSON object a line."""
        return self.folder / "taken.jsonl"

    def environment(self) -> dict[str, str]:
        """Everything that is set; nothing of the machine's own Sidedoor settings gets in."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SIDEDOOR_")}
        return clean | {
            "SIDEDOOR_PORT": str(self.port),
            "SIDEDOOR_PUBLIC_URL": self.url,
            "SIDEDOOR_DATA_DIR": str(self.folder),
            "SIDEDOOR_DATABASE_URL": self.database_url,
            "SIDEDOOR_TWILIO_ACCOUNT_SID": ACCOUNT,
            "SIDEDOOR_TWILIO_AUTH_TOKEN": TOKEN,
            "SIDEDOOR_TWILIO_SMS_FROM": "+447700900000",
            "SIDEDOOR_TWILIO_API_BASE": f"http://127.0.0.1:{self.peer_port}",
            "SIDEDOOR_DRAMA_NUMBERS": "true",
            "SIDEDOOR_SMS_PER_SECOND": "0",
            "PYTHONUNBUFFERED": "1",
            **self.more,
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run `sidedoor ...` to its end. Raises CalledProcessError."""
        line = [sys.executable, "-m", "backend.cli", *arguments]
        return subprocess.run(line, cwd=ROOT, env=self.environment(), check=True, capture_output=True)

    def install(self) -> None:
        """Make keys and tables."""
        self.command("keys", "new")
        self.command("db", "upgrade")

    def start_peer(self) -> None:
        """Start the Twilio-shaped peer."""
        peer = [sys.executable, "-m", "tests.peers.twilio_peer"]
        line = [*peer, "--port", str(self.peer_port), "--log", str(self.peer_log), "--token", TOKEN]
        self._running.append(subprocess.Popen(line, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        wait_for(self.peer_port)

    def start(self, command: str = "serve") -> subprocess.Popen[bytes]:
        """Start the server and wait until it is ready."""
        log = (self.folder / f"{command}.log").open("ab")
        line = [sys.executable, "-m", "backend.cli", command]
        self.server = subprocess.Popen(line, cwd=ROOT, env=self.environment(), stdout=log, stderr=log)
        self._running.append(self.server)
        wait_for_ready(self.url)
        return self.server

    def kill(self) -> None:
        """kill -9: no warning, no last word."""
        if self.server is not None:
            self.server.send_signal(signal.SIGKILL)
            self.server.wait()

    def stop(self) -> None:
        """End everything."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(PATIENCE)

    def taken(self) -> list[dict[str, Any]]:
        """The messages that the provider peer took."""
        if not self.peer_log.exists():
            return []
        return [json.loads(line) for line in self.peer_log.read_text().splitlines() if line.strip()]


def until(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until something in another process has happened. Raises TimeoutError.

    The only place where a test waits on real time, for another process has a clock of its own.
    """
    give_up = time.monotonic() + patience
    pause = threading.Event()
    while not holds():
        if time.monotonic() > give_up:
            raise TimeoutError("what was waited for did not happen; the product's log is in its folder")
        pause.wait(0.02)


def wait_for(port: int) -> None:
    """Until somebody listens. Raises TimeoutError."""

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(listens)


def wait_for_ready(url: str) -> None:
    """Until the product says that it is ready. Raises TimeoutError."""

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2):
                return True
        except OSError:
            return False

    until(ready)
