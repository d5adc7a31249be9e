"""Telling Telegram where to call us, over real HTTP to the peer."""

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from channels.contract import SendError
from channels.registry import ChannelSettings, open_channels
from channels.telegram.telegram import Telegram, TelegramSettings
from channels.telegram.updates import KINDS
from tests.channels.telegram.cases import PERSON, SECRET
from tests.peers.telegram_peer import DAY_ONE, TOKEN, TelegramPeer

HOUSE = "https://chat.example.org/hooks/telegram"


@pytest.fixture
def peer() -> Iterator[TelegramPeer]:
    with TelegramPeer() as running:
        yield running


def adapter(peer: TelegramPeer, *, polling: bool = False) -> Telegram:
    return Telegram(TelegramSettings(TOKEN, SECRET, peer.url, timeout=30.0, polling=polling))


@pytest.mark.requirement("R22")
@pytest.mark.requirement("R23")
def test_it_is_told_the_address_the_secret_and_the_kinds_and_keeps_what_waits(peer: TelegramPeer) -> None:
    peer.says(PERSON, "hello")
    asyncio.run(adapter(peer).register(HOUSE))
    form = peer.calls[0].form
    assert json.loads(form.pop("allowed_updates")) == list(KINDS)
    assert form == {"url": HOUSE, "secret_token": SECRET, "drop_pending_updates": "false"}
    assert len(peer.waiting) == 1


def test_it_says_where_it_calls_and_how_that_goes(peer: TelegramPeer) -> None:
    telegram = adapter(peer)
    nowhere = asyncio.run(telegram.registered())
    assert (nowhere.url, nowhere.whole, nowhere.waiting, nowhere.failed_at) == ("", False, 0, None)
    peer.says(PERSON, "hello")
    asyncio.run(telegram.register(HOUSE))
    peer.call_failure = (DAY_ONE, "Wrong response from the webhook: 403 Forbidden")
    found = asyncio.run(telegram.registered())
    assert (found.url, found.whole, found.waiting) == (HOUSE, True, 1)
    assert (found.failed_at, found.failure) == (datetime.fromtimestamp(DAY_ONE, UTC), "telegram-cannot-call-403")
    peer.call_failure = (DAY_ONE, "Connection refused")
    assert asyncio.run(telegram.registered()).failure == "telegram-cannot-call"


@pytest.mark.requirement("R38")
@pytest.mark.parametrize(
    "url", ["http://chat.example.org/hooks/telegram", "https://chat.example.org:8000/hooks/telegram"]
)
def test_an_address_that_telegram_does_not_call_is_a_failure_that_says_no_secret(
    peer: TelegramPeer, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SendError) as raised:
        asyncio.run(adapter(peer).register(url))
    assert (raised.value.code, raised.value.__context__) == ("telegram-400", None)
    assert not [word for word in (TOKEN, SECRET) if word in caplog.text]


@pytest.mark.requirement("R23")
def test_who_asks_takes_away_a_webhook_that_somebody_set_meanwhile(peer: TelegramPeer) -> None:
    asking = adapter(peer, polling=True)
    place = asyncio.run(asking.fetch("")).place
    asyncio.run(adapter(peer).register(HOUSE))
    peer.says(PERSON, "hello")
    with pytest.raises(SendError, match="telegram-409"):
        asyncio.run(asking.fetch(place))
    assert len(asyncio.run(asking.fetch(place)).items) == 1
    assert peer.webhook == {}


def test_only_a_bot_that_is_called_is_registered() -> None:
    def registered(secret: str, *, polling: bool) -> bool:
        settings = ChannelSettings(telegram=TelegramSettings(TOKEN, secret, polling=polling))
        return open_channels(settings)["telegram"].registrar is not None

    assert [registered(SECRET, polling=False), registered(SECRET, polling=True), registered("", polling=False)] == [
        True,
        False,
        False,
    ]
