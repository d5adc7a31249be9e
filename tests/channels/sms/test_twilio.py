"""The Twilio adapter against its tables, over real HTTP to the peer."""

import asyncio
import contextlib
import gc
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from channels.contract import CannotSay, Found, Lookup, NotFound, Redactor, SendError
from channels.sms.errors import FAULTS, RISK_CODES, send_error
from channels.sms.twilio import EMPTY_TWIML, TwilioSettings, TwilioSms
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
from tests.channels.sms.cases import (
    FAILURES,
    HOOK,
    MESSAGES,
    PERSON,
    PUBLIC,
    RECEIPTS,
    REQUESTS,
    SIGNATURES,
    TOKEN,
    WORDS,
    message,
    text,
)
from tests.peers.ports import refusing_port
from tests.peers.signing import signed_request, twilio_signature
from tests.peers.twilio_peer import ACCOUNT_SID, AUTH_TOKEN, Fault, TwilioPeer
from tests.system.product import until


@pytest.fixture
def peer() -> Iterator[TwilioPeer]:
    with TwilioPeer() as running:
        yield running


@contextlib.contextmanager
def adapter(**changes: Any) -> Iterator[TwilioSms]:
    """An adapter as configured in the tables; let go afterwards."""
    usual: dict[str, Any] = {
        "account_sid": ACCOUNT_SID,
        "auth_token": AUTH_TOKEN,
        "sms_from": "+447700900000",
        "public_url": PUBLIC,
        "timeout": PATIENT,
    }
    sms = TwilioSms(TwilioSettings(**(usual | changes)))
    yield sms
    sms.close()


def since() -> datetime:
    return datetime.now(UTC)


@pytest.mark.requirement("R22")
@pytest.mark.parametrize("case", SIGNATURES, ids=ids(SIGNATURES))
def test_signatures(case: InboundCase) -> None:
    with adapter(auth_token=TOKEN) as sms:
        run_inbound(sms, case)


@pytest.mark.requirement("R22")
def test_without_a_token_nothing_passes() -> None:
    with adapter(auth_token="") as sms:
        assert not sms.verify(signed_request(HOOK, text(), ""))


def test_our_signature_is_the_one_twilio_computes() -> None:
    params = text(Zebra="1", apple="2")
    assert twilio_signature(HOOK, params, TOKEN) == RequestValidator(TOKEN).compute_signature(HOOK, params)


@pytest.mark.parametrize("case", MESSAGES + RECEIPTS, ids=ids(MESSAGES + RECEIPTS))
def test_what_a_request_says(case: InboundCase) -> None:
    with adapter(auth_token=TOKEN) as sms:
        run_inbound(sms, case)


@pytest.mark.requirement("R8")
@pytest.mark.parametrize("case", REQUESTS, ids=ids(REQUESTS))
def test_what_goes_out(peer: TwilioPeer, case: OutboundCase) -> None:
    with adapter(api_base=peer.url, **case.settings) as sms:
        run_outbound(sms, peer, case)


@pytest.mark.requirement("R25")
@pytest.mark.parametrize("case", FAILURES, ids=ids(FAILURES))
def test_what_a_failure_becomes(peer: TwilioPeer, case: OutboundCase) -> None:
    with adapter(api_base=peer.url, timeout=patience(*case.faults), **case.settings) as sms:
        run_outbound(sms, peer, case)


def test_a_peer_that_is_not_there_has_not_taken_it() -> None:
    with (
        refusing_port() as port,
        adapter(api_base=f"http://127.0.0.1:{port}") as sms,
        pytest.raises(SendError) as raised,
    ):
        asyncio.run(sms.send(message()))
    check_failure(raised.value, {"code": "twilio-unreachable", "retryable": True, "elsewhere": True}, message())


