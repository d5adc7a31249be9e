"""kill -9 at random moments while 200 people text: nothing lost, nothing answered twice in our records (R23)."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select

from backend.conversations.outbox import open_words
from backend.store.engine import make_engine
from backend.store.sealing import context
from backend.store.talk import (
    Attempt,
    ContactPoint,
    Conversation,
    DataKey,
    InboundMessage,
    OutboundMessage,
    Timer,
)
from safety.vault import Keyring, Vault
from tests.peers.texter import Texter
from tests.system.product import TOKEN, Product, until

PEOPLE = 200
KILLS = 4
TEXTS = ("hello", "1", "1", "1", "why", "1", "my doctor")
"""The last one is waited for: more of the answer might come."""
SETTLED = 180.0
"""Seconds that it may take in the end, on however slow a machine."""


@pytest.fixture(params=["sqlite", "postgresql"])
def product(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Product]:
    """The product with its peer, installed and not yet started."""
    url = str(request.getfixturevalue("empty_postgres")()) if request.param == "postgresql" else ""
    made = Product(
        tmp_path,
        url,
        {"SIDEDOOR_LEASE_SECONDS": "11", "SIDEDOOR_TWILIO_TIMEOUT_SECONDS": "5", "SIDEDOOR_LOG_LEVEL": "WARNING"},
    )
    made.install()
    made.start_peer()
    yield made
    made.stop()


@pytest.mark.slow
@pytest.mark.requirement("R23")
def test_nothing_is_lost_and_nothing_is_answered_twice(product: Product) -> None:
    product.start()
    asyncio.run(_text_and_kill(product, random.Random(20260302)))
    engine = make_engine(product.database_url or f"sqlite:///{product.folder / 'sidedoor.db'}")
    until(lambda: _nothing_is_due(engine), SETTLED)
    _everything_arrived_once(engine)
    _everybody_got_the_same_answers(engine)
    _our_records_agree_with_the_provider(engine, product)


async def _text_and_kill(product: Product, dice: random.Random) -> None:
    texter = Texter("127.0.0.1", product.port, TOKEN, product.url)
    people = [asyncio.create_task(texter.converse(f"+447700900{n:03d}", TEXTS, f"{n:06x}")) for n in range(PEOPLE)]
    for moment in sorted(dice.sample(range(20, PEOPLE * len(TEXTS) - 100), KILLS)):
        await texter.until_answered(moment)
        texter.up.clear()
        await asyncio.to_thread(product.kill)
        await asyncio.to_thread(product.start)
        texter.up.set()
    await asyncio.gather(*people)
    # All that they sent is taken in, and the last answers still wait.
    await asyncio.to_thread(product.kill)
    await asyncio.to_thread(product.start)


def _nothing_is_due(engine: Engine) -> bool:
    """Whether every message has come to its end; leases of attempts that died have to run out first."""
    sending = select(func.count()).where(OutboundMessage.due_at.is_not(None))
    waiting = select(func.count()).where(Timer.name == "fragments")
    with engine.connect() as c:
        return not c.execute(sending).scalar_one() and not c.execute(waiting).scalar_one()


def _everything_arrived_once(engine: Engine) -> None:
    with engine.connect() as c:
        arrived = Counter(c.execute(select(InboundMessage.external_id)).scalars())
        assert len(arrived) == PEOPLE * len(TEXTS)
        assert set(arrived.values()) == {1}
        assert c.execute(select(func.count()).select_from(Conversation)).scalar_one() == PEOPLE


def _everybody_got_the_same_answers(engine: Engine) -> None:
    """All sent the same, so all were answered the same, in the same order, whatever was killed in between."""
    said: dict[int, list[str]] = {}
    with engine.connect() as c:
        for row in c.execute(select(OutboundMessage.__table__).order_by(OutboundMessage.id)):
            said.setdefault(row.conversation_id, []).append(row.response)
    assert len(said) == PEOPLE
    assert len({tuple(responses) for responses in said.values()}) == 1


def _our_records_agree_with_the_provider(engine: Engine, product: Product) -> None:
    """Every message we call sent is one that the provider took, and each is called sent by one attempt only."""
    taken = {message["sid"]: message for message in product.taken()}
    with engine.connect() as c:
        rows = c.execute(select(OutboundMessage.id, OutboundMessage.state)).all()
        assert {row.state for row in rows} <= {"sent", "delivered"}
        sent = c.execute(select(Attempt.outbound_id, Attempt.provider_id).where(Attempt.state == "sent")).all()
        texts = _texts(c, product)
    assert Counter(row.outbound_id for row in sent) == Counter(row.id for row in rows)
    owned = [row.provider_id for row in sent]
    assert len(set(owned)) == len(owned)
    assert set(owned) <= taken.keys()
    for row in sent:
        assert (taken[row.provider_id]["To"], taken[row.provider_id]["Body"]) == texts[row.outbound_id]
    # What the provider took beyond our records: an attempt that died before its outcome was known, and was looked up.
    assert len(taken) == len(owned), "a message went out twice although the provider could be asked"


def _texts(c: Connection, product: Product) -> dict[int, tuple[str, str]]:
    """Address and words of every outbound row, opened with the product's own keys."""
    vault = Vault(Keyring.load(product.folder / "vault.json"))
    keys = {row.id: vault.unwrap(row.wrapped) for row in c.execute(select(DataKey.id, DataKey.wrapped))}
    columns = (
        OutboundMessage.id, OutboundMessage.text, Conversation.key_id,
        ContactPoint.id.label("point_id"), ContactPoint.address, ContactPoint.key_id.label("point_key_id"),
    )  # fmt: skip
    joined = select(*columns).join(Conversation, Conversation.id == OutboundMessage.conversation_id)
    rows = c.execute(joined.join(ContactPoint, ContactPoint.id == Conversation.contact_point_id))
    return {
        row.id: (
            keys[row.point_key_id].open(row.address, context("contact_point", "address", row.point_id)),
            open_words(keys[row.key_id], row.text, row.id).text,
        )
        for row in rows
    }
