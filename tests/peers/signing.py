"""Requests as Twilio signs them, written out from its published rule and not with its library.

The rule: the URL, then every parameter name and value in order of name, HMAC-SHA1 with the token, in base64.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from channels.contract import RawRequest

Params = Mapping[str, str | Sequence[str]]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def twilio_signature(url: str, params: Params, token: str) -> str:
    """The value of X-Twilio-Signature for a form post to `url`."""
    pairs = sorted({(name, value) for name, values in params.items() for value in _each(values)})
    signed = url + "".join(name + value for name, value in pairs)
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def signed_request(
    url: str, params: Params, token: str, *, signed_url: str | None = None, received_at: datetime = NOON
) -> RawRequest:
    """A form post that arrives as `url`; give `signed_url` where Twilio signed another one."""
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "x-twilio-signature": twilio_signature(signed_url or url, params, token),
    }
    return RawRequest(url, headers, urlencode(params, doseq=True).encode(), received_at)


def inbound_params(sender: str, text: str, sid: str, **extra: str) -> dict[str, str]:
    """The parameters of a text message as Twilio posts them."""
    return {
        "ToCountry": "GB",
        "ToState": "",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": text,
        "FromCountry": "GB",
        "To": "+447700900000",
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": "AC" + "0" * 32,
        "From": sender,
        "ApiVersion": "2010-04-01",
    } | extra


def status_params(sid: str, status: str, recipient: str = "+447700900001", **extra: str) -> dict[str, str]:
    """The parameters of a status callback; add `ErrorCode` where it failed."""
    return {
        "SmsSid": sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": recipient,
        "MessageSid": sid,
        "AccountSid": "AC" + "0" * 32,
        "From": "+447700900000",
        "ApiVersion": "2010-04-01",
    } | extra


def _each(values: str | Sequence[str]) -> Sequence[str]:
    return [values] if isinstance(values, str) else values
