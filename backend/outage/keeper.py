"""What a webhook does with a request that the database cannot take."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.house import Clock, make_rules
from backend.outage.answers import Waker, words_of_last_resort
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

    async def keep(self, channel: str, request: RawRequest, items: Iterable[Item]) -> str:
        """Keep one request, durably, then wake somebody if a person wrote it; what to answer. Raises OSError."""
        written = [item for item in items if isinstance(item, Inbound)]
        self.spool.keep(Kept(channel, request))
        if not written:
            return ""
        await self.waker.wake()
        may_reach = not self.trial or all(item.address.casefold() in self.trial for item in written)
        return words_of_last_resort(written, self.rules, may_reach=may_reach)


def make_keeper(settings: Settings, vault: Vault, mail: Sender | None, clock: Clock) -> Keeper:
    """A keeper with its spool in the data folder. `mail` wakes people; None: nobody can be woken."""
    spool, waker = Spool(settings.data_dir / FOLDER, vault), Waker(mail, settings.woken_in_outage, clock)
    return Keeper(spool, waker, make_rules(settings), settings.trial)
