"""The same with a real Rasa Open Source server, where `make rasa` has built one (it needs a Python 3.10)."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend.understanding.breaker import Breaker
from backend.understanding.exchange import ExchangeError, Server, exchange
from backend.understanding.health import look_at
from backend.understanding.listener import PARSE, RasaListener
from bot import Flows
from tests.peers.ports import free_port
from tests.peers.rasa_peer import READINGS, RECORDED

ROOT = Path(__file__).parents[3]
BUILT = ROOT / ".rasa"
READY_WITHIN = 300.0
"""Seconds; importing TensorFlow takes most of them."""
PATIENCE = 60.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not ((BUILT / "env/installed.txt").exists() and list(BUILT.glob("models/*.tar.gz"))),
        reason="no Rasa server is built here: `make rasa` builds one where there is a Python 3.10",
    ),
]


@dataclass
class Real:
    """A server under way, and the file that everything it says goes into."""

    server: Server
    log: Path

    def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """One exchange with it."""

        async def ask() -> bytes:
            async with asyncio.timeout(PATIENCE):
                return await exchange(self.server, method, path, body)

        return asyncio.run(ask())

    def is_ready(self) -> bool:
        """Whether it answers with a model."""
        try:
            return bool(self.ask("GET", "/status"))
        except (ExchangeError, TimeoutError):
            return False


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """Starts the server as an operator does, and ends it with everything that it started."""
    port, log = free_port(), tmp_path_factory.mktemp("rasa") / "log.txt"
    with log.open("wb") as out:
        line = [ROOT / "tools/rasa/serve", str(port)]
        process = subprocess.Popen(line, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    made = Real(Server.at(f"http://127.0.0.1:{port}"), log)
    try:
        until = time.monotonic() + READY_WITHIN
        while not made.is_ready():
            assert process.poll() is None and time.monotonic() < until, log.read_text("utf-8")
            time.sleep(0.2)
        yield made
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def shape(value: Any) -> Any:
    """What an answer is made of, without what it says."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) else type(value).__name__


def test_it_answers_in_the_recorded_shape(real: Real) -> None:
    for text, recorded in READINGS.items():
        answer = json.loads(real.ask("POST", PARSE, json.dumps({"text": text}).encode()))
        assert shape(answer) == shape(recorded)
    assert shape(json.loads(real.ask("GET", "/status"))) == shape(RECORDED["status"])


def test_it_knows_what_it_was_trained_on(real: Real, flows: Flows) -> None:
    listener = RasaListener(real.server, flows, PATIENCE, Breaker(time.monotonic))
    for intent in ("ask_cost", "ask_robot", "ask_private", "refer_self"):
        said = asyncio.run(listener.hear(flows.nlu[intent][0]))
        assert said.intent == intent
        assert 0.5 < said.confidence <= 1


def test_the_doctor_finds_it_well(real: Real) -> None:
    newest = max(BUILT.glob("models/*.tar.gz"), key=lambda path: path.stat().st_mtime)
    good, told = asyncio.run(look_at(real.server, 2000, newest.name.removesuffix(".tar.gz")))
    assert good, told


def test_a_question_that_it_cannot_read_is_an_error(real: Real) -> None:
    with pytest.raises(ExchangeError, match="status_500"):
        real.ask("POST", PARSE, b"{}")


@pytest.mark.requirement("R38")
def test_it_writes_down_nothing_that_was_asked(real: Real) -> None:
    real.ask("POST", PARSE, b'{"text": "my name is Zebedee Quux"}')
    assert "zebedee" not in real.log.read_text("utf-8").lower()
    kept = [path for path in BUILT.glob("*") if path.name not in {"env", "models", "training"}]
    held = [path for top in kept for path in [top, *top.rglob("*")] if path.is_file()]
    assert not [path for path in held if b"Zebedee" in path.read_bytes()]
