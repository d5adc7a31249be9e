"""A real SMTP server on loopback that keeps what it is given and can fail at any step."""

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mail:
    """One message as it was taken."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The content, parsed."""
        parsed = BytesParser(policy=default).parsebytes(self.content)
        assert isinstance(parsed, EmailMessage)
        return parsed


class AnyPort(Controller):
    """A controller that may be given port 0: the usual one would knock at port 0 to see whether it is up."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        socket.create_connection((self.hostname, self.port)).close()


@dataclass
class SmtpPeer:
    """`refuse` gives a step of the dialogue (mail, rcpt, data) the reply it gets; `drop` cuts the line at that step.

    The step `after-data` cuts the line when the message has been taken but not yet acknowledged.
    """

    refuse: dict[str, str] = field(default_factory=dict)
    drop: str = ""
    silent: str = ""
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    mails: list[Mail] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._controller = AnyPort(
            self,
            hostname="127.0.0.1",
            port=0,
            ssl_context=self.tls if self.implicit_tls else None,
            tls_context=None if self.implicit_tls else self.tls,
            require_starttls=self.tls is not None and not self.implicit_tls,
            authenticator=self._authenticate if self.login else None,
            auth_required=self.login is not None,
            auth_require_tls=False,
        )
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._controller.stop(no_assert=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._controller.port
        return port

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._step(server, "mail", "250 OK")

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._step(server, "rcpt", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        reply = await self._step(server, "data", "250 OK")
        if reply.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(Mail(str(envelope.mail_from), list(envelope.rcpt_tos), content))
        return await self._step(server, "after-data", reply)

    async def _step(self, server: SMTP, step: str, usual: str) -> str:
        if self.drop == step and server.transport is not None:
            server.transport.abort()
        if self.silent == step:
            await asyncio.Event().wait()
        return self.refuse.get(step, usual)

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == self.login
        return AuthResult(success=good, handled=good)
