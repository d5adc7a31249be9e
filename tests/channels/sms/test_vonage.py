"""The second provider of text messages against its tables, over real HTTP to its peer."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.contract import Accepted, Blocked, Ignored, Inbound, Outbound, RawRequest, Receipt, SendError
from channels.sms.vonage import VonageSettings, VonageSms
from channels.sms.vonage_errors import FAULTS
from channels.sms.vonage_rest import BASE
from tests.channels.runner import PATIENT, InboundCase, check_failure, ids, patience, run_inbound
from tests.peers.signing import NOON
from tests.peers.twilio_peer import Fault
from tests.peers.vonage_peer import APPLICATION, PRIVATE_KEY, SECRET, VonagePeer, inbound, signed, status
from tests.system.product import until

PUBLIC = "https://door.example.org"
HOOK, STATUS = f"{PUBLIC}/hooks/vonage", f"{PUBLIC}/hooks/vonage/status"
PERSON, WORDS = "+447700900001", "are you there"
ID = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"


@pytest.fixture
def peer() -> Iterator[VonagePeer]:
    with VonagePeer() as running:
        yield running


@contextlib.contextmanager
def adapter(api_base: str = "", **changes: Any) -> Iterator[VonageSms]:
    usual = VonageSettings(APPLICATION, PRIVATE_KEY, SECRET, "+447700900000", api_base, PUBLIC, PATIENT)
    sms = VonageSms(replace(usual, **changes))
    yield sms
    sms.close()


def received(words: str = WORDS, media: str = "0") -> list[Inbound]:
    return [Inbound("sms", PERSON, ID, words, NOON, {"To": "+447700900000", "NumMedia": media})]


def receipt(value: str, code: str = "", *, again: bool = False) -> Receipt:
    return Receipt("sms", ID, value, NOON, code, "7", again)


def without_header(request: RawRequest) -> RawRequest:
    return replace(request, headers={"content-type": "application/json"})


HEARD = [
    InboundCase("a right token passes", signed(HOOK, inbound()), received()),
    InboundCase("a token for another body fails", replace(signed(HOOK, inbound()), body=b"{}"), None),
    InboundCase("a token without a hash of the body fails", signed(HOOK, inbound(), payload_hash=None), None),
    InboundCase("a wrong secret fails", signed(HOOK, inbound(), "another-secret-that-is-long-enough-too"), None),
    InboundCase("no token fails", without_header(signed(HOOK, inbound())), None),
    InboundCase("words in any script", signed(HOOK, inbound("żółw 🐢")), received("żółw 🐢")),
    InboundCase("an empty text", signed(HOOK, inbound("")), received("")),
    InboundCase(
        "a picture: that it came",
        signed(HOOK, inbound("", message_type="image", image={"url": "x"})),
        received("", "1"),
    ),
    InboundCase(
        "a sender that is a name", signed(HOOK, inbound() | {"from": "Bank"}), [Ignored("sender-not-a-phone-number")]
    ),
    InboundCase("another channel", signed(HOOK, inbound(channel="whatsapp")), [Ignored("channel-not-in-use")]),
    InboundCase("no id", signed(HOOK, inbound(message_uuid="")), ValueError),
    InboundCase("no JSON", signed(HOOK, b"hello"), ValueError),
    InboundCase("a list", signed(HOOK, b"[]"), ValueError),
    InboundCase("sent", signed(STATUS, status("submitted")), [receipt("sent")]),
    InboundCase("delivered", signed(STATUS, status("delivered")), [receipt("delivered")]),
    InboundCase("rejected", signed(STATUS, status("rejected", "1210")), [receipt("failed", "vonage-1210")]),
    InboundCase(
        "out of reach", signed(STATUS, status("undeliverable", "1180")), [receipt("failed", "vonage-1180", again=True)]
    ),
    InboundCase(
        "barred",
        signed(STATUS, status("rejected", "1050")),
        [receipt("failed", "vonage-1050"), Blocked("sms", PERSON, NOON)],
    ),
    InboundCase("a failure without a code", signed(STATUS, status("rejected")), [receipt("failed")]),
    InboundCase("a status of tomorrow", signed(STATUS, status("beamed")), [Ignored("status-unknown")]),
]


@pytest.mark.requirement("R22")
@pytest.mark.parametrize("case", HEARD, ids=ids(HEARD))
def test_what_a_request_says(case: InboundCase) -> None:
    with adapter() as sms:
        run_inbound(sms, case)


@pytest.mark.requirement("R22")
def test_without_a_secret_nothing_passes() -> None:
    with adapter(signature_secret="") as sms:
        assert not sms.verify(signed(HOOK, inbound()))


def message(**changes: Any) -> Outbound:
    return replace(Outbound("sms", PERSON, WORDS, "7"), **changes)


PLAIN = {
    "message_type": "text",
    "channel": "sms",
    "to": "447700900001",
    "from": "447700900000",
    "text": WORDS,
    "client_ref": "7",
    "webhook_url": STATUS,
}
AGAIN, MAYBE, STOP = {"retryable": True}, {"retryable": True, "unknown": True}, {"tell_staff": True}
OURS = {"elsewhere": True}
Failing = Mapping[str, Any] | None
SENT: Sequence[tuple[str, Outbound, Mapping[str, Any] | None, Sequence[Fault | tuple[int, str]], Failing]] = [
    ("plain", message(), PLAIN, [], None),
    ("held for 90 s", message(validity=timedelta(seconds=90.9)), PLAIN | {"ttl": 90}, [], None),
    ("held for no more than a week", message(validity=timedelta(days=9)), PLAIN | {"ttl": 604800}, [], None),
    ("less left than it can be told", message(validity=timedelta(seconds=19)), None, [], {"code": "too-late"}),
    ("no number", message(address="Bank"), None, [], {"code": "not-a-phone-number"} | STOP),
    (
        "rate limited",
        message(),
        PLAIN,
        [Fault.RATE_LIMITED],
        {"code": "vonage-1000", "retry_after": timedelta(seconds=3)} | AGAIN | OURS,
    ),
    ("broken, by its own word", message(), PLAIN, [Fault.BROKEN], {"code": "vonage-1030"} | AGAIN | OURS),
    ("out of service", message(), PLAIN, [Fault.UNAVAILABLE], {"code": "vonage-503"} | AGAIN | OURS),
    ("a gateway's word may hide a yes", message(), PLAIN, [Fault.GATEWAY], {"code": "vonage-502"} | MAYBE),
    ("never an answer", message(), PLAIN, [Fault.SILENT], {"code": "vonage-timeout"} | MAYBE),
    ("taken, no answer", message(), PLAIN, [Fault.SILENT_AFTER_TAKING], {"code": "vonage-timeout"} | MAYBE),
    ("taken, dropped", message(), PLAIN, [Fault.DROP_AFTER_TAKING], {"code": "vonage-dropped"} | MAYBE),
    ("barred", message(), PLAIN, [(422, "1050")], {"code": "vonage-1050", "blocked": True} | STOP),
    ("no credit", message(), PLAIN, [(402, "1070")], {"code": "vonage-1070"} | STOP | OURS),
    ("a code of tomorrow", message(), PLAIN, [(422, "1999")], {"code": "vonage-422"} | STOP),
]


@pytest.mark.requirement("R8")
@pytest.mark.requirement("R25")
@pytest.mark.parametrize(
    ("words", "body", "faults", "fails"), [case[1:] for case in SENT], ids=[case[0] for case in SENT]
)
def test_what_goes_out(
    peer: VonagePeer,
    words: Outbound,
    body: Mapping[str, Any] | None,
    faults: Sequence[Fault | tuple[int, str]],
    fails: Failing,
) -> None:
    peer.faults.extend(faults)
    failure = None
    with adapter(peer.url, timeout=patience(*faults)) as sms:
        try:
            accepted = asyncio.run(sms.send(words))
        except SendError as error:
            failure = error
    if body is not None:  # a time-out may be over before the peer has looked up
        until(lambda: peer.came)
    assert peer.came == ([] if body is None else [body])
    if fails is None:
        assert failure is None and accepted == Accepted(peer.taken[0]["message_uuid"])
        assert sms.owns(accepted.provider_id)
    else:
        assert failure is not None
        check_failure(failure, fails, words)


def test_a_wrong_application_is_no_fault_of_the_message(peer: VonagePeer) -> None:
    with adapter(peer.url, application_id="another") as sms, pytest.raises(SendError) as raised:
        asyncio.run(sms.send(message()))
    check_failure(raised.value, {"code": "vonage-401"} | STOP | OURS, message())


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("fault", [None, *Fault])
def test_nothing_personal_is_logged(peer: VonagePeer, fault: Fault | None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    peer.faults.extend([fault] if fault else [])
    with adapter(peer.url, timeout=patience(fault)) as sms, contextlib.suppress(SendError):
        asyncio.run(sms.send(message()))
    assert PERSON.lstrip("+") not in caplog.text
    assert WORDS not in caplog.text


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_an_error_is_either_tried_again_or_told(code: str) -> None:
    assert FAULTS[code].retryable is not FAULTS[code].tell_staff


def test_it_goes_to_vonage_unless_told_otherwise() -> None:
    assert BASE == "https://api.nexmo.com"


def test_settings_show_no_secret() -> None:
    assert "PRIVATE KEY" not in repr(VonageSettings(APPLICATION, PRIVATE_KEY, SECRET, "+447700900000"))
    assert SECRET not in repr(VonageSettings(APPLICATION, PRIVATE_KEY, SECRET, "+447700900000"))
