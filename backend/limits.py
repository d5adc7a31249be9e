"""Rate limits of the public doors, without a captcha and without remembering an address (R21, M12).

Token buckets in the memory of one process. Each door has a bucket for whoever asks and one for everybody together, so
that one flooder empties their own and not that of all. Words of danger are never kept waiting by one.
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
    "open": Rate(30, 2.0),
    "open_all": Rate(150, 0.1),
    "come_back": Rate(10, 6.0),
    "come_back_all": Rate(100, 0.6),
    "say": Rate(20, 1.0),
    "say_source": Rate(120, 0.2),
    "say_all": Rate(600, 0.02),
    "danger_at_the_door": Rate(5, 60.0),
}
"""New chats and return codes by source; messages by session and by source; `_all`: the same for everybody together.

A source is many people where a phone company or an office puts them behind one address, so its rates are not narrow.
"""
KEPT = 10_000
"""How many buckets are kept; the one that was used longest ago goes first."""
EVERYBODY = "everybody"

Key = tuple[str, str]


class Limiter:
    """Says whether one more is allowed now.

    A source is an opaque word for where a request comes from; an empty one is not known, and has no bucket of its own.
    `seconds` gives a monotonic time.
    """

    def __init__(self, rates: Mapping[str, Rate] = RATES, seconds: Callable[[], float] = time.monotonic) -> None:
        self._rates, self._seconds = rates, seconds
        self._buckets: OrderedDict[Key, tuple[float, float]] = OrderedDict()

    def may_open(self, source: str, words: str = "") -> bool:
        """Whether a new chat may begin; with words of danger also where everybody else has to wait (R29)."""
        if self._take(("open", source), ("open_all", EVERYBODY)):
            return True
        return self.is_danger(words) and self._take(("danger_at_the_door", source))

    def may_come_back(self, source: str) -> bool:
        """Whether a return code may be tried."""
        return self._take(("come_back", source), ("come_back_all", EVERYBODY))

    def may_say(self, session: str, source: str) -> bool:
        """Whether a session may say something; ask only for what is no danger."""
        return self._take(("say", session), ("say_source", source), ("say_all", EVERYBODY))

    def is_danger(self, text: str) -> bool:
        """Whether these words must not wait."""
        return bool(text) and read_signs(text).level is Level.URGENT

    def _take(self, *keys: Key) -> bool:
        """A token from each bucket, or from none: whoever is refused by one does not use up the others."""
        now = self._seconds()
        wanted = {key: self._filled(key, now) for key in keys if key[1]}
        allowed = all(tokens >= 1 for tokens in wanted.values())
        for key, tokens in wanted.items():
            self._keep(key, tokens - 1 if allowed else tokens, now)
        return allowed

    def _filled(self, key: Key, now: float) -> float:
        rate = self._rates[key[0]]
        tokens, at = self._buckets.get(key, (float(rate.burst), now))
        return min(float(rate.burst), tokens + (now - at) / rate.seconds)

    def _keep(self, key: Key, tokens: float, now: float) -> None:
        self._buckets[key] = (tokens, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > KEPT:
            self._buckets.popitem(last=False)
