"""The tables of the WhatsApp adapter."""

import json
from collections.abc import Mapping
from datetime import timedelta

from channels.contract import Blocked, Ignored, Inbound, Outbound, RawRequest, Receipt
from safety.types import Kind
from safety.whatsapp import TEMPLATES
from tests.channels.runner import InboundCase, OutboundCase
from tests.peers.signing import NOON, inbound_params, signed_request, status_params
from tests.peers.twilio_peer import Fault, Refusal

TOKEN = "token-of-the-service"
PUBLIC = "https://door.example.org"
HOOK = f"{PUBLIC}/hooks/whatsapp"
STATUS = f"{PUBLIC}/hooks/whatsapp/status"
PERSON = "+447700900001"
NAMELESS = "GB.13491208655302741918"
SID = "SM" + "1" * 32
LINE_SID, BUTTONS_SID, LIST_SID = ("HX" + digit * 32 for digit in "345")
WORDS = "are you there"
LINE = TEMPLATES[Kind.PRACTITIONER]
PROFILE = {"ProfileName": "Jo Bloggs", "WaId": "447700900001"}


def text(sender: str = f"whatsapp:{PERSON}", words: str = WORDS, **extra: str) -> RawRequest:
    params = inbound_params(sender, words, SID, **{"To": "whatsapp:+447700900000", **PROFILE, **extra})
    return signed_request(HOOK, params, TOKEN)


def received(words: str = WORDS, address: str = PERSON, kind: str = "message", **payload: str) -> list[Inbound]:
    kept = {"To": "whatsapp:+447700900000", "NumMedia": "0", "NumSegments": "1"} | payload
    return [Inbound("whatsapp", address, SID, words, NOON, kept, kind)]  # type: ignore[arg-type]  # one of the kinds


def status(value: str, recipient: str = PERSON, **extra: str) -> RawRequest:
    params = status_params(SID, value, f"whatsapp:{recipient}", ChannelPrefix="whatsapp", **extra)
    return signed_request(f"{STATUS}?attempt=7", params, TOKEN)


def receipt(value: str, code: str = "", *, again: bool = False) -> Receipt:
    return Receipt("whatsapp", SID, value, NOON, code, "7", again)


SENDERS = [
    InboundCase("a number", text(), received()),
    InboundCase("a user id that is no number", text(f"whatsapp:{NAMELESS}"), received(address=NAMELESS)),
    InboundCase(
        "a parent's user id",
        text("whatsapp:GB.ENT.11815799212886844830"),
        received(address="GB.ENT.11815799212886844830"),
    ),
    InboundCase(
        "no number, and the id beside it",
        text("whatsapp:", ExternalUserIdentifier=NAMELESS),
        received(address=NAMELESS),
    ),
    InboundCase("both: the number stays the contact point", text(ExternalUserIdentifier=NAMELESS), received()),
    InboundCase("a username, which cannot be answered", text("whatsapp:@jo"), [Ignored("sender-cannot-be-answered")]),
    InboundCase("a number without its plus", text("whatsapp:447700900001"), [Ignored("sender-cannot-be-answered")]),
    InboundCase("a text message at the same address", text(PERSON), [Ignored("channel-not-in-use")]),
    InboundCase("another app at the same address", text("messenger:123456"), [Ignored("channel-not-in-use")]),
    InboundCase(
        "signed with another token", signed_request(HOOK, inbound_params(f"whatsapp:{PERSON}", "a", SID), "x"), None
    ),
]

MESSAGES = [
    InboundCase(
        "a button: what was pressed counts as said",
        text(words="Not now", ButtonText="Not now", ButtonPayload="2"),
        received("Not now", ButtonText="Not now", ButtonPayload="2"),
    ),
    InboundCase(
        "a button without a body",
        text(words="", ButtonText="Not now", ButtonPayload="2"),
        received("Not now", ButtonText="Not now", ButtonPayload="2"),
    ),
    InboundCase(
        "a line of a list",
        text(words="", ListId="3", ListTitle="Not sure", MessageType="interactive"),
        received("Not sure", ListId="3", ListTitle="Not sure", MessageType="interactive"),
    ),
    InboundCase(
        "a reaction stays one",
        text(words="👍", MessageType="reaction", OriginalRepliedMessageSid="SM" + "2" * 32),
        received("👍", kind="reaction", MessageType="reaction", OriginalRepliedMessageSid="SM" + "2" * 32),
    ),
    InboundCase("an edit stays one", text(MessageType="edit"), received(kind="edit", MessageType="edit")),
    InboundCase(
        "an answer to one message is a message",
        text(OriginalRepliedMessageSid="SM" + "2" * 32, OriginalRepliedMessageSender="whatsapp:+447700900000"),
        received(OriginalRepliedMessageSid="SM" + "2" * 32),
    ),
    InboundCase(
        "a place: that something came, not where it is",
        text(words="", Latitude="50.8", Longitude="-0.4", Address="1 High Street", Label="Home"),
        received("", NumMedia="1"),
    ),
    InboundCase(
        "a voice message: that it came, not where it lies",
        text(words="", NumMedia="1", MediaContentType0="audio/ogg", MediaUrl0="https://api.twilio.com/voice"),
        received("", NumMedia="1", MediaContentType0="audio/ogg"),
    ),
    InboundCase(
        "STOP, which Twilio has answered", text(words="STOP", OptOutType="STOP"), received("STOP", OptOutType="STOP")
    ),
    InboundCase("what Twilio adds tomorrow", text(Brandnew="x", ChannelMetadata='{"a": 1}'), received()),
]

