"""The one form in which an address is looked up."""

import re
from collections.abc import Sequence
from email.utils import getaddresses, parseaddr

PLAIN = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,188}[a-z0-9])?", re.ASCII)


def canonical(address: str) -> str | None:
    """An address in lower case, without its name; None for one that no ordinary server would take.

    What is before the @ is case-blind at every large provider. A tag (`me+it@`) stays: it is another way to be reached.
    """
    bare = parseaddr(address)[1].strip().casefold()
    return bare if PLAIN.fullmatch(bare) and ".." not in bare else None


def one_sender(headers: Sequence[str]) -> str | None:
    """Whom a mail is from: None where it names nobody, or more than one."""
    found = {canonical(address) for _, address in getaddresses(list(headers))}
    return found.pop() if len(found) == 1 else None
