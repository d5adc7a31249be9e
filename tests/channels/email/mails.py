"""Mails as they come in, put together from their heads and words."""

import hashlib
import hmac
from email.message import EmailMessage
from urllib.parse import urlencode

from channels.contract import RawRequest
from channels.email.settings import MailSettings
from tests.peers.signing import NOON

OURS = "hello@door.example.org"
HER = "ana@post.example.net"
SERVER = "mx.door.example.org"
SECRET = "a shared secret"
KEY = "a signing key"
SETTINGS = MailSettings(
    "smtp://127.0.0.1", "desk@door.example.org", OURS, hook_secret=SECRET, mailgun_key=KEY, server=SERVER
)
MESSAGE_ID = "<one@post.example.net>"
QUOTE = "\n\nOn Mon, 2 Mar 2026 at 10:00, <hello@door.example.org> wrote:\n> Hello\n> If you are in danger, ring 999.\n"
NOW = int(NOON.timestamp())


def raw(text: str = "are you there", /, *, page: str = "", attach: bool = False, **heads: str | None) -> bytes:
    """A mail; `Reply_To=...` sets a head, None takes it away."""
    usual: dict[str, str | None] = {"From": f"Ana <{HER}>", "To": OURS, "Message-ID": MESSAGE_ID}
    mail = EmailMessage()
    for name, value in (usual | {name.replace("_", "-"): value for name, value in heads.items()}).items():
        if value is not None:
            mail[name] = value
    if text:
        mail.set_content(text)
    if page and text:
        mail.add_alternative(page, subtype="html")
    elif page:
        mail.set_content(page, subtype="html")
    if attach:
        mail.add_attachment(b"GPS 50.8 -0.4", maintype="image", subtype="jpeg", filename="home.jpg")
    return bytes(mail)


def relayed(mail: bytes, secret: str = SECRET, at: int = NOW) -> RawRequest:
    """A mail that a relay of the service's own posts."""
    mac = hmac.new(secret.encode(), str(at).encode() + b"." + mail, hashlib.sha256).hexdigest()
    headers = {"content-type": "message/rfc822", "x-sidedoor-signature": f"t={at},v1={mac}"}
    return RawRequest("https://door.example.org/hooks/email", headers, mail, NOON)


def from_mailgun(mail: bytes, key: str = KEY, at: int = NOW, *, parts: bool = False) -> RawRequest:
    """A mail that Mailgun posts to an address that ends with mime: a form, or a form in parts."""
    token = "7" * 50
    fields = {
        "timestamp": str(at).encode(),
        "token": token.encode(),
        "signature": hmac.new(key.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest().encode(),
        "body-mime": mail,
    }
    url = "https://door.example.org/hooks/email/mime"
    if not parts:
        return RawRequest(url, {"content-type": "application/x-www-form-urlencoded"}, urlencode(fields).encode(), NOON)
    body = b"".join(
        b'--edge\r\nContent-Disposition: form-data; name="' + name.encode() + b'"\r\n\r\n' + value + b"\r\n"
        for name, value in fields.items()
    )
    return RawRequest(url, {"content-type": "multipart/form-data; boundary=edge"}, body + b"--edge--\r\n", NOON)


def bounce(reference: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery report as mail servers write them."""
    return f"""From: MAILER-DAEMON@mx.example.net
To: {OURS}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

I could not deliver your mail to {HER}.

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {HER}
Action: {action}
Status: {status}

--edge
Content-Type: text/rfc822-headers

From: {OURS}
Message-ID: <{reference}@door.example.org>

--edge--
""".encode()
