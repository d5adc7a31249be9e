"""The asynchronous edge of the turn: slow work first, then the transaction, then the bell."""

import asyncio
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError

from backend.conversations.blocked import shut_door
from backend.conversations.last_resort import keep_for_a_person
from backend.conversations.receipts import apply_receipt
from backend.conversations.turn import Turn, take_turn
from backend.house import House
from backend.store import FAULTS_OF_THE_WORK
from channels.contract import Acknowledger, Blocked, Ignored, Inbound, Item, Receipt
from safety import secret_words

log = logging.getLogger("sidedoor.intake")
SLOW_HASHES_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes items in. `counts` says how many ended in each word: written, duplicate, ignored, failed (STYLE 3)."""

    house: House
    counts: Counter[str] = field(default_factory=Counter)
    _telling: set[asyncio.Task[None]] = field(default_factory=set)
    _slow: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(SLOW_HASHES_AT_ONCE, "slow-hash"))

    async def take(self, item: Item) -> str:
        """Take one item in; the word it ended in, once it is durable. Raises what the store raises, as failed."""
        try:
            word = await self._take(item)
        except Exception:
            self.counts["failed"] += 1
            raise
        self.counts[word] += 1
        return word

    async def message(self, inbound: Inbound) -> Turn:
        """One turn: the slow hash and the second reading before the transaction, the turn inside, the dispatcher's bell
        after it."""
        word, said = await asyncio.gather(self._slow_hash(inbound), self.house.listener.hear(inbound.text))
        try:
            turn = await self.house.store.write(lambda c: take_turn(c, self.house, inbound, word, said))
        except Exception as error:
            if isinstance(error, DBAPIError) and not isinstance(error, FAULTS_OF_THE_WORK):
                raise  # nothing can be written down: the provider has to try again
            log.error("a turn broke: %s", type(error).__name__)
            turn = await self.house.store.write(lambda c: keep_for_a_person(c, self.house, inbound))
        self.house.wake.ring()
        self._acknowledge(inbound)
        return turn

    def _acknowledge(self, inbound: Inbound) -> None:
        """Tell the provider that a press was heard, after the commit and beside everything else."""
        sender = self.house.senders.get(inbound.channel)
        if isinstance(sender, Acknowledger):
            task = asyncio.create_task(sender.acknowledge(inbound))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _take(self, item: Item) -> str:
        match item:
            case Inbound():
                return (await self.message(item)).outcome
            case Receipt():
                known = await self.house.store.write(lambda c: apply_receipt(c, self.house, item))
                return "written" if known else "ignored"
            case Blocked():
                known = await self.house.store.write(lambda c: shut_door(c, self.house, item))
                return "written" if known else "ignored"
            case Ignored():
                return "ignored"

    async def _slow_hash(self, inbound: Inbound) -> bytes | None:
        """The same slow work for every sender, known or not, whenever a message could be an agreed word at all (R12,
        R15)."""
        word = secret_words.candidate(inbound.text)
        if word is None:
            return None
        salt = self.house.vault.salt("word", f"{inbound.channel}:{inbound.address}")
        return await asyncio.get_running_loop().run_in_executor(self._slow, secret_words.slow_hash, word, salt)
