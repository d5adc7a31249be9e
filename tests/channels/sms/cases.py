"""The tables of the Twilio adapter."""

import hashlib
from datetime import timedelta

from channels.contract import Blocked, Ignored, Inbound, Outbound, RawRequest, Receipt
from tests.channels.runner import InboundCase, OutboundCase
from tests.peers.signing import NOON, Params, inbound_params, signed_request, status_params, twilio_signature
from tests.peers.twilio_peer import Fault, Refusal

TOKEN = "token-of-the-service"
PUBLIC = "https://door.example.org"
HOOK = f"{PUBLIC}/hooks/sms"
STATUS = f"{PUBLIC}/hooks/twilio/status"
PERSON = "+447700900001"
SID = "SM" + "1" * 32
SERVICE = "MG" + "2" * 32
WORDS = "are you there"


def text(**extra: str) -> dict[str, str]:
    return inbound_params(PERSON, WORDS, SID, **extra)


def received(words: str = WORDS, **payload: str) -> list[Inbound]:
    kept = {"To": "+447700900000", "NumMedia": "0", "NumSegments": "1"} | payload
    return [Inbound("sms", PERSON, SID, words, NOON, kept)]


def status(value: str, **extra: str) -> RawRequest:
    return signed_request(STATUS, status_params(SID, value, **extra), TOKEN)


def altered(request: RawRequest, body: bytes | None = None, **headers: str | None) -> RawRequest:
    """A signed request that somebody changed on the way; a header of None is taken away."""
    changed = dict(request.headers) | {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in changed.items() if value is not None}
    return RawRequest(request.url, kept, request.body if body is None else body, request.received_at)


def signed_json(body: bytes, digest: str | None) -> RawRequest:
    """A JSON post, signed as Twilio signs them: the URL alone, with the hash of the body in it."""
    url = HOOK + ("" if digest is None else f"?bodySHA256={digest}")
    headers = {"content-type": "application/json", "x-twilio-signature": twilio_signature(url, {}, TOKEN)}
    return RawRequest(url, headers, body, NOON)


def signed(params: Params, url: str = HOOK, signed_url: str | None = None) -> RawRequest:
    return signed_request(url, params, TOKEN, signed_url=signed_url)


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in text().items() if key != name}


GOOD = signed(text())
WRONG = signed_request(HOOK, text(), "another token")
JSON_BODY = b'{"hello": "world"}'
JSON_HASH = hashlib.sha256(JSON_BODY).hexdigest()

SIGNATURES = [
    InboundCase("a right signature passes", GOOD, received()),
    InboundCase("a replay passes here, the inbox knows it", GOOD, received()),
    InboundCase("a wrong token fails", WRONG, None),
    InboundCase("no signature fails", altered(GOOD, x_twilio_signature=None), None),
    InboundCase("an empty signature fails", altered(GOOD, x_twilio_signature=""), None),
    InboundCase("a signature that is no base64 fails", altered(GOOD, x_twilio_signature="ÿ" * 28), None),
    InboundCase("a changed body fails", altered(GOOD, GOOD.body.replace(b"there", b"dead")), None),
    InboundCase("an added field fails", altered(GOOD, GOOD.body + b"&OptOutType=STOP"), None),
    InboundCase("a taken field fails", altered(GOOD, GOOD.body.replace(b"&NumSegments=1", b"")), None),
    InboundCase("a field given twice fails", altered(GOOD, GOOD.body + b"&Body=dead"), None),
    InboundCase("another path fails", signed(text(), signed_url=STATUS), None),
    InboundCase("another host fails", signed(text(), signed_url="https://evil.example.org/hooks/sms"), None),
    InboundCase("http for https fails", signed(text(), signed_url=HOOK.replace("https", "http")), None),
    InboundCase("a URL that a proxy rewrote fails", signed(text(), "http://10.0.0.5:8000/hooks/sms", HOOK), None),
    InboundCase("an added query fails", signed(text(), HOOK + "?x=1", HOOK), None),
    InboundCase("a signed query passes", signed(text(), HOOK + "?x=1"), received()),
    InboundCase("signed with the usual port", signed(text(), HOOK, f"{PUBLIC}:443/hooks/sms"), received()),
    InboundCase("signed without the port", signed(text(), f"{PUBLIC}:8443/hooks/sms", HOOK), received()),
    InboundCase("signed with another port", signed(text(), f"{PUBLIC}:8443/hooks/sms"), received()),
    InboundCase("signed with a wrong port", signed(text(), HOOK, f"{PUBLIC}:8080/hooks/sms"), None),
    InboundCase("fields with several values", signed({**text(), "Tag": ["b", "a", "b"]}), received()),
    InboundCase("a field that Twilio adds tomorrow", signed(text(Brandnew="x")), received()),
    InboundCase(
        "a sender in a Messaging Service",
        signed(text(MessagingServiceSid=SERVICE)),
        received(MessagingServiceSid=SERVICE),
    ),
    InboundCase("words in any script", signed(inbound_params(PERSON, "żółw 🐢 &=+", SID)), received("żółw 🐢 &=+")),
    InboundCase("JSON with its hash is signed, but no message", signed_json(JSON_BODY, JSON_HASH), ValueError),
    InboundCase("JSON with another hash fails", signed_json(JSON_BODY, "0" * 64), None),
    InboundCase("JSON without a hash fails", signed_json(JSON_BODY, None), None),
    InboundCase("JSON with an empty hash fails", signed_json(JSON_BODY, ""), None),
    InboundCase("an empty JSON body does not pass on the URL alone", signed_json(b"", "0" * 64), None),
    InboundCase("a body that says it is something else fails", altered(GOOD, content_type="text/plain"), None),
    InboundCase("a body without a type fails", altered(GOOD, content_type=None), None),
    InboundCase("bytes that are no UTF-8 fail", altered(GOOD, b"Body=%ff%fe&MessageSid=" + SID.encode()), None),
    InboundCase("raw bytes fail", altered(GOOD, b"Body=\xff"), None),
    InboundCase("a thousand fields fail, signed or not", signed({**text(), "a": [str(n) for n in range(1000)]}), None),
]

