"""WhatsApp through the real processes: a signed webhook in, the provider's API out."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.texter import Texter
from tests.system.product import TOKEN, Product, until

HER = "whatsapp:+447700900321"
OURS = "whatsapp:+447700900000"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """The product with a WhatsApp sender, and its provider peer, up and running."""
    wanted = {"SIDEDOOR_TWILIO_WHATSAPP_FROM": "+447700900000", "SIDEDOOR_FRAGMENT_SECONDS": "0"}
    made = Product(tmp_path, "", wanted)
    made.install()
    made.start_peer()
    made.start()
    yield made
    made.stop()


@pytest.mark.requirement("R26")
def test_somebody_writes_by_whatsapp_and_is_asked_whether_our_name_may_show(product: Product) -> None:
    texter = Texter("127.0.0.1", product.port, TOKEN, product.url, path="/hooks/whatsapp")
    asyncio.run(texter.converse(HER, ("hello", "1", "1"), "00aa"))
    until(lambda: len(product.taken()) == 3)
    assert [(message["From"], message["To"]) for message in product.taken()] == [(OURS, HER)] * 3
    assert "Our name shows" in product.taken()[-1]["Body"]
    assert product.taken()[-1]["StatusCallback"].startswith(f"{product.url}/hooks/whatsapp/status?attempt=")
