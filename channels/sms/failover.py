"""Two providers for one number: the second takes over when the first fails, and no message is given to both unawares.

1. The first is asked. What it refuses for the message's or the person's sake (opted out, no such number) is refused:
   the second is no way around that (R24).
2. Where the fault is its own (`SendError.elsewhere`: out of service, our account shut, no connection) it certainly has
   not taken the message, so the second is asked in the same attempt.
3. Where nobody knows whether it took it, nobody else is asked. The dispatcher looks it up first (`find`), and only what
   is settled as not taken, or is danger or an answer in a talk, is offered again.
4. A provider that failed rests for a while, so that others do not wait for it; then it is tried first again.

So an attempt ends with one provider's id or with none, and is never doubled in our records.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from channels.contract import Accepted, CannotSay, Found, Lookup, NotFound, Outbound, Redactor, SendError

REST = 60.0
"""Seconds for which a provider that failed is asked last."""
REMEMBERED = 2000
"""Attempts of which we know to whom they were offered; of older ones, and after a restart, all are asked."""


class Provider(Protocol):
    """A sender of text messages that knows its own ids."""

    async def send(self, message: Outbound) -> Accepted:
        """Offer one message, once. Raises SendError."""
        ...

    def owns(self, provider_id: str) -> bool:
        """Whether an id has the form of this provider's."""
        ...


class Failover:
    """Sender, Lookup and Redactor over several providers, the preferred one first. `seconds` is a monotonic clock."""

    name = "sms"

    def __init__(self, providers: Sequence[Provider], seconds: Callable[[], float] = time.monotonic) -> None:
        self._providers, self._seconds = tuple(providers), seconds
        self._rests_until: dict[int, float] = {}
        self._offered: OrderedDict[str, set[int]] = OrderedDict()

    async def send(self, message: Outbound) -> Accepted:
        """Offer the message until one provider takes it, or one refuses it or leaves it unknown. Raises SendError.

        Where all of them fail by their own fault, a failure that may pass counts more than one that does not.
        """
        failures: list[SendError] = []
        for place in self._order():
            try:
                return await self._offer(place, message)
            except SendError as error:
                failure = error
            if failure.elsewhere or failure.unknown:
                self._rests_until[place] = self._seconds() + REST
            if failure.unknown or not failure.elsewhere:
                raise failure
            failures.append(failure)
        raise next((failure for failure in failures if failure.retryable), failures[0])

    async def find(
        self, message: Outbound, since: datetime, known: Collection[str] = ()
    ) -> Found | NotFound | CannotSay:
        """Ask everybody to whom it was offered. Not there means that each of them said so."""
        answers = [
            await provider.find(message, since, known) if isinstance(provider, Lookup) else CannotSay()
            for provider in self._may_have(message.reference)
        ]
        found = next((answer for answer in answers if isinstance(answer, Found)), None)
        return found or next((answer for answer in answers if isinstance(answer, CannotSay)), NotFound())

    async def redact(self, provider_id: str) -> None:
        """Blank the words at the provider whose id it is (R27). Raises SendError, also where it cannot."""
        owner = next((provider for provider in self._providers if provider.owns(provider_id)), None)
        if not isinstance(owner, Redactor):
            raise SendError("redaction-not-offered")
        await owner.redact(provider_id)

    async def _offer(self, place: int, message: Outbound) -> Accepted:
        self._offered.setdefault(message.reference, set()).add(place)
        while len(self._offered) > REMEMBERED:
            self._offered.popitem(last=False)
        try:
            return await self._providers[place].send(message)
        except SendError as error:
            if not error.unknown:
                self._offered[message.reference].discard(place)  # it has not taken it, and says so
            raise

    def _order(self) -> list[int]:
        """The preferred first, those that rest last."""
        now = self._seconds()
        return sorted(range(len(self._providers)), key=lambda place: self._rests_until.get(place, now) > now)

    def _may_have(self, reference: str) -> Iterator[Provider]:
        places = self._offered.get(reference, range(len(self._providers)))
        return (self._providers[place] for place in sorted(places))
