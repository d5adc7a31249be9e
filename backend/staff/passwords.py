"""Passwords as Argon2id hashes, in a bounded pool: a flood of log-ins takes neither all memory nor both cores."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 12
"""Characters. Length is the only rule; composition rules make people write passwords down (NIST 800-63B, ASVS 6.2)."""
LONGEST = 256

# OWASP's 19 MiB setting, one pass more: about 25 ms here, and two at once stay within 40 MB.
_HASHER = PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)
_POOL = ThreadPoolExecutor(2, "password")
_DECOY = _HASHER.hash(secrets.token_hex(16))


class WeakPasswordError(ValueError):
    """The password must have 12 to 256 characters and must not be the e-mail address."""


def check_strength(password: str, email: str) -> None:
    """Refuse what would be guessed. Raises WeakPasswordError."""
    if not SHORTEST <= len(password) <= LONGEST or password.casefold() == email.casefold():
        raise WeakPasswordError(WeakPasswordError.__doc__)


def hash_password(password: str) -> str:
    """The Argon2id hash to store. Takes some 25 ms: not for the event loop, not inside a transaction."""
    return _HASHER.hash(password)


async def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password; without a stored hash the same work is done, so that time tells nothing."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, _verify, stored, password)


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(stored or _DECOY, password[: LONGEST + 1]) and stored is not None
    except (Argon2Error, InvalidHashError):
        return False
