"""A service without a public address: the running product asks Telegram and a mailbox, and answers what it finds."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.email.mails import HER, OURS, raw
from tests.peers.imap_peer import Folder, ImapPeer
from tests.peers.smtp_peer import SmtpPeer
from tests.peers.telegram_peer import TOKEN, TelegramPeer
from tests.system.product import PATIENCE, Product, until

HER_CHAT = 445566


@pytest.fixture
def telegram() -> Iterator[TelegramPeer]:
    with TelegramPeer() as peer:
        peer.longest_wait = 1.0
        yield peer


@pytest.fixture
def smtp() -> Iterator[SmtpPeer]:
    with SmtpPeer() as peer:
        yield peer


@pytest.fixture
def folder() -> Iterator[Folder]:
    with ImapPeer() as peer:
        yield peer.new_folder()


@pytest.fixture
def product(tmp_path: Path, telegram: TelegramPeer, smtp: SmtpPeer, folder: Folder) -> Iterator[Product]:
    """The product, installed and led to them."""
    settings = {
        "SIDEDOOR_TELEGRAM_TOKEN": TOKEN,
        "SIDEDOOR_TELEGRAM_POLLING": "true",
        "SIDEDOOR_TELEGRAM_API_BASE": telegram.url,
        "SIDEDOOR_SMTP_URL": f"smtp://127.0.0.1:{smtp.port}",
        "SIDEDOOR_MAIL_ADDRESS": OURS,
        "SIDEDOOR_IMAP_URL": folder.url,
        "SIDEDOOR_IMAP_SECONDS": "1",
        "SIDEDOOR_LOG_LEVEL": "DEBUG",
    }
    made = Product(tmp_path, more=settings)
    made.install()
    yield made
    made.stop()


@pytest.mark.slow
@pytest.mark.requirement("R23")
@pytest.mark.requirement("R38")
def test_what_came_before_a_restart_and_during_it_is_answered_once(
    product: Product, telegram: TelegramPeer, smtp: SmtpPeer, folder: Folder
) -> None:
    telegram.says(HER_CHAT, "velvet kettle", int(time.time()))
    folder.post(raw("velvet kettle"))
    product.start()
    until(lambda: telegram.forms and smtp.mails and folder.flags() == [{b"\\Seen"}])
    assert product.server is not None
    product.server.terminate()
    product.server.wait(PATIENCE)
    telegram.says(HER_CHAT + 1, "hello", int(time.time()))
    folder.post(raw("hello", Message_ID="<two@post.example.net>", From="bea@post.example.net"))
    product.start()
    until(lambda: len(telegram.forms) == 2 and len(smtp.mails) == 2)
    assert {mail.recipients[0] for mail in smtp.mails} == {HER, "bea@post.example.net"}
    until(lambda: folder.flags() == [{b"\\Seen"}] * 2)
    product.stop()
    told = b"".join(path.read_bytes() for path in product.folder.rglob("*") if path.is_file())
    assert not [word for word in ("velvet kettle", HER, "bea@post", str(HER_CHAT), TOKEN) if word.encode() in told]
