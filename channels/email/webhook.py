"""Mail by webhook: a whole mail in a signed request, in Sidedoor's own form or in Mailgun's.

Sidedoor's own: the body is the mail as it came (`message/rfc822`), and the header `X-Sidedoor-Signature` is
`t=<seconds since 1970>,v1=<hex>`: the HMAC-SHA256, with the shared secret, of the time, a full stop and the body.
Mailgun's: a form whose `signature` is the HMAC-SHA256 of `timestamp` and `token`. It does not cover the mail, so it is
only as good as the line it came by.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import parse_qsl

from python_multipart.multipart import Field, create_form_parser

from channels.contract import Item, RawRequest
from channels.email.mail import read_mail
from channels.email.settings import MailSettings

SIGNATURE_HEADER = "x-sidedoor-signature"
SIGNATURE = re.compile(r"t=(?P<time>[0-9]{1,12}),v1=(?P<mac>[0-9a-f]{64})", re.ASCII)
WHOLE_MAIL = "message/rfc822"
FRESH = timedelta(hours=9)
"""How old a signature may be: Mailgun tries again for eight hours. A replay in that time is a duplicate (R22)."""
CLOCKS_DIFFER = timedelta(minutes=5)
MOST_FIELDS = 100


class MailReceiver:
    """Receiver for mail by webhook."""

    name = "email"

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    def verify(self, request: RawRequest) -> bool:
        """Whether the relay or Mailgun made this request, not long ago (R22)."""
        if _media_type(request) == WHOLE_MAIL:
            return self._is_ours(request)
        try:
            return self._is_mailguns(request)
        except ValueError:
            return False

    def parse(self, request: RawRequest) -> Sequence[Item]:
        """One item. Raises ValueError, with no word of the mail in it, where there is no mail in the request."""
        mail = request.body if _media_type(request) == WHOLE_MAIL else _form(request).get("body-mime", b"")
        if not mail.strip():
            raise ValueError("no mail in the request")
        return [read_mail(mail, request.received_at, self._settings.address, self._settings.server)]

    def _is_ours(self, request: RawRequest) -> bool:
        found = SIGNATURE.fullmatch(request.headers.get(SIGNATURE_HEADER, ""))
        if not found or not self._settings.hook_secret or not _is_fresh(found["time"], request):
            return False
        signed = found["time"].encode() + b"." + request.body
        return _is_mac(found["mac"], self._settings.hook_secret, signed)

    def _is_mailguns(self, request: RawRequest) -> bool:
        form = _form(request)
        time, token, mac = (form.get(name, b"") for name in ("timestamp", "token", "signature"))
        if not (self._settings.mailgun_key and token) or not _is_fresh(time.decode("ascii"), request):
            return False
        return _is_mac(mac.decode("ascii"), self._settings.mailgun_key, time + token)


def _is_mac(given: str, secret: str, signed: bytes) -> bool:
    return hmac.compare_digest(given, hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest())


def _is_fresh(seconds: str, request: RawRequest) -> bool:
    if not seconds.isdigit():
        return False
    age = timedelta(seconds=request.received_at.timestamp() - int(seconds))
    return -CLOCKS_DIFFER <= age <= FRESH


def _form(request: RawRequest) -> dict[str, bytes]:
    """The fields of a form, as the bytes they came as; files are passed over. Raises ValueError."""
    if _media_type(request) == "application/x-www-form-urlencoded":
        pairs = parse_qsl(
            request.body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=MOST_FIELDS
        )
        return {name: value.encode("latin-1") for name, value in pairs}
    try:
        return _multipart(request)
    except ValueError:
        pass
    raise ValueError("form cannot be read")


def _multipart(request: RawRequest) -> dict[str, bytes]:
    """The fields of a form in parts. Raises ValueError."""
    fields: dict[str, bytes] = {}

    def keep(field: Field) -> None:
        if field.field_name and field.value is not None and len(fields) < MOST_FIELDS:
            fields[field.field_name.decode("latin-1")] = field.value

    headers = {"Content-Type": request.headers.get("content-type", "").encode()}
    # nothing is written to the disk: what came is in memory already, and no larger than the door lets in
    parser = create_form_parser(
        headers, keep, lambda _file: None, config={"MAX_MEMORY_FILE_SIZE": len(request.body) + 1}
    )
    parser.write(request.body)
    parser.finalize()
    return fields


def _media_type(request: RawRequest) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().casefold()
