"""SMS by Twilio: signed webhooks in, its REST API out."""

import asyncio
import re
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from channels.contract import (
    Accepted,
    CannotSay,
    Found,
    Ignored,
    Inbound,
    Item,
    NotFound,
    Outbound,
    RawRequest,
    Receipt,
    SendError,
)
from channels.sms.signature import Form, is_signed, read_form

if TYPE_CHECKING:
    from channels.sms.rest import TwilioRest

T = TypeVar("T")

# The whole answer to a webhook: replies go out through the API, so that each passes the gate and has an attempt.
EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
TWIML_TYPE = "text/xml"

STATUS_PATH = "/hooks/twilio/status"
ATTEMPT = "attempt"
LONGEST_VALIDITY = timedelta(hours=10)
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

# What may be kept of an inbound message beside its words. Links to media and any place are left out on purpose (R28).
KEPT = (
    "To",
    "MessagingServiceSid",
    "OptOutType",
    "NumMedia",
    "NumSegments",
    "MediaContentType0",
    "ButtonText",
    "ButtonPayload",
    "OriginalRepliedMessageSid",
)


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """One Twilio account. `timeout` is in seconds; `public_url` is where Twilio reaches us, without a path.

    An empty `auth_token` switches the webhook off. With `messaging_service_sid` the service picks the sender, or takes
    `sms_from` if that is given too and belongs to it. `content_retention` and `address_retention` are account features
    that Twilio has to switch on first (R27).
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sms_from: str = ""
    messaging_service_sid: str = ""
    api_base: str = ""
    public_url: str = ""
    timeout: float = 10.0
    content_retention: Literal["", "retain", "discard"] = ""
    address_retention: Literal["", "retain", "obfuscate"] = ""


class TwilioSms:
    """Receiver, Sender, Lookup and Redactor for text messages."""

    name = "sms"

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings = settings
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="twilio")

    def verify(self, request: RawRequest) -> bool:
        """Whether Twilio signed this request for the URL it came to (R22)."""
        return is_signed(request, self._settings.auth_token)

    def parse(self, request: RawRequest) -> Sequence[Item]:
        """One item: a message, a receipt, or why neither. Raises ValueError for a body that Twilio would not send."""
        form = read_form(request)
        provider_id = form.first("MessageSid") or form.first("SmsSid")
        if not MESSAGE_ID.fullmatch(provider_id):
            raise ValueError("no message id")
        if form.first("MessageStatus"):
            return [self._receipt(form, provider_id, request)]
        return [self._inbound(form, provider_id, request.received_at)]

    async def send(self, message: Outbound) -> Accepted:
        """Create the message at Twilio, once. Raises SendError."""
        if not E164.fullmatch(message.address):
            raise SendError("not-a-phone-number", tell_staff=True)
        fields = self._fields(message)
        return Accepted(await self._off_loop(lambda: self._rest.create(**fields)))

    async def find(
        self, message: Outbound, since: datetime, known: Collection[str] = ()
    ) -> Found | NotFound | CannotSay:
        """Ask Twilio whether it took `message` at or after `since` (UTC); a network that fails is a CannotSay."""
        try:
            answer = await self._off_loop(lambda: self._rest.find(message.address, message.text, since, known))
        except SendError:
            return CannotSay()
        if isinstance(answer, NotFound) and self._settings.address_retention == "obfuscate":
            return CannotSay()  # the filter by number does not see a number that Twilio has already masked
        return answer

    async def redact(self, provider_id: str) -> None:
        """Blank the words that Twilio keeps of a message (R27). Raises SendError."""
        await self._off_loop(lambda: self._rest.redact(provider_id))

    def close(self) -> None:
        """Let go of the threads; a call under way ends at its timeout."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _rest(self) -> "TwilioRest":
        from channels.sms.rest import TwilioRest

        settings = self._settings
        return TwilioRest(settings.account_sid, settings.auth_token, settings.api_base, settings.timeout)

    async def _off_loop(self, call: Callable[[], T]) -> T:
        """Run a blocking call in a thread; one that answers drop by drop cannot hold us beyond two timeouts."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(2 * self._settings.timeout):
                return await loop.run_in_executor(self._threads, call)
        except TimeoutError:
            pass
        raise SendError("twilio-timeout", retryable=True, unknown=True)

    def _fields(self, message: Outbound) -> dict[str, Any]:
        """The parameters of one message, without those that are not set. Raises SendError when it is too late."""
        settings = self._settings
        fields = {
            "to": message.address,
            "body": message.text,
            "from_": settings.sms_from,
            "messaging_service_sid": settings.messaging_service_sid,
            "status_callback": self._status_url(message.reference),
            "validity_period": _validity_seconds(message.validity),
            "content_retention": settings.content_retention,
            "address_retention": settings.address_retention,
        }
        return {name: value for name, value in fields.items() if value}

    def _status_url(self, reference: str) -> str:
        """Where Twilio reports on one attempt; it may do so before we have written down the id that it gave."""
        base = self._settings.public_url.rstrip("/")
        return f"{base}{STATUS_PATH}?{urlencode({ATTEMPT: reference})}" if base else ""

    def _receipt(self, form: Form, provider_id: str, request: RawRequest) -> Item:
        """What became of a message; the attempt is read from the URL, which the signature covers."""
        status = form.first("MessageStatus")
        if status not in RECEIPTS:
            return Ignored("status-on-the-way" if status in ON_THE_WAY else "status-unknown")
        code = form.first("ErrorCode")
        known_code = code if ERROR_CODE.fullmatch(code) else ""
        reference = dict(parse_qsl(urlsplit(request.url).query)).get(ATTEMPT, "")
        return Receipt(self.name, provider_id, RECEIPTS[status], request.received_at, known_code, reference)

    def _inbound(self, form: Form, provider_id: str, at: datetime) -> Item:
        """A message with its words; Twilio answers opt-out words itself and says so in OptOutType (3.2)."""
        address = form.first("From")
        if "Body" not in form or not address:
            raise ValueError("neither a message nor a status")
        if not E164.fullmatch(address):
            return Ignored("sender-not-a-phone-number")
        payload = {name: form.first(name) for name in KEPT if form.first(name)}
        return Inbound(self.name, address, provider_id, form.first("Body"), at, payload)


def _validity_seconds(validity: timedelta | None) -> int | None:
    """How long Twilio may queue the message, in whole seconds, 1 to 36,000 (R8). Raises SendError when none is left."""
    if validity is None:
        return None
    seconds = int(min(validity, LONGEST_VALIDITY).total_seconds())
    if seconds < 1:
        raise SendError("too-late")
    return seconds