MESSAGES = [
    InboundCase("an empty text", signed(inbound_params(PERSON, "", SID)), received("")),
    InboundCase(
        "the carrier has opted the person out",
        signed(inbound_params(PERSON, "STOP", SID, OptOutType="STOP")),
        received("STOP", OptOutType="STOP"),
    ),
    InboundCase(
        "a picture: that it came, not where it lies",
        signed(text(NumMedia="1", MediaContentType0="image/jpeg", MediaUrl0="https://api.twilio.com/picture")),
        received(NumMedia="1", MediaContentType0="image/jpeg"),
    ),
    InboundCase(
        "a button that was pressed",
        signed(text(ButtonText="Later", ButtonPayload="later")),
        received(ButtonText="Later", ButtonPayload="later"),
    ),
    InboundCase("a place is not kept", signed(text(Latitude="50.8", Longitude="-0.4")), received(NumMedia="1")),
    InboundCase("a sender that is a name", signed(text(From="Bank")), [Ignored("sender-not-a-phone-number")]),
    InboundCase("a short code", signed(text(From="60123")), [Ignored("sender-not-a-phone-number")]),
    InboundCase(
        "a WhatsApp message where there is no WhatsApp",
        signed(text(From=f"whatsapp:{PERSON}")),
        [Ignored("channel-not-in-use")],
    ),
    InboundCase(
        "a message by RCS, which is not built", signed(text(From=f"rcs:{PERSON}")), [Ignored("channel-not-in-use")]
    ),
    InboundCase("a long text in one piece", signed(inbound_params(PERSON, "a" * 1600, SID)), received("a" * 1600)),
    InboundCase(
        "line ends and tabs as they came", signed(inbound_params(PERSON, "a\r\nb\tc", SID)), received("a\r\nb\tc")
    ),
    InboundCase(
        "a nought and a surrogate's neighbour",
        signed(inbound_params(PERSON, "a\x00\ufffd", SID)),
        received("a\x00\ufffd"),
    ),
    InboundCase(
        "a contact or a voice message: that it came, not what it is",
        signed(text(NumMedia="1", MediaContentType0="text/vcard", MediaUrl0="https://api.twilio.com/card", Body="")),
        received("", NumMedia="1", MediaContentType0="text/vcard"),
    ),
    InboundCase(
        "HELP, which Twilio has answered",
        signed(inbound_params(PERSON, "HELP", SID, OptOutType="HELP")),
        received("HELP", OptOutType="HELP"),
    ),
    InboundCase(
        "START, which Twilio has answered",
        signed(inbound_params(PERSON, "START", SID, OptOutType="START")),
        received("START", OptOutType="START"),
    ),
    InboundCase("no message id", signed(without("MessageSid") | {"SmsSid": ""}), ValueError),
    InboundCase("an id of another kind", signed(text(MessageSid="CA" + "1" * 32)), ValueError),
    InboundCase("no sender", signed(without("From")), ValueError),
    InboundCase("no body field", signed(without("Body")), ValueError),
    InboundCase("nothing at all", signed({}), ValueError),
]

