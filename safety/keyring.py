"""The key file: the keys that wrap data keys, and the root of the keyed hashes. Kept apart from the database (R38).

JSON, mode 0600, written whole or not at all. Old keys stay until every data key they wrapped has been wrapped anew.
"""

import base64
import binascii
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

KEY_BYTES = 32
KEY_ID_BYTES = 8
FORMAT = 1


class VaultError(Exception):
    """Something could not be sealed, opened or unwrapped. The text never holds a key, a value or where it came from."""


@dataclass(frozen=True, slots=True)
class Key:
    """One 256-bit key that wraps data keys."""

    created_at: datetime
    material: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The current key, the older ones, and the root of the keyed hashes. `sidedoor serve` refuses `demo` keys."""

    current: str
    keys: Mapping[str, Key] = field(repr=False)
    index_root: bytes = field(repr=False)
    demo: bool = False

    @classmethod
    def load(cls, path: Path | str) -> "Keyring":
        """Read a key file. Raises VaultError if it is missing, damaged, or open to other accounts of the machine."""
        path = Path(path)
        try:
            if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
                raise VaultError("the key file may be read by other accounts: set its mode to 0600")
            return _parse(json.loads(path.read_text("utf-8")))
        except OSError:
            raise VaultError("the key file cannot be read") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise VaultError("the key file is damaged") from None

    @classmethod
    def generate(cls, path: Path | str, *, demo: bool = False, now: datetime | None = None) -> "Keyring":
        """Make a new key file. Raises VaultError if there is one: overwriting it would lose everything it sealed."""
        key_id, key = _new_key(now)
        ring = cls(key_id, {key_id: key}, secrets.token_bytes(KEY_BYTES), demo)
        try:
            _write_new(Path(path), _dump(ring))
        except OSError:
            raise VaultError("the key file is there already, or its folder cannot be written to") from None
        return ring

    def rotate(self, path: Path | str, *, now: datetime | None = None) -> "Keyring":
        """Add a new current key and write the file anew; the older keys stay, to open what they wrapped."""
        key_id, key = _new_key(now)
        return self._rewrite(Path(path), Keyring(key_id, {**self.keys, key_id: key}, self.index_root, self.demo))

    def retire(self, path: Path | str, key_id: str) -> "Keyring":
        """Take an older key off the ring for good, once `Vault.is_current` holds for every stored data key."""
        if key_id == self.current or key_id not in self.keys:
            raise VaultError("only an older key of this keyring can be retired")
        kept = {kept_id: key for kept_id, key in self.keys.items() if kept_id != key_id}
        return self._rewrite(Path(path), Keyring(self.current, kept, self.index_root, self.demo))

    @staticmethod
    def _rewrite(path: Path, ring: "Keyring") -> "Keyring":
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            _write_new(beside, _dump(ring))
            beside.replace(path)
            _sync_folder(path.parent)
        except OSError:
            beside.unlink(missing_ok=True)
            raise VaultError("the key file cannot be written") from None
        return ring


def _new_key(now: datetime | None) -> tuple[str, Key]:
    return secrets.token_hex(KEY_ID_BYTES), Key(now or datetime.now(UTC), secrets.token_bytes(KEY_BYTES))


def _write_new(path: Path, text: str) -> None:
    """Create a file that only this account can read, and have it on the disk before anything is sealed with it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _dump(ring: Keyring) -> str:
    keys = [
        {"id": key_id, "created_at": key.created_at.isoformat(), "key": base64.b64encode(key.material).decode()}
        for key_id, key in ring.keys.items()
    ]
    root = base64.b64encode(ring.index_root).decode()
    body = {"format": FORMAT, "demo": ring.demo, "current": ring.current, "index_root": root, "keys": keys}
    return json.dumps(body, indent=2) + "\n"


def _parse(body: Mapping[str, object]) -> Keyring:
    listed = body["keys"]
    if body["format"] != FORMAT or not isinstance(listed, list) or not isinstance(body["demo"], bool):
        raise ValueError("format")
    keys = {str(item["id"]): Key(datetime.fromisoformat(item["created_at"]), _material(item["key"])) for item in listed}
    current = str(body["current"])
    if current not in keys or any(len(bytes.fromhex(key_id)) != KEY_ID_BYTES for key_id in keys):
        raise ValueError("key ids")
    return Keyring(current, keys, _material(body["index_root"]), body["demo"])


def _material(encoded: object) -> bytes:
    try:
        material = base64.b64decode(str(encoded), validate=True)
    except binascii.Error:
        raise ValueError("key") from None
    if len(material) != KEY_BYTES:
        raise ValueError("key length")
    return material
