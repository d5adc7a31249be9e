"""The Telegram adapter against its tables, over real HTTP to the peer."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from channels.contract import Acknowledger, Batch, Deleter, Inbound, Lookup, SendError
from channels.telegram.telegram import Telegram, TelegramSettings
from tests.channels.runner import (
    HASTY,
    PATIENT,
    InboundCase,
    OutboundCase,
    check_failure,
    ids,
    patience,
    run_inbound,
    run_outbound,
)
from tests.channels.telegram.cases import (
    ADDRESS,
    FAILURES,
    GOING_OUT,
    HELLO,
    MESSAGES,
    ODD,
    PERSON,
    SECRET,
    SECRETS,
    posted,
    press,
)
from tests.peers.ports import refusing_port
from tests.peers.signing import NOON
from tests.peers.telegram_peer import TOKEN, TOO_OLD, Fault, TelegramPeer
from tests.system.product import until


@pytest.fixture
def peer() -> Iterator[TelegramPeer]:
    with TelegramPeer() as running:
        yield running


def adapter(base: str = "", secret: str = SECRET, token: str = TOKEN, timeout: float = PATIENT) -> Telegram:
    return Telegram(TelegramSettings(token, secret, base, timeout=timeout))


@pytest.mark.requirement("R22")
@pytest.mark.parametrize("case", SECRETS, ids=ids(SECRETS))
def test_secrets(case: InboundCase) -> None:
    run_inbound(adapter(), case)


@pytest.mark.requirement("R22")
@pytest.mark.parametrize("given", ["", "anything"])
def test_without_a_secret_nothing_passes(given: str) -> None:
    assert not adapter(secret="").verify(posted(b"{}", given))


@pytest.mark.requirement("R28")
@pytest.mark.parametrize("case", MESSAGES, ids=ids(MESSAGES))
def test_what_comes_in(case: InboundCase) -> None:
    run_inbound(adapter(), case)


@pytest.mark.requirement("R22")
@pytest.mark.parametrize("case", ODD, ids=ids(ODD))
def test_what_is_odd_is_ignored_and_never_an_error(case: InboundCase) -> None:
    """Telegram would send it again for ever."""
    run_inbound(adapter(), case)


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("case", [*SECRETS[:1], *MESSAGES], ids=ids([*SECRETS[:1], *MESSAGES]))
def test_an_id_that_is_kept_in_the_open_is_nobodys(case: InboundCase) -> None:
    for item in adapter().parse(case.request):
        assert ADDRESS not in repr(item)
        if isinstance(item, Inbound):
            assert ADDRESS not in item.external_id
            assert len(item.external_id) <= 80


@pytest.mark.parametrize("case", GOING_OUT, ids=ids(GOING_OUT))
def test_what_goes_out(peer: TelegramPeer, case: OutboundCase) -> None:
    run_outbound(adapter(peer.url), peer, case)


@pytest.mark.requirement("R25")
@pytest.mark.parametrize("case", FAILURES, ids=ids(FAILURES))
def test_what_a_failure_becomes(peer: TelegramPeer, case: OutboundCase) -> None:
    run_outbound(adapter(peer.url, timeout=patience(*case.faults)), peer, case)


@pytest.mark.requirement("R25")
def test_a_wait_that_telegram_asks_for_is_passed_on(peer: TelegramPeer) -> None:
    peer.inject(Fault.RATE_LIMITED)
    wait = {"retry_after": timedelta(seconds=peer.retry_after)}
    check_failure(_failure(adapter(peer.url)), {"code": "telegram-429", "retryable": True, **wait}, HELLO)


def test_a_peer_that_is_not_there_has_not_taken_it() -> None:
    with refusing_port() as port:
        failure = _failure(adapter(f"http://127.0.0.1:{port}"))
    check_failure(failure, {"code": "telegram-unreachable", "retryable": True}, HELLO)


def test_a_wrong_token_waits_for_somebody_to_mend_it(peer: TelegramPeer) -> None:
    failure = _failure(adapter(peer.url, token="7700:another"))
    check_failure(failure, {"code": "telegram-401", "retryable": True, "tell_staff": True}, HELLO)


def test_telegram_cannot_say_what_became_of_a_message() -> None:
    assert not isinstance(adapter(), Lookup)


@pytest.mark.requirement("R27")
def test_messages_of_both_sides_are_taken_away(peer: TelegramPeer) -> None:
    telegram = adapter(peer.url)
    assert isinstance(telegram, Deleter)
    hers = peer.says(PERSON, "hello")["message"]["message_id"]
    ours = asyncio.run(telegram.send(HELLO)).provider_id
    stayed = asyncio.run(telegram.delete(ADDRESS, [f"7700.501:{hers}", ours, "7700.502:99999"]))
    assert (stayed, peer.messages) == (frozenset(), {})


@pytest.mark.requirement("R27")
def test_it_says_honestly_what_stayed(peer: TelegramPeer) -> None:
    telegram = adapter(peer.url)
    ours = asyncio.run(telegram.send(HELLO)).provider_id
    peer.inject(TOO_OLD)
    assert asyncio.run(telegram.delete(ADDRESS, [ours, "7700.501"])) == {ours, "7700.501"}


def test_a_deletion_that_nobody_can_answer_for_is_a_failure(peer: TelegramPeer) -> None:
    peer.inject(Fault.SILENT)
    with pytest.raises(SendError) as raised:
        asyncio.run(adapter(peer.url, timeout=HASTY).delete(ADDRESS, ["7"]))
    assert raised.value.__context__ is None


def test_a_press_is_answered_without_words_and_its_buttons_go(peer: TelegramPeer) -> None:
    telegram = adapter(peer.url)
    assert isinstance(telegram, Acknowledger)
    payload = {"callback_id": press()["id"], "pressed": "77"}
    asyncio.run(telegram.acknowledge(Inbound("telegram", ADDRESS, "7700.501", "Not now", NOON, payload)))
    assert [(call.method, call.form) for call in peer.calls] == [
        ("answercallbackquery", {"callback_query_id": "cb-1"}),
        ("editmessagereplymarkup", {"chat_id": ADDRESS, "message_id": "77"}),
    ]


def test_a_press_that_cannot_be_answered_harms_nobody(peer: TelegramPeer) -> None:
    peer.inject(Fault.BROKEN, Fault.SILENT)
    payload = {"callback_id": "cb-1", "pressed": "77"}
    telegram = adapter(peer.url, timeout=HASTY)
    asyncio.run(telegram.acknowledge(Inbound("telegram", ADDRESS, "7700.501", "x", NOON, payload)))
    until(lambda: len(peer.calls) == 2)


@pytest.mark.requirement("R23")
def test_polling_lets_telegram_forget_only_what_lies_before_the_place(peer: TelegramPeer) -> None:
    telegram = adapter(peer.url)
    peer.says(PERSON, "one")
    peer.happens(thought={"of": "tomorrow"})
    peer.says(PERSON, "two")
    batch = asyncio.run(telegram.fetch(""))
    asyncio.run(telegram.done(batch))
    assert [item.text for item in batch.items if isinstance(item, Inbound)] == ["one", "two"]
    assert len(batch.items) == len(peer.waiting) == 3
    assert asyncio.run(telegram.fetch(batch.place)) == Batch([], batch.place)
    assert peer.waiting == []


def test_a_webhook_from_before_is_taken_away_once_and_nothing_that_waits(peer: TelegramPeer) -> None:
    telegram = adapter(peer.url)
    for _ in range(2):
        asyncio.run(telegram.fetch(""))
    assert [call.method for call in peer.calls] == ["deletewebhook", "getupdates", "getupdates"]
    assert peer.calls[0].form == {"drop_pending_updates": "false"}


def test_every_call_asks_for_the_kinds_that_are_read(peer: TelegramPeer) -> None:
    asyncio.run(adapter(peer.url).fetch("17"))
    form = peer.calls[-1].form
    assert (form["offset"], form["timeout"]) == ("17", "25")
    assert "message_reaction" in form["allowed_updates"]


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("fault", [*Fault, None])
def test_nothing_personal_is_logged(
    peer: TelegramPeer, fault: Fault | None, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    peer.inject(*([fault] if fault else []))
    telegram = adapter(peer.url, timeout=patience(fault))
    with suppress(SendError):
        asyncio.run(telegram.send(HELLO))
    told = caplog.text + "".join(capfd.readouterr()) + repr(telegram) + repr(TelegramSettings(TOKEN, SECRET))
    assert not [word for word in (ADDRESS, "hello you", TOKEN, SECRET) if word in told]


def _failure(telegram: Telegram) -> SendError:
    with pytest.raises(SendError) as raised:
        asyncio.run(telegram.send(HELLO))
    return raised.value