RECEIPTS = [
    InboundCase("sent", status("sent"), [Receipt("sms", SID, "sent", NOON)]),
    InboundCase("delivered", status("delivered"), [Receipt("sms", SID, "delivered", NOON)]),
    InboundCase("read", status("read"), [Receipt("sms", SID, "read", NOON)]),
    InboundCase(
        "failed", status("failed", ErrorCode="30008"), [Receipt("sms", SID, "failed", NOON, "30008", retryable=True)]
    ),
    InboundCase(
        "out of reach",
        status("undelivered", ErrorCode="30003"),
        [Receipt("sms", SID, "failed", NOON, "30003", retryable=True)],
    ),
    InboundCase("no code in a failure", status("undelivered", ErrorCode="0"), [Receipt("sms", SID, "failed", NOON)]),
    InboundCase(
        "opted out with the carrier",
        status("undelivered", ErrorCode="21610"),
        [Receipt("sms", SID, "failed", NOON, "21610"), Blocked("sms", PERSON, NOON)],
    ),
    InboundCase(
        "undelivered", status("undelivered", ErrorCode="30005"), [Receipt("sms", SID, "failed", NOON, "30005")]
    ),
    InboundCase("canceled", status("canceled"), [Receipt("sms", SID, "failed", NOON)]),
    InboundCase("queued", status("queued"), [Ignored("status-on-the-way")]),
    InboundCase("sending", status("sending"), [Ignored("status-on-the-way")]),
    InboundCase("a status of tomorrow", status("beamed"), [Ignored("status-unknown")]),
    InboundCase("a code that is none", status("failed", ErrorCode="x; y"), [Receipt("sms", SID, "failed", NOON)]),
    InboundCase(
        "the attempt that it is about",
        signed(status_params(SID, "sent"), f"{STATUS}?attempt=attempt-1"),
        [Receipt("sms", SID, "sent", NOON, reference="attempt-1")],
    ),
    InboundCase(
        "an attempt that somebody put there",
        signed(status_params(SID, "sent"), f"{STATUS}?attempt=attempt-2", f"{STATUS}?attempt=attempt-1"),
        None,
    ),
    InboundCase("a receipt with a wrong signature", signed(status_params(SID, "read"), STATUS, HOOK), None),
]


def message(**changes: object) -> Outbound:
    return Outbound(**({"channel": "sms", "address": PERSON, "text": WORDS, "reference": "attempt-1"} | changes))


BARE = {"To": PERSON, "Body": WORDS, "From": "+447700900000", "SmartEncoded": "false"}
PLAIN = BARE | {"StatusCallback": f"{STATUS}?attempt=attempt-1"}
AGAIN = {"retryable": True}
MAYBE = {"retryable": True, "unknown": True}
STOP = {"tell_staff": True}
OURS = {"elsewhere": True}
OTHER_SIDE = "+447700900001 said are you there"

