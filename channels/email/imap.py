"""A mailbox, read by IMAP: for a service that has no more than that.

The place that is read from is `UIDVALIDITY:UID`. Mails are numbered upwards, so whatever stands above the place is new,
whoever has looked at it meanwhile. At the very first look, and where a server has numbered its mails anew, only what is
LATELY counts: what was taken in before is a duplicate by its Message-ID, and years of old mail are left alone. A mail
is marked as seen only once it is durable, and deleted only if that is set. Where the server can tell of new mail (IDLE,
RFC 2177) the line is kept and listened to, a short while at a time: then no firewall finds it silent, no server its 29
minutes over, and no line dies unnoticed. Elsewhere the box is asked every so often, each time on a line of its own.
"""

import asyncio
import imaplib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from selectors import EVENT_READ, DefaultSelector
from typing import Any, Self, TypeVar
from urllib.parse import unquote

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from channels.contract import Batch, Ignored, Item, SendError
from channels.email.mail import read_mail
from channels.email.settings import MailSettings
from channels.email.smtp import is_this_machine, split_url

T = TypeVar("T")
PORTS = {"imap": 143, "imaps": 993}
AT_ONCE = 50
LATELY = timedelta(days=2)
LISTENS = timedelta(seconds=25)
"""How long it is listened before the line is tried again; shorter than another process waits to take our place."""
BRIEFLY = timedelta(milliseconds=100)
"""The rest between two times of listening."""
LARGEST = 12 * 1024 * 1024
"""Bytes; a larger mail is only told of, by its head."""
BROKEN = (OSError, IMAPClientError, imaplib.IMAP4.error)
SEEN, DELETED = b"\\Seen", b"\\Deleted"
BODY, HEAD, SIZE, CAME = b"BODY[]", b"BODY[HEADER]", b"RFC822.SIZE", b"INTERNALDATE"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One folder, read from `imaps://user:password@host:port/folder`."""

    host: str
    port: int
    implicit_tls: bool
    user: str = field(repr=False)
    password: str = field(repr=False)
    folder: str = "INBOX"

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read a mailbox's URL. Raises ValueError, without the URL in it, for it holds a password."""
        parts = split_url(url)
        if parts is None or parts.scheme not in PORTS or not parts.hostname or not parts.username:
            raise ValueError("IMAP URL must look like imaps://user:password@host:port/folder")
        return cls(
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            parts.scheme == "imaps",
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX",
        )


