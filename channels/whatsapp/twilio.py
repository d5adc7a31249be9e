"""WhatsApp by Twilio: free words inside the window, an approved template outside it. Which of the two the gate says."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from channels.contract import Accepted, CannotSay, Found, Item, NotFound, Outbound, RawRequest, SendError
from channels.sms.account import TwilioAccount, TwilioSettings
from channels.sms.webhook import Reader, read_request
from channels.whatsapp.address import PREFIX, is_address
from channels.whatsapp.inbound import NAME, read_whatsapp
from channels.whatsapp.menus import menu_fields
from channels.whatsapp.templates import Template, Templates

STATUS_PATH = "/hooks/whatsapp/status"


@dataclass(frozen=True, slots=True)
class WhatsAppSettings:
    """The sender, as +44..., and the content that the service has made at Twilio.

    `templates`: by kind of message (`practitioner`, `reminder`, ...), approved by WhatsApp; `menus`: by `buttons_2`,
    `list_5`, with holes only.
    """

    account: TwilioSettings
    sender: str
    templates: Mapping[str, str] = field(default_factory=dict)
    menus: Mapping[str, str] = field(default_factory=dict)


class TwilioWhatsApp:
    """Receiver, Sender, Lookup and Redactor for WhatsApp. `readers` are those of other channels at the same address."""

    name = NAME

    def __init__(self, settings: WhatsAppSettings, readers: Mapping[str, Reader] | None = None) -> None:
        self._settings, self._account = settings, TwilioAccount(settings.account)
        self._readers = {**(readers or {}), NAME: read_whatsapp}
        self.templates = Templates(settings.templates, self._ask)
        self.verify, self.redact, self.close = self._account.verify, self._account.redact, self._account.close

    def parse(self, request: RawRequest) -> Sequence[Item]:
        """What a request says. Raises ValueError for a body that Twilio would not send."""
        return read_request(request, self._readers)

    async def send(self, message: Outbound) -> Accepted:
        """Create the message at Twilio, once. Raises SendError."""
        if not is_address(message.address):
            raise SendError("not-a-whatsapp-address", tell_staff=True)
        common = self._account.common(message.reference, message.validity, STATUS_PATH)
        said = await self._said(message)
        ends = {"to": PREFIX + message.address, "from_": PREFIX + self._settings.sender}
        return await self._account.create({**ends, **said, **common})

    async def find(
        self, message: Outbound, since: datetime, known: Collection[str] = ()
    ) -> Found | NotFound | CannotSay:
        """Ask Twilio whether it took `message` at or after `since` (UTC). What Twilio keeps of a menu are other words,
        so that one settles nothing unless it is found."""
        answer = await self._account.find(PREFIX + message.address, message.text, since, known)
        menu = menu_fields(message.text, message.choices, self._settings.menus)
        return CannotSay() if menu and isinstance(answer, NotFound) else answer

    async def _said(self, message: Outbound) -> dict[str, str]:
        """The words, a menu, or the template that goes in their place."""
        if message.template:
            return {"content_sid": await self.templates.approved(message.template, message.text)}
        return menu_fields(message.text, message.choices, self._settings.menus) or {"body": message.text}

    async def _ask(self, sid: str) -> Template:
        status, category, body = await self._account.call(lambda: self._account.rest.template(sid))
        return Template(status, category, body)
