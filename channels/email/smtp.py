"""Send plain mails by SMTP, encrypted on the way except to this machine itself.

A mail with a subject of its own is an alert to staff. One without is for a person: it gets the one neutral subject that
there is, for what they wrote above their mail would show on a lock screen, and comes from the address they wrote to.
"""

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
NOT_LET_IN = frozenset({530, 534, 535, 538})
"""The server wants another log-in, whatever the mail is."""


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
        parts = split_url(url)
        if parts is None or parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("SMTP URL must look like smtp://user:password@host:port or smtps://...")
        return cls(
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            parts.scheme == "smtps",
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )


@dataclass(frozen=True, slots=True)
class From:
    """Whom mails come from: the header that is seen, and the address in it."""

    header: str = field(repr=False)
    address: str = field(repr=False)

    @classmethod
    def read(cls, header: str) -> Self:
        """Read `Name <address>`. Raises ValueError."""
        address = parseaddr(header)[1]
        if "@" not in address:
            raise ValueError("SMTP sender must be an e-mail address")
        return cls(header, address)

    @property
    def domain(self) -> str:
        """What is behind the @."""
        return self.address.rpartition("@")[2]


class SmtpSender:
    """Sender for mails: one connection for each, so that nothing idles between two alerts."""

    name = "email"

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        person_sender: str = "",
        person_subject: str = "Your message",
        timeout: float = 10.0,
        tls: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`sender` is for staff, `person_sender` for people: empty, and no mail goes to them. `timeout` is in seconds
        for each step; `tls` replaces the usual trust, and asks for it on loopback as well.

        Raises ValueError for a URL or sender that cannot be used.
        """
        self._server = SmtpServer.from_url(url)
        self._staff, self._person = From.read(sender), From.read(person_sender) if person_sender else None
        self._subject, self._timeout, self._clock = person_subject, timeout, clock
        self._domain = (self._person or self._staff).domain
        self._tls = tls or ssl.create_default_context()
        self._starttls = not self._server.implicit_tls and (tls is not None or not is_this_machine(self._server.host))

    async def send(self, message: Outbound) -> Accepted:
        """Hand one mail to the server, once; its id is the part of the Message-ID that a bounce brings back.

        Raises SendError.
        """
        sender, mail, reference = self._compose(message)
        try:
            async with asyncio.timeout(4 * self._timeout):
                content = mail.as_bytes(policy=SMTP_POLICY)
                await asyncio.to_thread(self._deliver, sender.address, message.address, content)
        except TimeoutError:
            pass
        else:
            return Accepted(reference)
        raise SendError("smtp-timeout", retryable=True, unknown=True)

    def _compose(self, message: Outbound) -> tuple[From, EmailMessage, str]:
        """Whom it is from, the mail, and its mark, made from our reference: no host, clock or process can be read from
        it."""
        if not _is_address(message.address):
            raise SendError("not-a-mail-address", tell_staff=True)
        sender = self._staff if message.subject else self._person
        if sender is None:
            raise SendError("no-address-for-people", tell_staff=True)
        reference = hashlib.sha256(message.reference.encode()).hexdigest()[:32]
        mail = EmailMessage()
        mail["From"], mail["To"] = sender.header, message.address
        mail["Subject"] = self._subject_of(message)
        mail["Date"] = format_datetime(self._clock())
        mail["Message-ID"] = f"<{reference}@{sender.domain}>"
        _mark(mail, message)
        mail.set_content(message.text)
        return sender, mail, reference

    def _subject_of(self, message: Outbound) -> str:
        ours = f"Re: {self._subject}" if message.in_reply_to else self._subject
        return " ".join((message.subject or ours).split())

    def _deliver(self, sender: str, recipient: str, content: bytes) -> None:
        """The whole dialogue, blocking. Raises SendError, never chained to the server's own words."""
        handing_over = False
        try:
            with closing(self._connect()) as smtp:
                _expect(smtp.mail(sender))
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


def _mark(mail: EmailMessage, message: Outbound) -> None:
    """Which mail this one answers, and that a machine wrote it, so that no other machine answers (RFC 3834)."""
    mail["Auto-Submitted"] = "auto-replied" if message.in_reply_to else "auto-generated"
    if message.in_reply_to:
        mail["In-Reply-To"] = mail["References"] = message.in_reply_to


def _expect(reply: tuple[int, bytes]) -> None:
    """Go on only after a yes."""
    if not 200 <= reply[0] < 300:
        raise smtplib.SMTPResponseException(reply[0], b"")


def _failure(error: Exception, handing_over: bool) -> SendError:
    """What an error means: 4xx again later, 5xx stop; a line that broke while the mail was handed over is unknown."""
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        refused = error.smtp_code >= 500
        shut_out = error.smtp_code in NOT_LET_IN
        return SendError(f"smtp-{error.smtp_code}", retryable=not refused, tell_staff=refused, elsewhere=shut_out)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return SendError("smtp-not-encrypted", tell_staff=True, elsewhere=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        return SendError("smtp-certificate", tell_staff=True, elsewhere=True)
    # smtplib makes a disconnection of a time-out, and keeps the time-out as its context
    silent = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
    kind = "timeout" if silent else "dropped"
    return SendError(f"smtp-{kind}", retryable=True, unknown=handing_over)


def _is_address(address: str) -> bool:
    """Whether this is one bare address that any server can take."""
    return address.isascii() and "@" in address and parseaddr(address)[1] == address


def is_this_machine(host: str) -> bool:
    """Whether mail to it never crosses a network."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def split_url(url: str) -> SplitResult | None:
    """The parts of a URL; None where it has none that can be read."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts
