"""What `sidedoor doctor` says of the Rasa server."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from backend.doctor import examine
from backend.testing import make_settings
from backend.understanding.exchange import Server
from backend.understanding.health import Finding, look_at
from backend.understanding.model_name import model_name
from tests.peers.rasa_peer import RECORDED, RasaPeer, http, rasa_peer

TRAINED_ON = RECORDED["status"]["model_file"].removesuffix(".tar.gz")
AMPLE = 2000


def looked_at(newest: str = TRAINED_ON, budget_ms: int = AMPLE, **ways: Any) -> tuple[Finding, RasaPeer]:
    """What is found, and the peer that was asked."""

    async def look() -> tuple[Finding, RasaPeer]:
        async with rasa_peer(**ways) as peer:
            return await look_at(Server.at(peer.url), budget_ms, newest), peer

    return asyncio.run(look())


def test_a_server_that_does_its_work() -> None:
    (good, told), peer = looked_at()
    assert good
    assert told.startswith("A Rasa server reads beside the built-in understanding (")
    assert {(method, path) for method, path, _ in peer.asked} == {("GET", "/status"), ("POST", "/model/parse")}
    assert {asked["text"] for _, _, asked in peer.asked if asked} == {"hello"}


def test_a_model_of_other_examples() -> None:
    (good, told), _ = looked_at(newest=model_name({"greet": ["hello"]}))
    assert not good
    assert "run `make rasa`, and start it again" in told


@pytest.mark.parametrize("name", ["20261122-165700-crisp-clover.tar.gz", "/srv/models/our_own.tar.gz"])
def test_a_model_that_the_service_trained_in_its_own_way_is_theirs(name: str) -> None:
    assert looked_at(model_file=name)[0][0]


def test_one_that_is_too_slow() -> None:
    (good, told), _ = looked_at(budget_ms=-1)
    assert not good
    assert "more than SIDEDOOR_RASA_MS=-1" in told


@pytest.mark.parametrize("raw", [http(409, {"reason": "ConflictError"}), http(200, b"<html>"), http(200, [1]), b""])
def test_one_that_does_not_work(raw: bytes) -> None:
    (good, told), _ = looked_at(raw=raw)
    assert not good
    assert told.startswith("The Rasa server does not answer (")
    assert "tools/rasa/serve" in told


def test_the_doctor_tells_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    examine(make_settings(tmp_path))
    assert "ok      Typed words are read by the built-in understanding.\n" in capsys.readouterr().out
    examine(make_settings(tmp_path, rasa_url="http://127.0.0.1:1"))
    assert "missing The Rasa server does not answer (no_connection)" in capsys.readouterr().out


def test_a_model_is_called_after_its_examples() -> None:
    name = model_name({"a": ["one", "two"], "b": ["three"]})
    assert name == model_name({"b": ("three",), "a": ("one", "two")})
    assert name != model_name({"a": ["one"], "b": ["three"]})
