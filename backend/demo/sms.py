"""The sending half of the invented phone company."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime, timedelta

from backend.demo.handsets import Handsets
from backend.demo.webhook import Webhook, new_message_id
from backend.house import Clock, utc_now
from channels.contract import Accepted, Found, NotFound, Outbound, SendError

KEPT = 1000
"""How many messages it remembers, to answer a look-up."""


class DemoSms:
    """Sender and Lookup: a message appears on the phone with its number, and a delivery receipt follows."""

    name = "sms"

    def __init__(
        self, handsets: Handsets, webhook: Webhook, *, clock: Clock = utc_now, delay: timedelta = timedelta(seconds=1)
    ) -> None:
        self._handsets, self._webhook, self._clock, self._delay = handsets, webhook, clock, delay
        self._taken: OrderedDict[str, str] = OrderedDict()
        self._receipts: set[asyncio.Task[None]] = set()

    async def send(self, message: Outbound) -> Accepted:
        """Show it on the phone. Raises SendError where there is no such phone and no room for one."""
        phone = self._handsets.with_number(message.address)
        if phone is None:
            raise SendError("demo-no-such-phone", tell_staff=True)
        provider_id = new_message_id()
        phone.receive(message.text, self._clock())
        self._taken[message.reference] = provider_id
        if len(self._taken) > KEPT:
            self._taken.popitem(last=False)
        self._report(provider_id, message.address)
        return Accepted(provider_id)

    async def find(self, message: Outbound, since: datetime, known: Collection[str] = ()) -> Found | NotFound:
        """Whether this message was taken; its reference says which it is."""
        provider_id = self._taken.get(message.reference)
        return Found(provider_id) if provider_id and provider_id not in known else NotFound()

    def _report(self, provider_id: str, number: str) -> None:
        task = asyncio.create_task(self._deliver(provider_id, number))
        self._receipts.add(task)
        task.add_done_callback(self._receipts.discard)

    async def _deliver(self, provider_id: str, number: str) -> None:
        await asyncio.sleep(self._delay.total_seconds())
        await self._webhook.receipt(provider_id, number, "delivered")
