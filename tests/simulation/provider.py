"""Providers with moods: of text messages and WhatsApp with a memory, of Telegram without one, and a mail server.

What it takes and what it says about that are two things: an answer may be lost on the way, and receipts come when they
like, twice, late and in any order.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from channels.contract import Accepted, CannotSay, Found, NotFound, Outbound, Receipt, SendError
from tests.simulation.fate import Fate, Violation

Look = Callable[[Outbound], bool]
LookTaken = Callable[[Outbound, "Taken"], None]
Tell = Callable[[Receipt, timedelta], None]
SECOND = timedelta(seconds=1)
HANDSET_OFF = "30003"
"""The code for a phone that is switched off or gone; it may be offered again (channels/sms/errors.py)."""


@dataclass(slots=True)
class Taken:
    """One message that the provider took, by our reference; there are too many to keep their words."""

    provider_id: str
    reference: str
    failed: bool = False
    redacted: bool = False


@dataclass
class SimProvider:
    """One that takes messages and never speaks of them again.

    `on_offer` looks at every message that is offered, and says whether it has to be alone; `on_taken` looks at what was
    taken. Whoever is in `shut` has shut the door, and nothing is taken for them.
    """

    name: str
    fate: Fate
    clock: Callable[[], datetime]
    on_offer: Look
    on_taken: LookTaken
    troubles: float
    under_way: Counter[str] = field(default_factory=Counter)
    shut: set[str] = field(default_factory=set)
    took: int = 0

    async def send(self, message: Outbound) -> Accepted:
        """Take it, refuse it, or leave us in doubt. Raises SendError, Crash."""
        self.fate.boundary("before an offer")
        if not self.on_offer(message):
            return self._answer(message)
        if self.under_way[message.address]:
            raise Violation(f"two messages at once from one contact point: attempt {message.reference}")
        self.under_way[message.address] += 1
        try:
            await asyncio.sleep(0)  # another message may be offered meanwhile
            return self._answer(message)
        finally:
            self.under_way[message.address] -= 1

    def _answer(self, message: Outbound) -> Accepted:
        if message.address in self.shut:
            raise SendError("blocked", tell_staff=True, blocked=True)
        if not self.fate.happens(self.troubles):
            taken = self._take(message)
            self.fate.boundary("after an offer")
            return Accepted(taken.provider_id)
        trouble = self.fate.one_of(("busy", "busy", "lost", "lost after", "handset", "blocked", "broken"))
        if trouble == "busy":
            raise SendError("429", retryable=True, retry_after=self.fate.one_of((None, 3 * SECOND, 90 * SECOND)))
        if trouble == "handset":
            raise SendError("30006", tell_staff=True)
        if trouble == "blocked" and self.fate.happens(0.05):
            raise SendError("21610", tell_staff=True, blocked=True)
        if trouble == "broken":
            raise RuntimeError("a fault in an adapter")
        if trouble == "lost after":
            self._take(message)
        raise SendError("timeout", unknown=True)

    def _take(self, message: Outbound) -> Taken:
        taken = Taken(f"{self.name}-{self.took}", message.reference)
        self.on_taken(message, taken)
        self.took += 1
        return taken


@dataclass
class SimTwilio(SimProvider):
    """One that remembers what it took, and speaks of it: `tell` has a receipt delivered after a while."""

    tell: Tell = field(kw_only=True)
    by_reference: dict[str, Taken] = field(default_factory=dict)
    by_id: dict[str, Taken] = field(default_factory=dict)

    def _take(self, message: Outbound) -> Taken:
        taken = super()._take(message)
        self.by_reference[taken.reference] = self.by_id[taken.provider_id] = taken
        self._speak(taken)
        return taken

    def _speak(self, taken: Taken) -> None:
        """Receipts, each after a while of its own, so that they come in any order; some twice, some never."""
        lazy = self.fate.happens(0.1)
        delivered = self.fate.random.random() < 0.93
        after = self.fate.random.randrange(1, 36_000 if lazy else 90) * SECOND
        code = "" if delivered else self.fate.one_of((HANDSET_OFF, HANDSET_OFF, "30005", "30008"))
        taken.failed = not delivered
        words = [("sent", ""), ("delivered" if delivered else "failed", code)]
        for status, said in words:
            for _ in range(self.fate.random.choice((0, 1, 1, 1, 2) if status == "sent" else (1, 1, 1, 1, 2))):
                self._tell(taken, status, said, after + self.fate.random.randrange(60) * SECOND)

    def _tell(self, taken: Taken, status: str, code: str, after: timedelta) -> None:
        reference = taken.reference if self.fate.happens(0.7) else ""
        receipt = Receipt(
            self.name, taken.provider_id, status, self.clock() + after, code, reference, code in (HANDSET_OFF, "30008")
        )
        self.tell(receipt, after)

    async def find(
        self, message: Outbound, since: datetime, known: Collection[str] = ()
    ) -> Found | NotFound | CannotSay:
        """What became of a message; sometimes the provider cannot say. Raises Crash."""
        self.fate.boundary("before a look-up")
        if self.fate.happens(0.2):
            return CannotSay()
        taken = self.by_reference.get(message.reference)
        return Found(taken.provider_id) if taken else NotFound()

    async def redact(self, provider_id: str) -> None:
        """Blank a message. Raises SendError, Crash."""
        self.fate.boundary("before a redaction")
        if self.fate.happens(0.05):
            raise SendError("still_going", retryable=True)
        if provider_id in self.by_id:
            self.by_id[provider_id].redacted = True


@dataclass
class SimMail:
    """Takes alerts to practitioners, which alone have a subject of ours, and sometimes does not; what is for `people`
    is theirs. `wake`: somebody reads an alert."""

    name: str
    fate: Fate
    people: SimProvider
    wake: Callable[[], None]
    sent: int = 0

    async def send(self, message: Outbound) -> Accepted:
        """Take it. Raises SendError, Crash."""
        if not message.subject:
            return await self.people.send(message)
        self.fate.boundary("before a mail")
        if self.fate.happens(0.02):
            raise SendError("mail_away", retryable=True)
        self.sent += 1
        self.wake()
        return Accepted(f"mail-{self.sent}")