def test_an_answer_that_comes_drop_by_drop_is_given_up() -> None:
    """A read timeout starts again with every byte; the second limit does not."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)

    async def attempt() -> None:
        server = await asyncio.start_server(drip, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with adapter(api_base=f"http://127.0.0.1:{port}", timeout=HASTY) as sms:
            try:
                await sms.send(message())
            finally:
                server.close()

    with pytest.raises(SendError) as raised:
        asyncio.run(attempt())
    check_failure(raised.value, {"code": "twilio-timeout", "retryable": True, "unknown": True}, message())


def test_it_can_look_up_and_redact() -> None:
    with adapter() as sms:
        assert isinstance(sms, Lookup)
        assert isinstance(sms, Redactor)


@pytest.mark.parametrize("fault", [Fault.SILENT_AFTER_TAKING, Fault.DROP_AFTER_TAKING, Fault.GARBAGE_AFTER_TAKING])
def test_what_was_taken_without_a_word_is_found(peer: TwilioPeer, fault: Fault) -> None:
    start = since()
    assert offered(peer, fault).unknown
    until(lambda: peer.messages)
    with adapter(api_base=peer.url) as sms:
        assert asyncio.run(sms.find(message(), start)) == Found(peer.messages[0]["sid"])


@pytest.mark.parametrize("fault", [Fault.SILENT, Fault.DROP_BEFORE_TAKING])
def test_what_was_not_taken_is_not_found(peer: TwilioPeer, fault: Fault) -> None:
    start = since()
    offered(peer, fault)
    with adapter(api_base=peer.url) as sms:
        assert asyncio.run(sms.find(message(), start)) == NotFound()


def offered(peer: TwilioPeer, fault: Fault) -> SendError:
    """What a message becomes that the provider was asked to take."""
    peer.inject(fault)
    with adapter(api_base=peer.url, timeout=patience(fault)) as sms, pytest.raises(SendError) as raised:
        asyncio.run(sms.send(message()))
    until(lambda: peer.forms and not peer.faults)
    return raised.value


def sent(sms: TwilioSms, **changes: object) -> str:
    return asyncio.run(sms.send(message(**changes))).provider_id


def test_another_number_other_words_or_an_earlier_day_are_not_it(peer: TwilioPeer) -> None:
    with adapter(api_base=peer.url) as sms:
        sent(sms, address="+447700900002")
        sent(sms, text="other words")
        sent(sms)
        peer.messages[-1]["date_created"] = "Mon, 02 Mar 2026 11:00:00 +0000"
        assert asyncio.run(sms.find(message(), since())) == NotFound()


def test_the_same_words_again_are_told_apart_by_what_we_know(peer: TwilioPeer) -> None:
    with adapter(api_base=peer.url) as sms:
        first, second = sent(sms), sent(sms)
        assert asyncio.run(sms.find(message(), since(), {first})) == Found(second)
        assert asyncio.run(sms.find(message(), since(), {first, second})) == NotFound()


def test_the_oldest_of_several_is_the_one(peer: TwilioPeer) -> None:
    with adapter(api_base=peer.url) as sms:
        first, second = sent(sms), sent(sms)
        later = peer.find(second)
        assert later is not None
        later["date_created"] = "Mon, 02 Mar 2099 11:00:00 +0000"
        assert asyncio.run(sms.find(message(), since())) == Found(first)


def test_the_same_words_a_moment_earlier_are_not_it(peer: TwilioPeer) -> None:
    """Taking them for it would lose a message; a person who waits for an answer would wait for ever."""
    with adapter(api_base=peer.url) as sms:
        sent(sms)
        assert asyncio.run(sms.find(message(), since() + timedelta(seconds=10))) == NotFound()


def test_a_message_without_a_date_may_be_the_one(peer: TwilioPeer) -> None:
    with adapter(api_base=peer.url) as sms:
        wanted = sent(sms)
        peer.messages[0]["date_created"] = None
        assert asyncio.run(sms.find(message(), since())) == Found(wanted)


def test_twilio_settings_in_the_environment_do_not_reach_us(peer: TwilioPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A region in the environment would send every message to another host than the one that is configured."""
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    with adapter(api_base=peer.url) as sms:
        assert sent(sms) == peer.messages[0]["sid"]


def test_a_message_on_a_later_page_is_found(peer: TwilioPeer) -> None:
    with adapter(api_base=peer.url) as sms:
        wanted = sent(sms)
        for number in range(120):
            peer.take({"To": PERSON, "Body": f"number {number}", "From": "+447700900000"})
        assert asyncio.run(sms.find(message(), since())) == Found(wanted)


