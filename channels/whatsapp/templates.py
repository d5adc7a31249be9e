"""Whether a template may go: approved by WhatsApp as a utility, and in the very words that were judged (R1, R26)."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from channels.contract import SendError

GOOD_FOR = 3600.0
"""Seconds for which an approval is believed; WhatsApp may pause a template at any time, and then answers 63041."""


@dataclass(frozen=True, slots=True)
class Template:
    """What Twilio's Content API says of one template: its approval by WhatsApp, its category and its words."""

    status: str
    category: str
    body: str = field(repr=False)

    def fault(self, words: str) -> str:
        """Why it may not go in the place of these words, as a stable code; empty: it may."""
        if self.status != "approved":
            return f"template-{self.status or 'unknown'}"[:40]
        if self.category.upper() != "UTILITY":
            return "template-no-utility"
        return "" if self.body == words else "template-other-words"


Ask = Callable[[str], Awaitable[Template]]
"""Asks the Content API about one template. Raises SendError."""


@dataclass(slots=True)
class Templates:
    """The templates of a service by the kind of message; what was approved is remembered for a while."""

    sids: Mapping[str, str]
    ask: Ask
    seconds: Callable[[], float] = time.monotonic
    _approved: dict[tuple[str, str], float] = field(default_factory=dict, repr=False)

    async def approved(self, kind: str, words: str) -> str:
        """The id of the template for a kind. Raises SendError where there is none, or it may not go."""
        sid = self.sids.get(kind)
        if sid is None:
            raise SendError("template-missing", tell_staff=True)
        if self._approved.get((sid, words), float("-inf")) + GOOD_FOR <= self.seconds():
            await self._check(sid, words)
        return sid

    async def _check(self, sid: str, words: str) -> None:
        try:
            template = await self.ask(sid)
        except SendError as error:
            # nothing was offered yet, so nothing is unknown
            failure = SendError(error.code, retryable=error.retryable, tell_staff=error.tell_staff)
        else:
            if not (fault := template.fault(words)):
                self._approved[sid, words] = self.seconds()
                return
            failure = SendError(fault, tell_staff=True)
        raise failure
