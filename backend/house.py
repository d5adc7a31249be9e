"""What every room of the backend is handed: settings, store, vault, flows, clock, ids and the channels' senders."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from backend.settings import Settings
from backend.store import Store
from backend.store.base import Ids
from backend.understanding.listener import BuiltInAlone, Listener
from bot import Flows
from channels.contract import Sender
from safety.types import Rules
from safety.vault import Vault

log = logging.getLogger("sidedoor")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The instant, aware, in UTC."""
    return datetime.now(UTC)


class Wake:
    """Lets a committed turn wake the dispatcher of this process at once; polling is only the safety net."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Something may be due now. Called on the event loop."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Until somebody rings, or at most `seconds`.

        Not by `asyncio.wait_for`: in Python 3.11 who is rung just as it is cancelled goes on, and so would a worker.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        finally:
            self._event.clear()


@dataclass(frozen=True, kw_only=True)
class House:
    """The parts, each replaceable by an argument (STYLE 19). Services take it whole and use what they need."""

    settings: Settings
    store: Store
    vault: Vault
    flows: Flows
    senders: Mapping[str, Sender]
    rules: Rules = field(default_factory=Rules)
    listener: Listener = field(default_factory=BuiltInAlone)
    clock: Clock = utc_now
    new_id: Callable[[], int] = field(default_factory=Ids)
    wake: Wake = field(default_factory=Wake)
    demo: bool = False

    def may_reach(self, channel: str, address: str) -> bool:
        """Whether anything may be sent there at all: in a trial only to those who were named for it. A page that
        somebody has opened is theirs to see."""
        trial = self.settings.trial
        return not trial or channel == "webchat" or address.casefold() in trial

    def trouble(self, code: str, where: str = "") -> None:
        """Something in the flows went wrong and the talk went on (STYLE 14); both are codes, never a word that somebody
        wrote."""
        log.warning("trouble %s at %s", code, where)


def make_rules(settings: Settings) -> Rules:
    """The gate's numbers and the names that must not go out where naming is off (R1)."""
    names = [settings.service_name, *settings.service_naming_words.split(",")]
    return replace(
        Rules(),
        in_session=timedelta(minutes=settings.reply_minutes),
        in_session_page=timedelta(minutes=settings.web_idle_minutes),
        confirmation_lasts=timedelta(days=settings.safe_contact_days),
        naming_words=frozenset(name.strip().casefold() for name in names if name.strip()),
        whatsapp_templates=settings.whatsapp_kinds,
    )