def test_more_messages_than_we_read_settle_nothing(peer: TwilioPeer) -> None:
    for number in range(201):
        peer.take({"To": PERSON, "Body": f"number {number}", "From": "+447700900000"})
    with adapter(api_base=peer.url) as sms:
        assert asyncio.run(sms.find(message(), since())) == CannotSay()


def test_a_redacted_body_settles_nothing(peer: TwilioPeer) -> None:
    peer.take({"To": PERSON, "Body": "", "From": "+447700900000"})
    with adapter(api_base=peer.url) as sms:
        assert asyncio.run(sms.find(message(), since())) == CannotSay()


def test_masked_numbers_settle_nothing(peer: TwilioPeer) -> None:
    with adapter(api_base=peer.url, address_retention="obfuscate") as sms:
        assert asyncio.run(sms.find(message(), since())) == CannotSay()


@pytest.mark.parametrize(
    "fault", [Fault.SILENT, Fault.DROP_BEFORE_TAKING, Fault.BROKEN, Fault.RATE_LIMITED, Fault.GATEWAY]
)
def test_a_provider_that_cannot_be_asked_cannot_say(peer: TwilioPeer, fault: Fault) -> None:
    with adapter(api_base=peer.url) as sms:
        sent(sms)
    peer.inject(fault)
    with adapter(api_base=peer.url, timeout=patience(fault)) as sms:
        assert asyncio.run(sms.find(message(), since())) == CannotSay()


@pytest.mark.requirement("R27")
def test_words_are_blanked_at_twilio_after_the_final_status(peer: TwilioPeer) -> None:
    with adapter(api_base=peer.url) as sms:
        sid = sent(sms)
        with pytest.raises(SendError) as raised:
            asyncio.run(sms.redact(sid))
        check_failure(raised.value, {"code": "twilio-20009", "retryable": True}, message())
        peer.settle(sid, "delivered")
        asyncio.run(sms.redact(sid))
    assert peer.messages[0]["body"] == ""


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("fault", [None, *Fault])
def test_nothing_personal_is_logged(peer: TwilioPeer, fault: Fault | None, caplog: pytest.LogCaptureFixture) -> None:
    """At the lowest level, for every fault; the first look-up starts the client, which quietens what lies under it."""
    caplog.set_level(logging.DEBUG)
    with adapter(api_base=peer.url, timeout=patience(fault)) as sms:
        for _ in range(2):
            peer.inject(*([fault] if fault else []))
            with contextlib.suppress(SendError):
                asyncio.run(sms.send(message()))
            asyncio.run(sms.find(message(), since() - timedelta(hours=1)))
    assert PERSON.lstrip("+") not in caplog.text
    assert WORDS not in caplog.text
    assert AUTH_TOKEN not in caplog.text


def test_settings_do_not_show_the_token() -> None:
    assert AUTH_TOKEN not in repr(TwilioSettings(ACCOUNT_SID, AUTH_TOKEN))


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_an_error_is_either_tried_again_or_told(code: str) -> None:
    failure = send_error(code)
    assert failure.retryable is not failure.tell_staff
    assert failure.code == f"twilio-{code}"


@pytest.mark.requirement("R25")
def test_the_codes_that_the_rules_name() -> None:
    assert all(send_error(code).retryable for code in ("30001", "30003", "30008", "20429", "429"))
    stop = ("21610", "21211", "21614", "30004", "30005", "30006", "30007", "a code of tomorrow")
    assert all(send_error(code).tell_staff and not send_error(code).retryable for code in stop)
    assert sorted(RISK_CODES) == ["30004", "30005", "30006"]


def test_a_webhook_is_answered_with_an_empty_response() -> None:
    assert EMPTY_TWIML.endswith(b"<Response/>")


def test_the_client_is_imported_on_first_use_only() -> None:
    code = (
        "import sys; from channels.sms.twilio import *; TwilioSms(TwilioSettings('AC', 'x')).close();"
        "sys.exit(any(name in sys.modules for name in ('twilio.rest', 'requests')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_threads_are_let_go(peer: TwilioPeer) -> None:
    with adapter(api_base=peer.url) as sms:
        sent(sms)
    gc.collect()
    with pytest.raises(RuntimeError, match="shutdown"):
        sent(sms)
