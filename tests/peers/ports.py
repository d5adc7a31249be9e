"""Ports for programs that must be told theirs before they listen."""

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager

BELOW = range(12_000, 32_000)
"""Systems hand out higher ones by themselves: from these none is taken by somebody else before the program is up."""


def free_port() -> int:
    """A port that nobody listens on, and that nobody is given."""
    while True:
        with socket.socket() as probe:
            port = random.SystemRandom().choice(BELOW)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@contextmanager
def refusing_port() -> Iterator[int]:
    """A port that refuses every call: it is taken, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])
