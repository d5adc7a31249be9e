"""One account at Twilio, shared by the channels that go over it: the signature, calls off the loop, receipts."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from channels.contract import Accepted, CannotSay, Found, NotFound, RawRequest, SendError
from channels.sms.signature import is_signed
from channels.sms.threads import OffLoop
from channels.sms.webhook import ATTEMPT

if TYPE_CHECKING:
    from channels.sms.rest import TwilioRest

# The whole answer to a webhook: replies go out through the API, so that each passes the gate and has an attempt.
EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
TWIML_TYPE = "text/xml"
LONGEST_VALIDITY = timedelta(hours=10)


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


class TwilioAccount:
    """The calls to Twilio, each in a thread of its own, and what every message by Twilio carries."""

    def __init__(self, settings: TwilioSettings) -> None:
        self._settings, self._off_loop = settings, OffLoop("twilio", settings.timeout)
        self.call, self.close = self._off_loop.call, self._off_loop.close

    def verify(self, request: RawRequest) -> bool:
        """Whether Twilio signed this request for the URL it came to (R22)."""
        return is_signed(request, self._settings.auth_token)

    async def create(self, fields: dict[str, Any]) -> Accepted:
        """Create a message, once, from the parameters that are set. Raises SendError."""
        given = {name: value for name, value in fields.items() if value not in ("", None)}
        return Accepted(await self.call(lambda: self.rest.create(**given)))

    def common(self, reference: str, validity: timedelta | None, status_path: str) -> dict[str, Any]:
        """The parameters that every message has. Raises SendError when it is too late."""
        settings = self._settings
        return {
            "status_callback": self._status_url(status_path, reference),
            "validity_period": validity_seconds(validity),
            "content_retention": settings.content_retention,
            "address_retention": settings.address_retention,
        }

    async def find(
        self, address: str, text: str, since: datetime, known: Collection[str]
    ) -> Found | NotFound | CannotSay:
        """Ask Twilio whether it took these words at or after `since` (UTC); a network that fails is a CannotSay."""
        try:
            answer = await self.call(lambda: self.rest.find(address, text, since, known))
        except SendError:
            return CannotSay()
        if isinstance(answer, NotFound) and self._settings.address_retention == "obfuscate":
            return CannotSay()  # the filter by number does not see a number that Twilio has already masked
        return answer

    async def redact(self, provider_id: str) -> None:
        """Blank the words that Twilio keeps of a message (R27). Raises SendError."""
        await self.call(lambda: self.rest.redact(provider_id))

    @cached_property
    def rest(self) -> "TwilioRest":
        """Twilio's client, imported on first use."""
        from channels.sms.rest import TwilioRest

        settings = self._settings
        return TwilioRest(settings.account_sid, settings.auth_token, settings.api_base, settings.timeout)

    def _status_url(self, path: str, reference: str) -> str:
        """Where Twilio reports on one attempt; it may do so before we have written down the id that it gave."""
        base = self._settings.public_url.rstrip("/")
        return f"{base}{path}?{urlencode({ATTEMPT: reference})}" if base else ""


def validity_seconds(validity: timedelta | None) -> int | None:
    """How long Twilio may queue the message, in whole seconds, 1 to 36,000 (R8). Raises SendError when none is left."""
    if validity is None:
        return None
    seconds = int(min(validity, LONGEST_VALIDITY).total_seconds())
    if seconds < 1:
        raise SendError("too-late")
    return seconds
