"""The WhatsApp adapter against its tables, over real HTTP to the peer."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from channels.contract import CannotSay, Found, Lookup, NotFound, Outbound, Redactor, SendError
from channels.registry import ChannelSettings, open_channels
from channels.sms.account import TwilioSettings
from channels.whatsapp.templates import GOOD_FOR, Template, Templates
from channels.whatsapp.twilio import TwilioWhatsApp, WhatsAppSettings
from tests.channels.runner import PATIENT, InboundCase, OutboundCase, ids, patience, run_inbound, run_outbound
from tests.channels.whatsapp.cases import (
    FAILURES,
    LINE,
    LINE_SID,
    MENUS,
    MESSAGES,
    NAMELESS,
    PERSON,
    PUBLIC,
    RECEIPTS,
    REQUESTS,
    SENDERS,
    TOKEN,
    TWO,
    WORDS,
    message,
    numbered,
    text,
)
from tests.peers.twilio_peer import ACCOUNT_SID, AUTH_TOKEN, Fault, TwilioPeer

HEARD = SENDERS + MESSAGES + RECEIPTS


@pytest.fixture
def peer() -> Iterator[TwilioPeer]:
    with TwilioPeer() as running:
        running.add_content(LINE_SID, LINE)
        yield running


@contextlib.contextmanager
def adapter(
    token: str = AUTH_TOKEN, api_base: str = "", menus: dict[str, str] | None = None, timeout: float = PATIENT
) -> Iterator[TwilioWhatsApp]:
    account = TwilioSettings(ACCOUNT_SID, token, api_base=api_base, public_url=PUBLIC, timeout=timeout)
    whatsapp = TwilioWhatsApp(WhatsAppSettings(account, "+447700900000", {"practitioner": LINE_SID}, menus or {}))
    yield whatsapp
    whatsapp.close()


@pytest.mark.requirement("R22")
@pytest.mark.parametrize("case", HEARD, ids=ids(HEARD))
def test_what_a_request_says(case: InboundCase) -> None:
    with adapter(TOKEN) as whatsapp:
        run_inbound(whatsapp, case)


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("case", REQUESTS, ids=ids(REQUESTS))
def test_what_goes_out(peer: TwilioPeer, case: OutboundCase) -> None:
    with adapter(api_base=peer.url, **case.settings) as whatsapp:
        run_outbound(whatsapp, peer, case)


@pytest.mark.requirement("R25")
@pytest.mark.parametrize("case", FAILURES, ids=ids(FAILURES))
def test_what_a_failure_becomes(peer: TwilioPeer, case: OutboundCase) -> None:
    with adapter(api_base=peer.url, timeout=patience(*case.faults), **case.settings) as whatsapp:
        run_outbound(whatsapp, peer, case)


@pytest.mark.requirement("R38")
def test_a_profile_name_is_kept_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with adapter(TOKEN) as whatsapp:
        items = whatsapp.parse(text())
    assert "Bloggs" not in str([getattr(item, "payload", "") for item in items]) + repr(items) + caplog.text


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("status", ["unsubmitted", "received", "pending", "rejected", "paused", "disabled", ""])
def test_a_template_that_is_not_approved_never_goes(peer: TwilioPeer, status: str) -> None:
    peer.add_content(LINE_SID, LINE, status)
    assert_refused(peer, f"template-{status or 'unknown'}")


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("category", ["MARKETING", "AUTHENTICATION", ""])
def test_a_template_that_is_no_utility_never_goes(peer: TwilioPeer, category: str) -> None:
    peer.add_content(LINE_SID, LINE, category=category)
    assert_refused(peer, "template-no-utility")


@pytest.mark.requirement("R1")
def test_a_template_whose_words_were_changed_never_goes(peer: TwilioPeer) -> None:
    peer.add_content(LINE_SID, "Hello from the refuge.")
    assert_refused(peer, "template-other-words")


def assert_refused(peer: TwilioPeer, code: str) -> None:
    with adapter(api_base=peer.url) as whatsapp, pytest.raises(SendError, match=code) as raised:
        asyncio.run(whatsapp.send(line()))
    assert raised.value.tell_staff and not raised.value.retryable
    assert not peer.messages


def line() -> Outbound:
    return message(text=LINE, template="practitioner")


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.GATEWAY, Fault.DROP_BEFORE_TAKING])
def test_an_approval_that_cannot_be_had_leaves_nothing_unknown(peer: TwilioPeer, fault: Fault) -> None:
    """Nothing was offered yet, so it may be tried again without asking whether it was taken."""
    peer.inject(fault)
    with adapter(api_base=peer.url, timeout=patience(fault)) as whatsapp, pytest.raises(SendError) as raised:
        asyncio.run(whatsapp.send(line()))
    assert raised.value.retryable and not raised.value.unknown
    assert not peer.messages


def test_an_approval_is_asked_for_once_an_hour() -> None:
    asked: list[str] = []
    clock = [0.0]

    async def ask(sid: str) -> Template:
        asked.append(sid)
        return Template("approved", "UTILITY", LINE)

    templates = Templates({"practitioner": LINE_SID}, ask, seconds=lambda: clock[0])
    for now in (0.0, GOOD_FOR - 1, GOOD_FOR, GOOD_FOR + 1):
        clock[0] = now
        assert asyncio.run(templates.approved("practitioner", LINE)) == LINE_SID
    assert len(asked) == 2


def since() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=1)


def test_it_can_look_up_and_redact(peer: TwilioPeer) -> None:
    with adapter(api_base=peer.url) as whatsapp:
        assert isinstance(whatsapp, Lookup) and isinstance(whatsapp, Redactor)
        start = since()
        assert asyncio.run(whatsapp.find(message(), start)) == NotFound()
        sid = asyncio.run(whatsapp.send(message())).provider_id
        assert asyncio.run(whatsapp.find(message(), start)) == Found(sid)
        assert asyncio.run(whatsapp.find(message(address=NAMELESS), start)) == NotFound()
        peer.settle(sid, "read")
        asyncio.run(whatsapp.redact(sid))
    assert peer.messages[0]["body"] == ""


def test_of_a_menu_nobody_can_say() -> None:
    """Twilio keeps the rendered content, which is not our text."""
    asked = message(text=numbered(TWO), choices=TWO)
    with TwilioPeer() as peer, adapter(api_base=peer.url, **MENUS) as whatsapp:
        assert asyncio.run(whatsapp.find(asked, since())) == CannotSay()


@pytest.mark.requirement("R22")
def test_a_messaging_service_posts_both_channels_to_one_address() -> None:
    account = TwilioSettings(ACCOUNT_SID, TOKEN)
    made = open_channels(ChannelSettings(twilio=account, whatsapp=WhatsAppSettings(account, "+447700900000")))
    for channel in made.values():
        assert channel.receiver is not None
        for request, name in ((text(), "whatsapp"), (text(PERSON), "sms")):
            assert channel.receiver.verify(request)
            assert [getattr(item, "channel", "") for item in channel.receiver.parse(request)] == [name]


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("fault", [None, *Fault])
def test_nothing_personal_is_logged(peer: TwilioPeer, fault: Fault | None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with adapter(api_base=peer.url, timeout=patience(fault)) as whatsapp:
        for _ in range(2):
            peer.inject(*([fault] if fault else []))
            with contextlib.suppress(SendError):
                asyncio.run(whatsapp.send(message()))
    assert PERSON.lstrip("+") not in caplog.text
    assert WORDS not in caplog.text


def test_settings_do_not_show_the_token() -> None:
    assert AUTH_TOKEN not in repr(WhatsAppSettings(TwilioSettings(ACCOUNT_SID, AUTH_TOKEN), "+447700900000"))
