"""The invented mail server: takes the alerts to practitioners by real SMTP on loopback and keeps them in memory."""

import asyncio
import socket
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from backend.house import Clock, utc_now

KEPT = 50
LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as its reader sees it."""

    to: str = field(repr=False)
    subject: str
    text: str
    at: datetime


class _AnyPort(Controller):
    """A controller that may be given port 0: the usual one would knock at port 0 to see whether it is up."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)  # noqa: S101  # aiosmtpd has just made it
        self.port = self.server.sockets[0].getsockname()[1]
        socket.create_connection((self.hostname, self.port)).close()


class Mailbox:
    """Starts when it is made; `url` is what SIDEDOOR_SMTP_URL would be."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._mails: deque[Mail] = deque(maxlen=KEPT)
        self._controller = _AnyPort(self, hostname="127.0.0.1", port=0, data_size_limit=LARGEST)
        self._controller.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self._controller.port}"

    @property
    def mails(self) -> list[Mail]:
        """What has come, newest first."""
        return list(reversed(self._mails))

    def stop(self) -> None:
        """Take no more."""
        self._controller.stop(no_assert=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep one mail."""
        content = envelope.content
        parsed = BytesParser(policy=default).parsebytes(content if isinstance(content, bytes) else b"")
        body = parsed.get_body(("plain",))
        text = str(body.get_content()).strip() if body else ""
        to = ", ".join(str(address) for address in envelope.rcpt_tos)
        self._mails.append(Mail(to, str(parsed["Subject"] or ""), text, self._clock()))
        return "250 OK"
