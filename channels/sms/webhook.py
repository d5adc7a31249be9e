"""What a signed request from Twilio says: a message, a receipt, or why neither.

One address may hear several channels, for a Messaging Service has one address for all of its senders. So a request is
read by what stands before the sender's address: nothing for a text message, `whatsapp:`, and so on.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from channels.contract import Blocked, Ignored, Inbound, Item, RawRequest, Receipt
from channels.sms.errors import after_failure
from channels.sms.signature import Form, read_form

SMS = "sms"
ATTEMPT = "attempt"
E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
MESSAGE_ID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}", re.ASCII)
ERROR_CODE = re.compile(r"[0-9]{1,6}", re.ASCII)

# Statuses that end in a receipt; the others are steps on the way, and Twilio does not promise their order.
RECEIPTS = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
ON_THE_WAY = frozenset({"accepted", "scheduled", "queued", "sending"})

# What may be kept of an inbound message beside its words. Names, links to media and any place are left out on purpose
# (R28). A service that ever takes pictures has to fetch and clean them behind the intake: here is the seam.
KEPT = (
    "To",
    "MessagingServiceSid",
    "OptOutType",
    "NumMedia",
    "NumSegments",
    "MediaContentType0",
    "MessageType",
    "ButtonText",
    "ButtonPayload",
    "ListId",
    "ListTitle",
    "OriginalRepliedMessageSid",
)
PLACE = ("Latitude", "Longitude")

Reader = Callable[[Form, str, datetime], Item]
"""Makes an item of a message's form, its id and the time (UTC) it came. Raises ValueError."""


def read_request(request: RawRequest, readers: Mapping[str, Reader]) -> Sequence[Item]:
    """The items of a signed request; `readers` by channel. Raises ValueError for what Twilio would not send."""
    form = read_form(request)
    provider_id = form.first("MessageSid") or form.first("SmsSid")
    if not MESSAGE_ID.fullmatch(provider_id):
        raise ValueError("no message id")
    if form.first("MessageStatus"):
        return _receipts(form, provider_id, request)
    if "Body" not in form or not form.first("From"):
        raise ValueError("neither a message nor a status")
    reader = readers.get(channel_of(form.first("From")))
    return [reader(form, provider_id, request.received_at) if reader else Ignored("channel-not-in-use")]


def channel_of(address: str) -> str:
    """The channel that an address belongs to: what stands before its colon. RCS would come as `rcs:` one day."""
    prefix, colon, _ = address.partition(":")
    return prefix if colon else SMS


def without_channel(address: str) -> str:
    """An address as the house knows it: without what stands before its colon."""
    return address.partition(":")[2] or address


def read_sms(form: Form, provider_id: str, at: datetime) -> Item:
    """A text message; Twilio answers opt-out words itself and says so in OptOutType (3.2)."""
    address = form.first("From")
    if not E164.fullmatch(address):
        return Ignored("sender-not-a-phone-number")  # a word or a short code: nobody there could read an answer
    return Inbound(SMS, address, provider_id, form.first("Body"), at, kept(form))


def kept(form: Form) -> dict[str, str]:
    """What is kept beside the words. `NumMedia` counts what is refused; a place is refused as a picture is (R28)."""
    payload = {name: form.first(name) for name in KEPT if form.first(name)}
    return payload | ({"NumMedia": "1"} if any(form.first(name) for name in PLACE) else {})


def _receipts(form: Form, provider_id: str, request: RawRequest) -> Sequence[Item]:
    """What became of a message; the attempt is read from the URL, which the signature covers. A failure may also say
    that the person has shut this door."""
    status, to, at = form.first("MessageStatus"), form.first("To"), request.received_at
    if status not in RECEIPTS:
        return [Ignored("status-on-the-way" if status in ON_THE_WAY else "status-unknown")]
    code = form.first("ErrorCode")
    known_code = code if ERROR_CODE.fullmatch(code) and int(code) else ""
    fault = after_failure(known_code) if RECEIPTS[status] == "failed" else None
    attempt = dict(parse_qsl(urlsplit(request.url).query)).get(ATTEMPT, "")
    again = fault is not None and fault.retryable
    receipt = Receipt(channel_of(to), provider_id, RECEIPTS[status], at, known_code, attempt, again)
    return [receipt, Blocked(channel_of(to), without_channel(to), at)] if fault and fault.blocks else [receipt]
