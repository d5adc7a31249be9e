"""Leaves a server alone that has failed several times in a row, and tries it again after a pause."""

from collections.abc import Callable

FAILURES = 5
"""So many in a row, and the server is left alone."""
PAUSE = 30.0
"""Seconds until it is tried again, with one message."""


class Breaker:
    """Closed: everything goes through. Open: one attempt in every pause, and the first that succeeds closes it."""

    def __init__(self, clock: Callable[[], float], failures: int = FAILURES, pause: float = PAUSE) -> None:
        self._clock, self._most, self._pause = clock, failures, pause
        self._failures = 0
        self._tried_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the server is being left alone."""
        return self._failures >= self._most

    def allows(self) -> bool:
        """Whether an attempt may be made now. One that was allowed and came to no end costs no more than a pause."""
        if not self.is_open:
            return True
        now = self._clock()
        if now - self._tried_at < self._pause:
            return False
        self._tried_at = now
        return True

    def succeeded(self) -> None:
        """The server answered as it should."""
        self._failures = 0

    def failed(self) -> None:
        """It did not, or not in time."""
        self._failures += 1
        self._tried_at = self._clock()
