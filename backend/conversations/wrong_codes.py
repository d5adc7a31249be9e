"""Wrong numbers to come back with: after three of them the right one waits, and a practitioner is told (R12, R21).

A wrong number is answered like any mistake. Whose it should have been is known only where it is one slip away from a
real one; one that was typed into a chat is told of with that chat, and one on the first page is counted in the log.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from backend.alerts.service import raise_alert
from backend.conversations.talk import lock_talk
from backend.house import Clock, House
from backend.store.talk import Conversation
from safety.return_code import nearly_return_codes, read_return_code

TOO_MANY = 3
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
"""How long no number of a source is looked at after too many; it doubles with each further one."""
FORGOTTEN_AFTER = timedelta(days=1)
KEPT = 10_000
"""Sources that are remembered; the one that was wrong longest ago goes first."""


def looks_like_one(text: str) -> bool:
    """Whether somebody means these words as a number to come back with."""
    return read_return_code(text) is not None or bool(nearly_return_codes(text))


@dataclass(slots=True)
class WrongCodes:
    """Counts them by where they come from, in memory. An empty source is not known: it is counted, and never slowed."""

    clock: Clock
    _wrong: dict[str, tuple[int, datetime]] = field(default_factory=dict, repr=False)

    def may_try(self, source: str) -> bool:
        """Whether a number from there is looked at now."""
        count, at = self._known(source)
        if not source or count < TOO_MANY:
            return True
        doubled: int = 2 ** min(count - TOO_MANY, 10)
        return self.clock() >= at + min(PAUSE * doubled, LONGEST_PAUSE)

    def count(self, source: str) -> bool:
        """One more was wrong; whether a practitioner is to be told."""
        count, _ = self._known(source)
        self._wrong.pop(source, None)
        self._wrong[source] = (count + 1, self.clock())
        if len(self._wrong) > KEPT:
            del self._wrong[next(iter(self._wrong))]
        return (count + 1) % TOO_MANY == 0

    def _known(self, source: str) -> tuple[int, datetime]:
        count, at = self._wrong.get(source, (0, self.clock()))
        return (0, at) if self.clock() - at > FORGOTTEN_AFTER else (count, at)


def tell(c: Connection, house: House, text: str, typed_in: int | None = None) -> None:
    """Tell a practitioner of too many: with the conversation whose number it nearly was, or that it was typed in."""
    nearly = [house.vault.index("return_code", code) for code in nearly_return_codes(text)]
    theirs = select(Conversation.id).where(Conversation.return_code_index.in_(nearly)).order_by(Conversation.id)
    found = c.execute(theirs).scalars().first()
    concerned = found or typed_in
    if concerned is None:
        house.trouble("wrong_codes", "first page")
    else:
        lock_talk(c, concerned)
        raise_alert(c, house, concerned, "wrong_codes", "soon")
