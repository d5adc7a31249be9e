"""The invented phone company: posts to our own webhooks exactly as Twilio does, signed, over HTTP."""

import asyncio
import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]  # twilio ships no types

SECONDS = 10.0
"""How long the webhook may take, as with Twilio about."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the server listens, and the public address that a signature is made for."""

    host: str
    port: int
    public_url: str
    account_sid: str
    token: str = field(repr=False)
    our_number: str

    async def text(self, number: str, words: str) -> bool:
        """Somebody texts us; whether the webhook took it."""
        sid = new_message_id()
        fields = {"MessageSid": sid, "SmsSid": sid, "SmsStatus": "received", "NumMedia": "0", "NumSegments": "1"}
        return await self._post("/hooks/sms", fields | {"From": number, "To": self.our_number, "Body": words})

    async def receipt(self, message_id: str, number: str, status: str) -> bool:
        """What became of a message of ours; whether the webhook took it."""
        fields = {"MessageSid": message_id, "SmsSid": message_id, "MessageStatus": status, "SmsStatus": status}
        return await self._post("/hooks/twilio/status", fields | {"From": self.our_number, "To": number})

    async def _post(self, path: str, fields: Mapping[str, str]) -> bool:
        whole = dict(fields) | {"AccountSid": self.account_sid, "ApiVersion": "2010-04-01"}
        signature = str(RequestValidator(self.token).compute_signature(self.public_url + path, whole))
        try:
            return await asyncio.to_thread(self._send, path, urlencode(whole).encode(), signature) == 200
        except OSError:
            return False

    def _send(self, path: str, body: bytes, signature: str) -> int:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=SECONDS)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()


def new_message_id() -> str:
    """A message id as Twilio makes them."""
    return f"SM{secrets.token_hex(16)}"