RECEIPTS = [
    InboundCase("delivered", status("delivered"), [receipt("delivered")]),
    InboundCase("read", status("read", EventType="READ"), [receipt("read")]),
    InboundCase(
        "blocked by the person",
        status("failed", ErrorCode="63014"),
        [receipt("failed", "63014"), Blocked("whatsapp", PERSON, NOON)],
    ),
    InboundCase(
        "blocked by a person without a number",
        status("failed", NAMELESS, ErrorCode="63014"),
        [receipt("failed", "63014"), Blocked("whatsapp", NAMELESS, NOON)],
    ),
    InboundCase(
        "outside the window", status("undelivered", ErrorCode="63016"), [receipt("failed", "63016", again=True)]
    ),
    InboundCase("not on WhatsApp", status("undelivered", ErrorCode="63024"), [receipt("failed", "63024")]),
    InboundCase("a template that was paused", status("failed", ErrorCode="63041"), [receipt("failed", "63041")]),
    InboundCase("queued", status("queued"), [Ignored("status-on-the-way")]),
]


def message(**changes: object) -> Outbound:
    usual = {"channel": "whatsapp", "address": PERSON, "text": WORDS, "reference": "7"}
    return Outbound(**(usual | changes))  # type: ignore[arg-type]  # a table of fields


ENDS = {"To": f"whatsapp:{PERSON}", "From": "whatsapp:+447700900000", "StatusCallback": f"{STATUS}?attempt=7"}
PLAIN = ENDS | {"Body": WORDS}
AS_LINE = ENDS | {"ContentSid": LINE_SID}
MENUS = {"menus": {"buttons_2": BUTTONS_SID, "list_4": LIST_SID}}
TWO, FOUR, LONG = ("Yes", "Not now"), ("One", "Two", "Three", "Four"), ("Yes", "Not sure who sees this phone")


def numbered(choices: tuple[str, ...], also: str = "") -> str:
    return WORDS + "".join(f"\n{place} {title}" for place, title in enumerate(choices, start=1)) + also


def menu(sid: str, *holes: str) -> Mapping[str, str]:
    variables = json.dumps({str(place): words for place, words in enumerate(holes, start=1)}, ensure_ascii=False)
    return ENDS | {"ContentSid": sid, "ContentVariables": variables}


REQUESTS = [
    OutboundCase("free words", message(), PLAIN),
    OutboundCase("to a user id", message(address=NAMELESS), PLAIN | {"To": f"whatsapp:{NAMELESS}"}),
    OutboundCase("held for 90 s", message(validity=timedelta(seconds=90)), PLAIN | {"ValidityPeriod": "90"}),
    OutboundCase("too late", message(validity=timedelta(0)), None, fails={"code": "too-late"}),
    OutboundCase("an approved line", message(text=LINE, template="practitioner"), AS_LINE),
    OutboundCase(
        "a kind without a template",
        message(text=TEMPLATES[Kind.REMINDER], template="reminder"),
        None,
        fails={"code": "template-missing", "tell_staff": True},
    ),
    OutboundCase(
        "a template with other words than were judged",
        message(text="Something else.", template="practitioner"),
        None,
        fails={"code": "template-other-words", "tell_staff": True},
    ),
    OutboundCase(
        "choices without content stay numbers", message(text=numbered(TWO), choices=TWO), ENDS | {"Body": numbered(TWO)}
    ),
    OutboundCase(
        "two choices as buttons",
        message(text=numbered(TWO), choices=TWO),
        menu(BUTTONS_SID, WORDS, *TWO),
        settings=MENUS,
    ),
    OutboundCase(
        "four choices as a list",
        message(text=numbered(FOUR), choices=FOUR),
        menu(LIST_SID, WORDS, *FOUR),
        settings=MENUS,
    ),
    OutboundCase(
        "a title too long for either stays a number",
        message(text=numbered(LONG), choices=LONG),
        ENDS | {"Body": numbered(LONG)},
        settings=MENUS,
    ),
    OutboundCase(
        "words behind the numbers stay in their place",
        message(text=numbered(TWO, "\n0 a person"), choices=TWO),
        ENDS | {"Body": numbered(TWO, "\n0 a person")},
        settings=MENUS,
    ),
    *(
        OutboundCase(
            f"not an address: {address!r}",
            message(address=address),
            None,
            fails={"code": "not-a-whatsapp-address", "tell_staff": True},
        )
        for address in ("+", "@jo", f"whatsapp:{PERSON}", f"{PERSON}\n", "GB.", "gb.123")
    ),
]

AGAIN, MAYBE, STOP = {"retryable": True}, {"retryable": True, "unknown": True}, {"tell_staff": True}
FAILURES = [
    OutboundCase(
        "rate limited",
        message(),
        PLAIN,
        [Fault.RATE_LIMITED],
        {"code": "twilio-429", "elsewhere": True, "retry_after": timedelta(seconds=3)} | AGAIN,
    ),
    OutboundCase("broken", message(), PLAIN, [Fault.BROKEN], {"code": "twilio-20500", "elsewhere": True} | AGAIN),
    OutboundCase("taken, no answer", message(), PLAIN, [Fault.SILENT_AFTER_TAKING], {"code": "twilio-timeout"} | MAYBE),
    OutboundCase("taken, dropped", message(), PLAIN, [Fault.DROP_AFTER_TAKING], {"code": "twilio-dropped"} | MAYBE),
    OutboundCase("taken twice", message(), PLAIN, [Fault.TAKE_TWICE]),
    *(
        OutboundCase(f"refused with {code}", message(), PLAIN, [Refusal(code)], {"code": f"twilio-{code}"} | flags)
        for code, flags in [
            (63014, STOP | {"blocked": True}),
            (63016, AGAIN),
            (63018, AGAIN),
            (63024, STOP),
            (63041, STOP),
            (63999, STOP),
        ]
    ),
]
