"""Telegram is told where to call at the start; what is wrong with that shows at the desk and stops nothing (R32)."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from backend.cli import main
from backend.desk.outages import read_outages
from backend.registrations import Registering
from backend.testing import Bench, FrozenClock
from backend.unheard import note, read
from channels.telegram.telegram import Telegram, TelegramSettings
from tests.channels.telegram.cases import PERSON, SECRET
from tests.peers.telegram_peer import TOKEN, Fault, TelegramPeer

HOUSE = "https://chat.example.org/hooks/telegram"
ELSEWHERE = "https://other.example.org/hooks/telegram"


@pytest.fixture
def peer() -> Iterator[TelegramPeer]:
    with TelegramPeer() as running:
        yield running


@pytest.fixture
def registering(bench: Bench, peer: TelegramPeer) -> Registering:
    telegram = Telegram(TelegramSettings(TOKEN, SECRET, peer.url, timeout=30.0))
    settings = bench.house.settings.model_copy(update={"public_url": "https://chat.example.org"})
    senders = {**bench.house.senders, "telegram": telegram}
    return Registering(replace(bench.house, settings=settings, senders=senders), telegram)


def look(registering: Registering, peer: TelegramPeer) -> list[str]:
    """Look once; the calls that were made."""
    before = len(peer.calls)
    asyncio.run(registering.look_once())
    return [call.method for call in peer.calls[before:]]


def at_desk(registering: Registering) -> list[str]:
    house = registering.house
    with house.store.engine.connect() as c:
        return [told.words for told in read_outages(c, house, lambda at: f"{at:%H:%M}") if "coming in" in told.words]


def later(registering: Registering, peer: TelegramPeer, **time: float) -> list[str]:
    """Look again, after that long; the calls that were made."""
    clock = registering.house.clock
    assert isinstance(clock, FrozenClock)
    clock.advance(**time)
    return look(registering, peer)


def test_it_is_told_at_the_start_and_then_only_looked_at(registering: Registering, peer: TelegramPeer) -> None:
    assert look(registering, peer) == ["setwebhook", "getwebhookinfo"]
    assert peer.webhook["url"] == HOUSE
    assert look(registering, peer) == ["getwebhookinfo"]
    assert at_desk(registering) == []


@pytest.mark.requirement("R23")
def test_a_provider_that_forgot_us_is_told_again(registering: Registering, peer: TelegramPeer) -> None:
    look(registering, peer)
    for forgotten in ({}, {"url": HOUSE, "allowed_updates": '["message"]'}):
        peer.webhook = forgotten
        look(registering, peer)
        assert peer.webhook["secret_token"] == SECRET
        assert "message_reaction" in peer.webhook["allowed_updates"]


@pytest.mark.requirement("R32")
def test_who_was_led_elsewhere_is_not_fought_over_and_it_shows_at_the_desk(
    registering: Registering, peer: TelegramPeer
) -> None:
    look(registering, peer)
    peer.webhook = {**peer.webhook, "url": ELSEWHERE}
    assert later(registering, peer) == ["getwebhookinfo"]
    assert at_desk(registering) == [], "one look is no trouble yet"
    later(registering, peer, minutes=2)
    assert at_desk(registering) == [
        "Telegram messages are not coming in since 10:00. Nobody hears who writes there."
        " Tell whoever looks after the machine."
    ]
    peer.webhook = {**peer.webhook, "url": HOUSE}
    later(registering, peer, minutes=1)
    assert at_desk(registering) == []


@pytest.mark.requirement("R32")
def test_a_provider_that_cannot_reach_us_shows_only_while_something_waits(
    registering: Registering, peer: TelegramPeer
) -> None:
    now = registering.house.clock()
    peer.call_failure = (int(now.timestamp()), "Connection timed out")
    look(registering, peer)
    assert later(registering, peer, minutes=2) == ["getwebhookinfo"]
    assert at_desk(registering) == []
    peer.says(PERSON, "hello")
    look(registering, peer)
    later(registering, peer, minutes=2)
    assert len(at_desk(registering)) == 1
    later(registering, peer, minutes=2)
    assert at_desk(registering) == [], "what failed a while ago says nothing of now"


@pytest.mark.requirement("R32")
@pytest.mark.requirement("R38")
def test_trouble_is_logged_once_without_the_token_and_tried_again(
    registering: Registering, peer: TelegramPeer, caplog: pytest.LogCaptureFixture
) -> None:
    peer.inject(Fault.BROKEN, Fault.GATEWAY)
    for _ in range(2):
        assert later(registering, peer, minutes=1) == ["setwebhook"]
    assert later(registering, peer, minutes=1) == ["setwebhook", "getwebhookinfo"]
    assert [record.getMessage() for record in caplog.records] == ["telegram cannot call us: telegram-server"]
    assert not [word for word in (TOKEN, SECRET) if word in caplog.text]
    assert at_desk(registering) == []


def test_trouble_that_nobody_sees_any_more_is_not_believed(registering: Registering) -> None:
    house = registering.house
    with house.store.engine.begin() as c:
        note(c, "telegram", "telegram-server", house.clock())
        note(c, "email", "imap-login", house.clock() + timedelta(minutes=5))
        found = read(c, house.clock() + timedelta(minutes=12))
    assert [(one.channel, one.code) for one in found] == [("email", "imap-login")]


def test_the_command_sets_it_and_says_how_it_is(
    peer: TelegramPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (
        ("DATA_DIR", str(tmp_path)),
        ("PUBLIC_URL", "https://chat.example.org"),
        ("TELEGRAM_TOKEN", TOKEN),
        ("TELEGRAM_SECRET", SECRET),
        ("TELEGRAM_API_BASE", peer.url),
    ):
        monkeypatch.setenv(f"SIDEDOOR_{name}", value)
    monkeypatch.chdir(tmp_path)
    assert [main(["telegram", what]) for what in ("show", "set", "show")] == [1, 0, 0]
    peer.inject(Fault.BROKEN)
    assert main(["telegram", "set"]) == 2
    monkeypatch.setenv("SIDEDOOR_TELEGRAM_POLLING", "true")
    assert main(["telegram", "set"]) == 2
    told = "".join(capsys.readouterr())
    assert f"Telegram calls {HOUSE}." in told
    assert "telegram-server" in told
    assert not [word for word in (TOKEN, SECRET) if word in told]
