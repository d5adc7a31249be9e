"""A real IMAP server on loopback: pymap with its mails in memory, as a process of its own."""

import itertools
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from imapclient import IMAPClient

from tests.peers.ports import free_port
from tests.system.product import PATIENCE, wait_for

USER, PASSWORD = "demouser", "demopass"
_folders = itertools.count()


@dataclass
class ImapPeer:
    """The server. It makes its one user itself; each test has a folder of its own."""

    port: int = field(default_factory=free_port)
    _hand: IMAPClient | None = None

    def __enter__(self) -> Self:
        program = str(Path(sys.executable).with_name("pymap"))
        line = [program, "--host", "127.0.0.1", "--port", str(self.port), "--no-tls", "dict", "--demo-data"]
        self._process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)

    def new_folder(self) -> "Folder":
        """An empty folder."""
        name = f"door{next(_folders)}"
        with self.open() as box:
            box.create_folder(name)
        return Folder(self, name)

    @contextmanager
    def open(self) -> Iterator[IMAPClient]:
        """Somebody else who looks into the mailbox, by one line for all looks: a password takes the server a while."""
        if self._hand is None:
            self._hand = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=PATIENCE)
            self._hand.login(USER, PASSWORD)
        yield self._hand
        self._hand.select_folder("INBOX", readonly=True)


@dataclass(frozen=True)
class Folder:
    """One folder on the server."""

    server: ImapPeer
    name: str

    @property
    def url(self) -> str:
        """What SIDEDOOR_IMAP_URL would be."""
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.server.port}/{self.name}"

    def post(self, mail: bytes, at: datetime | None = None) -> None:
        """A mail arrives."""
        with self.server.open() as box:
            box.append(self.name, mail, msg_time=at)

    def flags(self) -> list[set[bytes]]:
        """The flags of what stands there, oldest first."""
        with self.server.open() as box:
            box.select_folder(self.name, readonly=True)
            found = box.get_flags(box.search())
        return [set(flags) - {b"\\Recent"} for _, flags in sorted(found.items())]

    def read_by_hand(self) -> None:
        """Somebody opens everything in another program."""
        with self.server.open() as box:
            box.select_folder(self.name)
            box.add_flags(box.search(), [b"\\Seen"])

    def numbered_anew(self) -> None:
        """The server gives all mails new numbers, as after a repair: the same mails in a folder of another validity."""
        with self.server.open() as box:
            box.select_folder(self.name)
            mails = [found[b"BODY[]"] for _, found in sorted(box.fetch(box.search(), [b"BODY.PEEK[]"]).items())]
            box.select_folder("INBOX", readonly=True)
            box.delete_folder(self.name)
            box.create_folder(self.name)
            for mail in mails:
                box.append(self.name, mail)