class MailboxFetcher:
    """Fetcher for a mailbox; each dialogue with the server is in a thread."""

    name = "email"

    def __init__(self, settings: MailSettings, tls: ssl.SSLContext | None = None, listens: timedelta = LISTENS) -> None:
        """`tls` replaces the usual trust; `listens`: for how long at a time, zero for never. Raises ValueError for a
        URL that cannot be used."""
        self._settings, self._box = settings, Mailbox.from_url(settings.imap_url)
        self.pause = settings.imap_pause
        self._tls, self._listens = tls or ssl.create_default_context(), listens
        self._line: IMAPClient | None = None
        """The line that is kept, where the server tells of new mail."""
        self._listening: IMAPClient | None = None
        self._ended = False
        self._read: list[int] = []
        """What the last look read: marked once it is durable."""

    async def fetch(self, place: str) -> Batch:
        """The mails above `place`, AT_ONCE at most, oldest first; where there are none and the server tells of new
        ones, it is waited for them a while. Raises SendError."""
        self._ended = False
        try:
            return await self._off_loop(lambda: self._fetch(place))
        except asyncio.CancelledError:
            self._ended = True
            self._cut()
            raise

    async def done(self, batch: Batch) -> None:
        """Mark what was taken in as seen, or delete it where that is set. Raises SendError."""
        if batch.items:
            await self._off_loop(self._settle)

    def _fetch(self, place: str) -> Batch:
        """On the line that is kept; on a new one where there is none, or where it has died since. A client that begins
        to listen just as a mail comes takes that for a refusal, and then too a new line finds the mail."""
        if self._line is not None:
            try:
                return self._fetch_by(self._line, place)
            except BROKEN:
                if self._ended:
                    raise
        return self._fetch_by(self._log_in(), place)

    def _fetch_by(self, box: IMAPClient, place: str) -> Batch:
        """Look on one line, and keep it only if it is whole and can be listened to."""
        self._line, whole = None, False
        try:
            batch = self._look(box, place)
            whole = bool(self._listens) and box.has_capability("IDLE")
        finally:
            if not whole:
                _log_out(box)
        self._line, self.pause = (box, BRIEFLY) if whole else (None, self._settings.imap_pause)
        return batch

    def _look(self, box: IMAPClient, place: str) -> Batch:
        about = box.select_folder(self._box.folder, readonly=True)
        validity = int(about.get(b"UIDVALIDITY", 0))
        last = _last_read(place, validity)
        found = _lately(box, place) if last is None else _above(box, last)
        if not found and last is not None and self._hears(box):
            found = _above(box, last)
        self._read = sorted(found)[:AT_ONCE]
        items = [self._item(box, uid) for uid in self._read]
        end = last if last is not None else int(about.get(b"UIDNEXT", 1)) - 1
        return Batch(items, f"{validity}:{self._read[-1] if self._read else end}")

    def _hears(self, box: IMAPClient) -> bool:
        """Listen until the server tells of something, or for the set while; never where it cannot."""
        if not self._listens or not box.has_capability("IDLE"):
            return False
        box.idle()
        self._listening = box
        try:
            heard = _speaks(box.socket(), self._listens.total_seconds())
            box.idle_done()  # fails on a line that died meanwhile
        finally:
            self._listening = None
        return heard

    def _cut(self) -> None:
        """Wake the thread that listens, so that a process which ends does not wait for it."""
        if (box := self._listening) is not None:
            with suppress(OSError):
                box.socket().shutdown(socket.SHUT_RDWR)

    def _item(self, box: IMAPClient, uid: int) -> Item:
        """One mail; one that was taken away since is nothing."""
        about = box.fetch([uid], [SIZE, CAME]).get(uid, {})
        if not about:
            return Ignored("mail-gone")
        part = BODY if about.get(SIZE, 0) <= LARGEST else HEAD
        raw = box.fetch([uid], [part.replace(b"BODY", b"BODY.PEEK")]).get(uid, {}).get(part)
        if not isinstance(raw, bytes):
            return Ignored("mail-gone")
        return read_mail(raw, _came(about), self._settings.address, self._settings.server)

    def _settle(self) -> None:
        with self._open() as box:
            flags = [SEEN, DELETED] if self._settings.imap_delete else [SEEN]
            box.add_flags(self._read, flags, silent=True)
            if self._settings.imap_delete:
                box.expunge(self._read)

    @contextmanager
    def _open(self) -> Iterator[IMAPClient]:
        """The folder, open for changes, on a line of its own."""
        box = self._log_in()
        try:
            box.select_folder(self._box.folder)
            yield box
        finally:
            _log_out(box)

    def _log_in(self) -> IMAPClient:
        box = self._connect()
        try:
            if not self._box.implicit_tls and not is_this_machine(self._box.host):
                box.starttls(self._tls)
            box.login(self._box.user, self._box.password)
        except BaseException:
            _log_out(box)
            raise
        return box

    def _connect(self) -> IMAPClient:
        box, wait = self._box, self._settings.timeout
        return IMAPClient(
            box.host,
            box.port,
            use_uid=True,
            ssl=box.implicit_tls,
            ssl_context=self._tls if box.implicit_tls else None,
            timeout=wait,
        )

    async def _off_loop(self, call: Callable[[], T]) -> T:
        """Run a blocking dialogue in a thread. Raises SendError, never chained to the server's own words."""
        try:
            return await asyncio.to_thread(call)
        except LoginError:
            failure = SendError("imap-login", tell_staff=True, retryable=True)
        except ssl.SSLCertVerificationError:
            failure = SendError("imap-certificate", tell_staff=True, retryable=True)
        except TimeoutError:
            failure = SendError("imap-timeout", retryable=True)
        except BROKEN:
            failure = SendError("imap-dropped", retryable=True)
        raise failure


def _speaks(line: socket.socket, seconds: float) -> bool:
    """Whether anything comes within the time. The client's own `idle_check` takes words that come in two pieces for the
    end of the line."""
    if isinstance(line, ssl.SSLSocket) and line.pending():
        return True
    with DefaultSelector() as waiting:
        waiting.register(line, EVENT_READ)
        return bool(waiting.select(seconds))


def _log_out(box: IMAPClient) -> None:
    """Which closes the line as well; what was done stays done, whatever becomes of it."""
    with suppress(*BROKEN):
        box.logout()


def _last_read(place: str, validity: int) -> int | None:
    """The number of the last mail that was read; None at the first look, or where the mails are numbered anew."""
    before, _, last = place.partition(":")
    return int(last) if before == str(validity) and last.isdigit() else None


def _above(box: IMAPClient, last: int) -> list[int]:
    """The mails above a number; a range always holds the newest one, even where it is below."""
    return [uid for uid in box.search(["UID", f"{last + 1}:*"]) if uid > last]


def _lately(box: IMAPClient, place: str) -> list[int]:
    """What came lately; at the very first look, of that only what nobody has read."""
    since = (datetime.now(UTC) - LATELY).date()
    return list(box.search(["SINCE", since] if place else ["SINCE", since, "UNSEEN"]))


def _came(about: Mapping[bytes, Any]) -> datetime:
    """When the mail server got it; the Date header is only what the sender says."""
    came = about.get(CAME)
    if not isinstance(came, datetime):
        return datetime.now(UTC)
    return came.astimezone(UTC)  # the client gives local wall time without a zone
