"""Telling the providers where to call us, for those that learn it by a call: Telegram, as long as it is not asked.

They are told at every start, for which secret they send along none of them says. After that they are only looked at: a
provider that forgot us is told again; one that was led elsewhere is not, or two houses would fight over it. Trouble
stops nothing. It is logged by its code, and shows at the desk.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from backend.hooks import HOOKS
from backend.house import House
from backend.settings import Settings
from backend.unheard import clear, note
from channels.contract import Registrar, Registration, SendError

log = logging.getLogger("sidedoor.registrations")
LOOK_EVERY = timedelta(minutes=1)
RECENT = timedelta(minutes=5)
"""For how long a failed call speaks against a provider that still has something for us."""


def address_of(settings: Settings, channel: str) -> str:
    """Where a channel's provider is to call us. Raises StopIteration for a channel without a webhook."""
    return settings.base_url + next(hook.path for hook in HOOKS if hook.channel == channel)


@dataclass(slots=True)
class Registering:
    """Keeps one provider told."""

    house: House
    registrar: Registrar
    _told: bool = False
    _trouble: str = ""

    async def run(self) -> None:
        """Tell it, and look again every so often, until cancelled."""
        while True:
            try:
                await self.look_once()
            except Exception as error:
                log.error("%s: %s", self.registrar.name, type(error).__name__)
            await asyncio.sleep(LOOK_EVERY.total_seconds())

    async def look_once(self) -> None:
        """1. Tell or look. 2. Log what is wrong, once. 3. Keep it for the desk. Raises what the store raises."""
        name, url = self.registrar.name, address_of(self.house.settings, self.registrar.name)
        try:
            trouble = await self._settle(url)
        except SendError as error:
            trouble = error.code
        if trouble and trouble != self._trouble:
            log.warning("%s cannot call us: %s", name, trouble)
        self._trouble, now = trouble, self.house.clock()
        await self.house.store.write(lambda c: note(c, name, trouble, now) if trouble else clear(c, name))

    async def _settle(self, url: str) -> str:
        """What is wrong, as a code; empty where nothing is. Raises SendError."""
        found = await self.registrar.registered() if self._told else None
        if found is None or not found.url or (found.url == url and not found.whole):
            await self.registrar.register(url)
            self._told, found = True, await self.registrar.registered()
        return self._wrong(found, url)

    def _wrong(self, found: Registration, url: str) -> str:
        if found.url != url:
            return f"{self.registrar.name}-calls-elsewhere"
        lately = found.failed_at is not None and found.failed_at > self.house.clock() - RECENT
        return found.failure if lately and found.waiting else ""
