"""The vault: every name, number, address and text is sealed field by field, with keys kept outside the database (R38).

Envelope keys: a data key belongs to one conversation (later to one person) and is stored wrapped by a keyring key.
Destroying the wrapped data key erases everything it sealed; a restored backup has it again, so a restore must destroy
it again. Look-ups go by keyed hash, under a root key of their own that does not rotate: rotating touches no index.
"""

import hmac
import secrets
from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from safety.keyring import KEY_BYTES, KEY_ID_BYTES, Keyring, VaultError

__all__ = ["DataKey", "Keyring", "Vault", "VaultError"]

NONCE_BYTES = 12
TAG_BYTES = 16
SEALED_V1 = b"\x01"
WRAPPED_V1 = b"\x01"
WRAP_CONTEXT = b"sidedoor data key v1"
BLOCK = 32
"""Plain text is padded to whole blocks, so that a length does not tell a yes from a no, or one name from another."""


class DataKey:
    """Seals and opens the fields of one conversation or person. It cannot be printed, copied or pickled."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: str | bytes, context: str) -> bytes:
        """Seal one field. `context` is where it lives (`table.column.rowid`); elsewhere it will not open."""
        data = plain.encode() if isinstance(plain, str) else plain
        nonce = secrets.token_bytes(NONCE_BYTES)
        return SEALED_V1 + nonce + self._cipher.encrypt(nonce, _pad(data), context.encode())

    def open(self, sealed: bytes, context: str) -> str:
        """The text that was sealed for this context. Raises VaultError if it is damaged or not from here."""
        try:
            return self.open_bytes(sealed, context).decode()
        except UnicodeDecodeError:
            raise VaultError("a sealed field does not hold text") from None

    def open_bytes(self, sealed: bytes, context: str) -> bytes:
        """The bytes that were sealed for this context. Raises VaultError."""
        if sealed[:1] != SEALED_V1:
            raise VaultError("a sealed field has a version that is not known")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return _unpad(self._cipher.decrypt(nonce, body, context.encode()))
        except (InvalidTag, ValueError):
            raise VaultError("a sealed field does not open with this key in this place") from None

    def __repr__(self) -> str:
        return "DataKey()"

    def __reduce__(self) -> NoReturn:
        raise VaultError("a data key does not leave the process")


class Vault:
    """Makes, wraps and unwraps data keys, and hashes values for look-ups. Safe to share between threads."""

    def __init__(self, keyring: Keyring, cache_size: int = 512) -> None:
        self._keyring = keyring
        self._wrappers = {key_id: AESGCM(key.material) for key_id, key in keyring.keys.items()}
        self._cache: OrderedDict[bytes, DataKey] = OrderedDict()
        self._cache_size = cache_size
        self._lock = Lock()
        # On the instance, so that the derived keys go when the vault goes.
        self._derived = lru_cache(maxsize=64)(self._derive)

    def new_key(self) -> tuple[bytes, DataKey]:
        """A fresh data key: wrapped, to be stored, and open, to be used."""
        material = secrets.token_bytes(KEY_BYTES)
        return self._wrap(material), DataKey(material)

    def unwrap(self, wrapped: bytes) -> DataKey:
        """The data key inside. Raises VaultError if this keyring did not wrap it."""
        with self._lock:
            if wrapped in self._cache:
                self._cache.move_to_end(wrapped)
                return self._cache[wrapped]
        key = DataKey(self._unwrap(wrapped))
        with self._lock:
            self._cache[wrapped] = key
            if len(self._cache) > self._cache_size:
                self._cache.popitem(last=False)
        return key

    def rewrap(self, wrapped: bytes) -> bytes:
        """The same data key under the current keyring key; what it sealed stays. Unchanged if it is current."""
        if self.is_current(wrapped):
            return wrapped
        return self._wrap(self._unwrap(wrapped))

    def is_current(self, wrapped: bytes) -> bool:
        """Whether the current keyring key wrapped this, so that an older key can be retired once nothing needs it."""
        return wrapped[1 : 1 + KEY_ID_BYTES].hex() == self._keyring.current

    def forget(self, wrapped: bytes) -> None:
        """Let go of an unwrapped key at once: the second half of an erasure, after its row is gone."""
        with self._lock:
            self._cache.pop(wrapped, None)

    def index(self, purpose: str, value: str) -> bytes:
        """32 bytes to find a value by without storing it; unrelated to those of another purpose."""
        return hmac.digest(self._derived(f"index:{purpose}"), value.encode(), "sha256")

    def salt(self, purpose: str, value: str) -> bytes:
        """16 bytes, always the same for a value and telling nothing of it; for known and unknown senders (R15)."""
        return hmac.digest(self._derived(f"salt:{purpose}"), value.encode(), "sha256")[:16]

    def _derive(self, info: str) -> bytes:
        return HKDFExpand(SHA256(), KEY_BYTES, info.encode()).derive(self._keyring.index_root)

    def _wrap(self, material: bytes) -> bytes:
        key_id = self._keyring.current
        nonce = secrets.token_bytes(NONCE_BYTES)
        head = WRAPPED_V1 + bytes.fromhex(key_id)
        return head + nonce + self._wrappers[key_id].encrypt(nonce, material, WRAP_CONTEXT + head)

    def _unwrap(self, wrapped: bytes) -> bytes:
        head, rest = wrapped[: 1 + KEY_ID_BYTES], wrapped[1 + KEY_ID_BYTES :]
        wrapper = self._wrappers.get(head[1:].hex())
        if head[:1] != WRAPPED_V1 or wrapper is None:
            raise VaultError("a data key was wrapped by a key that is not on the keyring")
        try:
            return wrapper.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], WRAP_CONTEXT + head)
        except (InvalidTag, ValueError):
            raise VaultError("a wrapped data key is damaged") from None

    def __repr__(self) -> str:
        return "Vault()"

    def __reduce__(self) -> NoReturn:
        raise VaultError("the vault does not leave the process")


def _pad(data: bytes) -> bytes:
    """ISO/IEC 7816-4: one marker byte, then zeros to the end of the block."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)


def _unpad(data: bytes) -> bytes:
    return data[: data.rindex(b"\x80")]
