"""A folder of sealed requests that wait for the database."""

import base64
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from channels.contract import RawRequest
from safety.vault import Vault, VaultError

SUFFIX = ".sealed"
BROKEN = ".broken"
TAKES_OVER = "/hooks/spool"
"""Where the house takes what a fallback host kept."""
NAMED_BY = "%Y%m%dT%H%M%S%f"
"""How a file's name begins: when the request came, in UTC."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One request that was kept, and the channel that can read it."""

    channel: str
    request: RawRequest = field(repr=False)


@dataclass(frozen=True, slots=True)
class Spool:
    """Keeps requests, each in a file of its own under a data key of its own (R38). `sync` puts a file on the disk."""

    folder: Path
    vault: Vault
    sync: Callable[[int], None] = os.fsync

    def keep(self, kept: Kept) -> None:
        """Write one request, durably: it is there when this returns. Raises OSError."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{kept.request.received_at:{NAMED_BY}}-{secrets.token_hex(4)}"
        self.put(name, seal(self.vault, kept))

    def put(self, name: str, sealed: bytes) -> None:
        """Write what is sealed already; whole, or not at all."""
        beside = self.folder / f".{name}"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
            file.flush()
            self.sync(file.fileno())
        beside.replace(self.folder / f"{name}{SUFFIX}")
        _sync_folder(self.folder)

    def waiting(self) -> list[Path]:
        """What is kept, oldest first."""
        return sorted(self.folder.glob(f"*{SUFFIX}"))

    def read(self, path: Path) -> Kept:
        """What a file holds. Raises VaultError if it is not one of ours, OSError if it cannot be read."""
        return unseal(self.vault, path.read_bytes())

    def set_aside(self, path: Path) -> None:
        """Keep a file that cannot be taken in where it is never tried again, for the operator."""
        path.replace(path.with_suffix(BROKEN))


def seal(vault: Vault, kept: Kept) -> bytes:
    """One request, sealed: the wrapped key's length, the wrapped key, and what it seals."""
    wrapped, key = vault.new_key()
    raw = kept.request
    plain = {
        "channel": kept.channel,
        "url": raw.url,
        "headers": dict(raw.headers),
        "body": base64.b64encode(raw.body).decode(),
        "received_at": raw.received_at.isoformat(),
    }
    return len(wrapped).to_bytes(2, "big") + wrapped + key.seal(json.dumps(plain), _CONTEXT)


def unseal(vault: Vault, sealed: bytes) -> Kept:
    """The request that `seal` sealed. Raises VaultError for anything else."""
    ends = 2 + int.from_bytes(sealed[:2], "big")
    plain = json.loads(vault.unwrap(sealed[2:ends]).open(sealed[ends:], _CONTEXT))
    try:
        at, body = datetime.fromisoformat(plain["received_at"]), base64.b64decode(plain["body"])
        return Kept(plain["channel"], RawRequest(plain["url"], plain["headers"], body, at))
    except (KeyError, TypeError, ValueError):
        raise VaultError("a kept request is damaged") from None


_CONTEXT = "spool"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
