"""A mailbox, read by IMAP: for a service that has no more than that.

The place that is read from is `UIDVALIDITY:UID`. Mails are numbered upwards, so whatever stands above the place is new,
whoever has looked at it meanwhile. At the very first look, and where a server has numbered its mails anew, only what is
LATELY counts: what was taken in before is a duplicate by its Message-ID, and years of old mail are left alone. A mail
is marked as seen only once it is durable, and deleted only if that is set. The box is asked every so often rather than
listened to (IDLE): a short connection gets through every firewall, and no line dies unnoticed.
"""

import asyncio
import imaplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
LARGEST = 12 * 1024 * 1024
"""Bytes; a larger mail is only told of, by its head."""
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
    """Fetcher for a mailbox; each look is a connection of its own, in a thread."""

    name = "email"

    def __init__(self, settings: MailSettings, tls: ssl.SSLContext | None = None) -> None:
        """`tls` replaces the usual trust. Raises ValueError for a URL that cannot be used."""
        self._settings, self._box = settings, Mailbox.from_url(settings.imap_url)
        self.pause = settings.imap_pause
        self._tls = tls or ssl.create_default_context()
        self._read: list[int] = []
        """What the last look read: marked once it is durable."""

    async def fetch(self, place: str) -> Batch:
        """The mails above `place`, AT_ONCE at most, oldest first. Raises SendError."""
        return await self._off_loop(lambda: self._fetch(place))

    async def done(self, batch: Batch) -> None:
        """Mark what was taken in as seen, or delete it where that is set. Raises SendError."""
        if batch.items:
            await self._off_loop(self._settle)

    def _fetch(self, place: str) -> Batch:
        with self._open(readonly=True) as (box, about):
            validity = int(about.get(b"UIDVALIDITY", 0))
            last = _last_read(place, validity)
            self._read = sorted(_lately(box, place) if last is None else _above(box, last))[:AT_ONCE]
            items = [self._item(box, uid) for uid in self._read]
        end = last if last is not None else int(about.get(b"UIDNEXT", 1)) - 1
        return Batch(items, f"{validity}:{self._read[-1] if self._read else end}")

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
        with self._open(readonly=False) as (box, _about):
            flags = [SEEN, DELETED] if self._settings.imap_delete else [SEEN]
            box.add_flags(self._read, flags, silent=True)
            if self._settings.imap_delete:
                box.expunge(self._read)

    @contextmanager
    def _open(self, *, readonly: bool) -> Iterator[tuple[IMAPClient, Mapping[bytes, Any]]]:
        """A folder that is open, and what the server says of it."""
        box = self._connect()
        try:
            if not self._box.implicit_tls and not is_this_machine(self._box.host):
                box.starttls(self._tls)
            box.login(self._box.user, self._box.password)
            yield box, box.select_folder(self._box.folder, readonly=readonly)
        finally:
            with suppress(OSError, IMAPClientError, imaplib.IMAP4.error):
                box.logout()  # which closes the line as well; what was done stays done, whatever becomes of it

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
        except (OSError, IMAPClientError, imaplib.IMAP4.error):
            failure = SendError("imap-dropped", retryable=True)
        raise failure


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
