"""The worker as a process of its own, beside a server on the same database."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.texter import Texter
from tests.system.product import TOKEN, Product, until


@pytest.fixture(params=["sqlite", "postgresql"])
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Product]:
    """A server that sends nothing itself."""
    url = str(request.getfixturevalue("empty_postgres")()) if request.param == "postgresql" else ""
    made = Product(tmp_path, url, {"SIDEDOOR_IN_PROCESS_WORKER": "false"})
    made.install()
    made.start_peer()
    made.start()
    yield made
    made.stop()


def test_two_processes_share_one_database(product: Product) -> None:
    texter = Texter("127.0.0.1", product.port, TOKEN, product.url)
    asyncio.run(texter.converse("+447700900101", ["hello"], "00aa"))
    assert product.taken() == []
    product.start("worker")
    until(lambda: len(product.taken()) == 1)
    asyncio.run(texter.converse("+447700900102", ["hello"], "00ab"))
    until(lambda: len(product.taken()) == 2)
    assert {message["To"] for message in product.taken()} == {"+447700900101", "+447700900102"}


def test_two_workers_send_nothing_twice(product: Product) -> None:
    product.start("worker")
    product.start("worker")
    texter = Texter("127.0.0.1", product.port, TOKEN, product.url)

    async def many() -> None:
        people = (texter.converse(f"+4477009001{n:02d}", ["hello"], f"{n:06x}") for n in range(40))
        await asyncio.gather(*people)

    asyncio.run(many())
    until(lambda: len(product.taken()) >= 40)
    assert len({message["To"] for message in product.taken()}) == len(product.taken()) == 40
