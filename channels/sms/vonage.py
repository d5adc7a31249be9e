"""SMS by Vonage's Messages API: JSON webhooks signed with a token, and one call out.

The shapes are those of Vonage's published reference (developer.vonage.com: Messages API 1.x, "Webhooks", "Messages
API errors"); verify before use. It offers no look-up of one message and is only ever the second provider.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import jwt

from channels.contract import Accepted, Blocked, Ignored, Inbound, Item, Outbound, RawRequest, Receipt, SendError
from channels.sms.threads import OffLoop
from channels.sms.vonage_errors import after_failure
from channels.sms.webhook import E164, SMS

if TYPE_CHECKING:
    from channels.sms.vonage_rest import VonageRest

MESSAGE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
CODE = re.compile(r"\d{3,5}$", re.ASCII)
STATUS_PATH = "/hooks/vonage/status"
SHORTEST, LONGEST = timedelta(seconds=20), timedelta(days=7)
"""How long Vonage can be told to hold a text message."""
RECEIPTS = {
    "submitted": "sent",
    "delivered": "delivered",
    "read": "read",
    "rejected": "failed",
    "undeliverable": "failed",
}


@dataclass(frozen=True, slots=True)
class VonageSettings:
    """One application at Vonage. `sender` is the number that the first provider sends from; `timeout` is in seconds.

    `private_key` is a PEM and signs our calls; `signature_secret` checks theirs, and without it the webhook is off.
    """

    application_id: str
    private_key: str = field(repr=False)
    signature_secret: str = field(repr=False)
    sender: str
    api_base: str = ""
    public_url: str = ""
    timeout: float = 10.0


class VonageSms:
    """Receiver and Sender for text messages."""

    name = SMS

    def __init__(self, settings: VonageSettings) -> None:
        self._settings, self._off_loop = settings, OffLoop("vonage", settings.timeout)
        self.close = self._off_loop.close

    def owns(self, provider_id: str) -> bool:
        """Whether an id is one of Vonage's."""
        return bool(MESSAGE_ID.fullmatch(provider_id))

    def verify(self, request: RawRequest) -> bool:
        """Whether Vonage signed this very body (R22): a token with the hash of it, in the Authorization header."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not self._settings.signature_secret or scheme.lower() != "bearer":
            return False
        try:
            # a clock that differs, or the same request an hour later, is no forgery; the inbox knows replays
            claims = jwt.decode(
                token,
                self._settings.signature_secret,
                algorithms=["HS256"],
                options={"verify_iat": False, "verify_exp": False, "require": ["payload_hash"]},
            )
        except jwt.PyJWTError:
            return False
        return hmac.compare_digest(str(claims["payload_hash"]), hashlib.sha256(request.body).hexdigest())

    def parse(self, request: RawRequest) -> Sequence[Item]:
        """What a request says. Raises ValueError, with no word of the body in it, for what Vonage would not send."""
        said = _read_json(request.body)
        provider_id = str(said.get("message_uuid", ""))
        if not self.owns(provider_id):
            raise ValueError("no message id")
        return _receipts(said, provider_id, request) if "status" in said else [_inbound(said, provider_id, request)]

    async def send(self, message: Outbound) -> Accepted:
        """Offer the message to Vonage, once. Raises SendError."""
        if not E164.fullmatch(message.address):
            raise SendError("not-a-phone-number", tell_staff=True)
        body = self._body(message)
        return Accepted(await self._off_loop.call(lambda: self._rest.create(body)))

    def _body(self, message: Outbound) -> dict[str, Any]:
        settings, base = self._settings, self._settings.public_url.rstrip("/")
        body = {
            "message_type": "text",
            "channel": "sms",
            "to": message.address.removeprefix("+"),
            "from": settings.sender.removeprefix("+"),
            "text": message.text,
            "client_ref": message.reference,
            "ttl": _ttl(message.validity),
            "webhook_url": base and base + STATUS_PATH,
        }
        return {name: value for name, value in body.items() if value}

    @cached_property
    def _rest(self) -> "VonageRest":
        from channels.sms.vonage_rest import VonageRest

        settings = self._settings
        return VonageRest(settings.application_id, settings.private_key, settings.api_base, settings.timeout)


def _ttl(validity: timedelta | None) -> int | None:
    """How long Vonage may hold it, in whole seconds (R8). Raises SendError where less is left than it can be told."""
    if validity is None:
        return None
    if validity < SHORTEST:
        raise SendError("too-late")
    return int(min(validity, LONGEST).total_seconds())


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ValueError("body is no JSON object")
    return said


def _inbound(said: dict[str, Any], provider_id: str, request: RawRequest) -> Item:
    address = "+" + str(said.get("from", "")).removeprefix("+")
    if said.get("channel") != "sms":
        return Ignored("channel-not-in-use")
    if not E164.fullmatch(address):
        return Ignored("sender-not-a-phone-number")
    is_text = said.get("message_type") == "text"
    payload = {"To": "+" + str(said.get("to", "")).removeprefix("+"), "NumMedia": "0" if is_text else "1"}
    return Inbound(SMS, address, provider_id, str(said.get("text") or ""), request.received_at, payload)


def _receipts(said: dict[str, Any], provider_id: str, request: RawRequest) -> Sequence[Item]:
    status, error = str(said["status"]), said.get("error")
    if status not in RECEIPTS:
        return [Ignored("status-unknown")]
    shown = error if isinstance(error, dict) else {}
    found = CODE.search(str(shown.get("type", ""))) or CODE.search(str(shown.get("title", "")))
    code, failed = f"vonage-{found[0]}" if found else "", RECEIPTS[status] == "failed"
    fault, at = after_failure(code), request.received_at
    reference = str(said.get("client_ref") or "")
    receipt = Receipt(SMS, provider_id, RECEIPTS[status], at, code, reference, failed and fault.retryable)
    address = "+" + str(said.get("to", "")).removeprefix("+")
    return [receipt, Blocked(SMS, address, at)] if failed and fault.blocks else [receipt]
