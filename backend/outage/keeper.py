"""What a webhook does with a request that the database cannot take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backend.house import Clock, make_rules
from backend.outage.answers import Replies, Waker, words_of_last_resort
from backend.outage.spool import Kept, Spool
from backend.settings import Settings
from channels.contract import Inbound, Item, RawRequest, Sender
from safety.types import Rules
from safety.vault import Vault

FOLDER = "spool"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps requests, wakes people and finds the words that may be answered at once. `trial`: see Settings.trial."""

    spool: Spool
    waker: Waker
    rules: Rules
    trial: frozenset[str] = frozenset()
    replies: Replies = field(default_factory=lambda: Replies({}))

    async def keep(self, channel: str, request: RawRequest, items: Iterable[Item]) -> str:
        """Keep one request, durably, then meet whoever wrote it; what to answer. Raises OSError."""
        self.spool.keep(Kept(channel, request))
        return await self.meet(items)

    async def meet(self, items: Iterable[Item], now: datetime | None = None) -> str:
        """Wake somebody if a person wrote, and answer; what to say where the answer to the webhook carries words.

        `now` (UTC) where it may be later than what came.
        """
        written = [item for item in items if isinstance(item, Inbound)]
        if not written:
            return ""
        await self.waker.wake()
        may_reach = not self.trial or all(item.address.casefold() in self.trial for item in written)
        for item in written:
            await self.replies.say(words_of_last_resort([item], self.rules, may_reach=may_reach, now=now), item)
        return words_of_last_resort(written, self.rules, may_reach=may_reach, now=now)


def make_keeper(
    settings: Settings, vault: Vault, mail: Sender | None, clock: Clock, senders: Mapping[str, Sender] | None = None
) -> Keeper:
    """A keeper with its spool in the data folder. `mail` wakes people; None: nobody can be woken. `senders` say the
    words of last resort where a webhook cannot carry them."""
    spool, waker = Spool(settings.data_dir / FOLDER, vault), Waker(mail, settings.woken_in_outage, clock)
    return Keeper(spool, waker, make_rules(settings), settings.trial, Replies(senders or {}))