REQUESTS = [
    OutboundCase("plain", message(), PLAIN),
    OutboundCase("any script", message(text="żółw 🐢 &=+"), PLAIN | {"Body": "żółw 🐢 &=+"}),
    OutboundCase("any reference", message(reference="a&b c"), PLAIN | {"StatusCallback": f"{STATUS}?attempt=a%26b+c"}),
    OutboundCase("held for 90 s", message(validity=timedelta(seconds=90.9)), PLAIN | {"ValidityPeriod": "90"}),
    OutboundCase("held for a second", message(validity=timedelta(seconds=1)), PLAIN | {"ValidityPeriod": "1"}),
    OutboundCase(
        "held no longer than ten hours", message(validity=timedelta(days=2)), PLAIN | {"ValidityPeriod": "36000"}
    ),
    OutboundCase("too late to send", message(validity=timedelta(seconds=0.5)), None, fails={"code": "too-late"}),
    OutboundCase("long past", message(validity=timedelta(days=-1)), None, fails={"code": "too-late"}),
    OutboundCase(
        "a Messaging Service picks the sender",
        message(),
        {name: value for name, value in PLAIN.items() if name != "From"} | {"MessagingServiceSid": SERVICE},
        settings={"messaging_service_sid": SERVICE, "sms_from": ""},
    ),
    OutboundCase(
        "a Messaging Service with one sender of it",
        message(),
        PLAIN | {"MessagingServiceSid": SERVICE},
        settings={"messaging_service_sid": SERVICE},
    ),
    OutboundCase(
        "no public URL, no status callback",
        message(),
        BARE,
        settings={"public_url": ""},
    ),
    OutboundCase(
        "nothing is kept at Twilio",
        message(),
        PLAIN | {"ContentRetention": "discard", "AddressRetention": "obfuscate"},
        settings={"content_retention": "discard", "address_retention": "obfuscate"},
    ),
    *(
        OutboundCase(
            f"not a number: {address!r}", message(address=address), None, fails={"code": "not-a-phone-number"} | STOP
        )
        for address in ("+", "07700900001", f"whatsapp:{PERSON}", f"{PERSON}\n", "+44 7700 900001", "somebody")
    ),
]

FAILURES = [
    OutboundCase(
        "rate limited, and told for how long",
        message(),
        PLAIN,
        [Fault.RATE_LIMITED],
        {"code": "twilio-429", "retry_after": timedelta(seconds=3)} | AGAIN | OURS,
    ),
    OutboundCase(
        "rate limited without a number of seconds",
        message(),
        PLAIN,
        [Refusal(21611, 429, OTHER_SIDE)],
        {"code": "twilio-429"} | AGAIN | OURS,
    ),
    OutboundCase("broken, by its own word", message(), PLAIN, [Fault.BROKEN], {"code": "twilio-20500"} | AGAIN | OURS),
    OutboundCase("out of service", message(), PLAIN, [Fault.UNAVAILABLE], {"code": "twilio-20503"} | AGAIN | OURS),
    OutboundCase("a gateway's word may hide a yes", message(), PLAIN, [Fault.GATEWAY], {"code": "twilio-502"} | MAYBE),
    OutboundCase("shut for a while", message(), PLAIN, [Fault.MAINTENANCE], {"code": "twilio-503"} | AGAIN | OURS),
    OutboundCase("sent elsewhere, we do not go", message(), PLAIN, [Fault.REDIRECT], {"code": "twilio-307"} | STOP),
    OutboundCase("never an answer", message(), PLAIN, [Fault.SILENT], {"code": "twilio-timeout"} | MAYBE),
    OutboundCase("taken, no answer", message(), PLAIN, [Fault.SILENT_AFTER_TAKING], {"code": "twilio-timeout"} | MAYBE),
    OutboundCase("dropped", message(), PLAIN, [Fault.DROP_BEFORE_TAKING], {"code": "twilio-dropped"} | MAYBE),
    OutboundCase("taken, dropped", message(), PLAIN, [Fault.DROP_AFTER_TAKING], {"code": "twilio-dropped"} | MAYBE),
    OutboundCase("taken, garbled", message(), PLAIN, [Fault.GARBAGE_AFTER_TAKING], {"code": "twilio-garbled"} | MAYBE),
    OutboundCase("taken twice", message(), PLAIN, [Fault.TAKE_TWICE]),
    OutboundCase(
        "a wrong token", message(), PLAIN, fails={"code": "twilio-20003"} | STOP | OURS, settings={"auth_token": "no"}
    ),
    *(
        OutboundCase(
            f"refused with {code}",
            message(),
            PLAIN,
            [Refusal(code, http, OTHER_SIDE)],
            {"code": f"twilio-{code}"} | flags,
        )
        for code, http, flags in [
            (21211, 400, STOP),
            (21408, 403, STOP),
            (21610, 400, STOP | {"blocked": True}),
            (21612, 400, STOP),
            (21614, 400, STOP),
            (21635, 400, STOP),
            (30001, 400, AGAIN),
            (30003, 400, AGAIN),
            (30004, 400, STOP),
            (30005, 400, STOP),
            (30006, 400, STOP),
            (30007, 400, STOP),
            (30008, 400, AGAIN),
            (99999, 400, STOP),
        ]
    ),
]
