"""Send plain mails by SMTP, encrypted on the way except to this machine itself."""

import asyncio
import hashlib
import ipaddress
import smtplib
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from channels.contract import Accepted, Outbound, SendError

PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail goes out, read from `smtp://user:password@host:port` or `smtps://...`."""

    host: str
    port: int
    implicit_tls: bool
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read a server URL. Raises ValueError, without the URL in it, for it may hold a password."""
        parts = _split(url)
        if parts is None or parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("SMTP URL must look like smtp://user:password@host:port or smtps://...")
        return cls(
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            parts.scheme == "smtps",
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    @property
    def is_this_machine(self) -> bool:
        """Whether mail to it never crosses a network."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class SmtpSender:
    """Sender for mails: one connection for each, so that nothing idles between two alerts."""

    name = "email"

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        timeout: float = 10.0,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`timeout` is in seconds for each step; `tls` replaces the usual trust, and asks for it on loopback as well.

        Raises ValueError for a URL or sender that cannot be used.
        """
        self._server = SmtpServer.from_url(url)
        self._address = parseaddr(sender)[1]
        if "@" not in self._address:
            raise ValueError("SMTP sender must be an e-mail address")
        self._sender, self._timeout, self._clock = sender, timeout, clock
        self._domain = self._address.rpartition("@")[2]
        self._tls = tls or ssl.create_default_context()
        self._starttls = not self._server.implicit_tls and (tls is not None or not self._server.is_this_machine)

    async def send(self, message: Outbound) -> Accepted:
        """Hand one mail to the server, once. Raises SendError."""
        mail = self._compose(message)
        try:
            async with asyncio.timeout(4 * self._timeout):
                await asyncio.to_thread(self._deliver, message.address, mail.as_bytes(policy=SMTP_POLICY))
        except TimeoutError:
            pass
        else:
            return Accepted(mail["Message-ID"])
        raise SendError("smtp-timeout", retryable=True, unknown=True)

    def _compose(self, message: Outbound) -> EmailMessage:
        """The mail, with a Message-ID made from our reference: no host, clock or process can be read from it."""
        if not _is_address(message.address):
            raise SendError("not-a-mail-address", tell_staff=True)
        reference = hashlib.sha256(message.reference.encode()).hexdigest()[:32]
        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, message.address
        mail["Subject"] = " ".join(message.subject.split())
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = f"<{reference}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail

    def _deliver(self, recipient: str, content: bytes) -> None:
        """The whole dialogue, blocking. Raises SendError, never chained to the server's own words."""
        handing_over = False
        try:
            with closing(self._connect()) as smtp:
                _expect(smtp.mail(self._address))
                _expect(smtp.rcpt(recipient))
                handing_over = True
                _expect(smtp.data(content))
                with suppress(OSError, smtplib.SMTPException):
                    smtp.quit()  # the mail has been taken, whatever becomes of the goodbye
                return
        except (OSError, smtplib.SMTPException) as error:
            failure = _failure(error, handing_over)
        raise failure

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.implicit_tls:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, self._domain, timeout=self._timeout, context=self._tls
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, self._domain, timeout=self._timeout)
        try:
            if self._starttls:
                smtp.starttls(context=self._tls)
            if server.user:
                smtp.login(server.user, server.password)
            smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp


def _expect(reply: tuple[int, bytes]) -> None:
    """Go on only after a yes."""
    if not 200 <= reply[0] < 300:
        raise smtplib.SMTPResponseException(reply[0], b"")


def _failure(error: Exception, handing_over: bool) -> SendError:
    """What an error means: 4xx again later, 5xx stop; a line that broke while the mail was handed over is unknown."""
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        refused = error.smtp_code >= 500
        return SendError(f"smtp-{error.smtp_code}", retryable=not refused, tell_staff=refused)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return SendError("smtp-not-encrypted", tell_staff=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        return SendError("smtp-certificate", tell_staff=True)
    # smtplib makes a disconnection of a time-out, and keeps the time-out as its context
    silent = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
    kind = "timeout" if silent else "dropped"
    return SendError(f"smtp-{kind}", retryable=True, unknown=handing_over)


def _is_address(address: str) -> bool:
    """Whether this is one bare address that any server can take."""
    return address.isascii() and "@" in address and parseaddr(address)[1] == address


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
