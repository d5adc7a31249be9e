"""A WhatsApp message as Twilio posts it: words, a button, a line of a list, a reaction or an edit."""

from datetime import datetime
from typing import Literal

from channels.contract import Ignored, Inbound, Item
from channels.sms.signature import Form
from channels.sms.webhook import kept
from channels.whatsapp.address import read_address

NAME = "whatsapp"
USER_ID = "ExternalUserIdentifier"
"""Where Twilio puts a business-scoped user id beside `From`, by its changelog of 20 July 2026. Verify before use."""
Kind = Literal["message", "edit", "reaction"]
KINDS: dict[str, Kind] = {"reaction": "reaction", "edit": "edit", "edited": "edit"}
"""`MessageType` of what is no new answer. Verify before use: Twilio may not pass them on at all."""


def read_whatsapp(form: Form, provider_id: str, at: datetime) -> Item:
    """One message; what was pressed counts as said, for it is what the person saw."""
    address = read_address(form.first("From"), form.first(USER_ID))
    if address is None:
        return Ignored("sender-cannot-be-answered")
    said = form.first("Body") or form.first("ButtonText") or form.first("ListTitle")
    kind: Kind = KINDS.get(form.first("MessageType"), "message")
    return Inbound(NAME, address, provider_id, said, at, kept(form), kind)
