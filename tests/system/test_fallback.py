"""The fallback host as a process of its own: it stands in for a house that is down, and hands over what it kept."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.smtp_peer import SmtpPeer
from tests.peers.texter import Texter
from tests.system.product import TOKEN, Product, until, wait_for

HER_NUMBER = "+447700900123"
DUTY = "duty@example.org"


@pytest.fixture
def mail() -> Iterator[SmtpPeer]:
    with SmtpPeer() as peer:
        yield peer


@pytest.fixture
def hosts(tmp_path: Path, mail: SmtpPeer) -> Iterator[tuple[Product, Product]]:
    """A house that is installed and down, and a fallback host that runs."""
    keys = tmp_path / "away" / "vault.json"
    house = Product(tmp_path / "house", more={"SIDEDOOR_FALLBACK_KEY_FILE": str(keys)})
    away = Product(tmp_path / "away", peer_port=house.peer_port)
    away.more |= {
        "SIDEDOOR_FALLBACK_FOR": house.url,
        "SIDEDOOR_OUTAGE_ADDRESSES": DUTY,
        "SIDEDOOR_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
    }
    for product in (house, away):
        product.folder.mkdir()
    house.install()
    away.command("keys", "new")
    house.start_peer()
    away.start("fallback")
    yield house, away
    house.stop()
    away.stop()


@pytest.mark.requirement("R23")
@pytest.mark.requirement("R32")
def test_a_house_that_was_down_gets_what_came_meanwhile(hosts: tuple[Product, Product], mail: SmtpPeer) -> None:
    house, away = hosts
    texter = Texter("127.0.0.1", away.port, TOKEN, away.url)
    asyncio.run(texter.converse(HER_NUMBER, ["he has a knife"], "00fa"))
    until(lambda: mail.mails)
    assert list(away.folder.glob("spool/*.sealed"))
    assert not any(b"knife" in path.read_bytes() for path in away.folder.rglob("*") if path.is_file())
    house.start()
    wait_for(house.port)
    until(lambda: not list(away.folder.glob("spool/*.sealed")))
    with sqlite3.connect(house.folder / "sidedoor.db") as database:
        assert database.execute("SELECT reason FROM alert").fetchall() == [("danger",)]
