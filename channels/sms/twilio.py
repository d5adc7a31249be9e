"""SMS by Twilio: signed webhooks in, its REST API out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from channels.contract import Accepted, CannotSay, Found, Item, NotFound, Outbound, RawRequest, SendError
from channels.sms.account import EMPTY_TWIML, TWIML_TYPE, TwilioAccount, TwilioSettings
from channels.sms.webhook import E164, MESSAGE_ID, SMS, Reader, read_request, read_sms

__all__ = ["EMPTY_TWIML", "TWIML_TYPE", "TwilioSettings", "TwilioSms"]

STATUS_PATH = "/hooks/twilio/status"


class TwilioSms:
    """Receiver, Sender, Lookup and Redactor for text messages. `readers` are those of other channels that may come to
    the same address."""

    name = SMS

    def __init__(self, settings: TwilioSettings, readers: Mapping[str, Reader] | None = None) -> None:
        self._settings, self._account = settings, TwilioAccount(settings)
        self._readers = {SMS: read_sms, **(readers or {})}
        self.verify, self.redact, self.close = self._account.verify, self._account.redact, self._account.close

    def owns(self, provider_id: str) -> bool:
        """Whether an id is one of Twilio's."""
        return bool(MESSAGE_ID.fullmatch(provider_id))

    def parse(self, request: RawRequest) -> Sequence[Item]:
        """What a request says. Raises ValueError for a body that Twilio would not send."""
        return read_request(request, self._readers)

    async def send(self, message: Outbound) -> Accepted:
        """Create the message at Twilio, once. Raises SendError."""
        if not E164.fullmatch(message.address):
            raise SendError("not-a-phone-number", tell_staff=True)
        return await self._account.create(
            {
                "to": message.address,
                "body": message.text,
                "from_": self._settings.sms_from,
                "messaging_service_sid": self._settings.messaging_service_sid,
                "smart_encoded": False,  # a text that the provider rewrites is not the one that was reviewed
                **self._account.common(message.reference, message.validity, STATUS_PATH),
            }
        )

    async def find(
        self, message: Outbound, since: datetime, known: Collection[str] = ()
    ) -> Found | NotFound | CannotSay:
        """Ask Twilio whether it took `message` at or after `since` (UTC)."""
        return await self._account.find(message.address, message.text, since, known)
