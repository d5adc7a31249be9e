"""Rate limits of the public doors, without a captcha and without remembering an address (R21, M12).

Token buckets in memory. Words of danger are never kept waiting by one.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from safety.danger import read_signs
from safety.types import Level


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and one more every `seconds`."""

    burst: int
    seconds: float


RATES: Mapping[str, Rate] = {
    "open": Rate(60, 0.2),
    "say": Rate(20, 1.0),
    "come_back": Rate(10, 6.0),
}
"""By door: new chats and return codes for everybody together, messages for each session."""
KEPT = 10_000
"""How many buckets are kept; the one that was used longest ago goes first."""


class Limiter:
    """Says whether one more is allowed now. `seconds` gives a monotonic time."""

    def __init__(self, rates: Mapping[str, Rate] = RATES, seconds: Callable[[], float] = time.monotonic) -> None:
        self._rates, self._seconds = rates, seconds
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def allow(self, door: str, who: str) -> bool:
        """Take a token from the bucket of `who` at `door`; False when it is empty."""
        rate, now = self._rates[door], self._seconds()
        tokens, at = self._buckets.pop((door, who), (float(rate.burst), now))
        tokens = min(float(rate.burst), tokens + (now - at) / rate.seconds)
        allowed = tokens >= 1
        self._buckets[(door, who)] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
        return allowed

    def is_danger(self, text: str) -> bool:
        """Whether these words must not wait."""
        return read_signs(text).level is Level.URGENT
