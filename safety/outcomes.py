"""The small types of a check-in that got no right answer: what happened to it, what was agreed, what comes next.

All instants are timezone-aware UTC.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """What is known of one check-in. Each is another thing, and none is ever taken for another."""

    NOT_SENT = "not_sent"
    """It never left us: the gate dropped it, it was late after an outage, or the provider did not take it."""
    UNCERTAIN = "uncertain"
    """Nobody can say whether it left us."""
    UNDELIVERED = "undelivered"
    """The provider says that it did not arrive."""
    SENT = "sent"
    """It left us, and the channel has said no more. Telegram and many carriers never do."""
    UNREAD = "unread"
    """It arrived, and nobody is known to have opened it."""
    SILENT = "silent"
    """Somebody has read it, and nothing came back."""
    WRONG_WORD = "wrong_word"
    """It was answered with a word that is not the agreed one."""
    SOMEBODY_ELSE = "somebody_else"
    """It was answered by somebody who is not the person (R6)."""
    ANSWERED = "answered"
    """It was answered by the person."""


class Step(StrEnum):
    """What may be done about it, from the least to the most. The last two are done by people, never by the machine."""

    WAIT = "wait"
    """Nobody could have heard an answer: ask again when that is over."""
    TRY_ONCE_MORE = "try_once_more"
    """The same agreed words once more, on the same contact point; the gate still decides."""
    TELL_WORKER = "tell_worker"
    TRUSTED_CONTACT = "trusted_contact"
    """A worker speaks to somebody whom the person named for it."""
    POLICE = "police"
    """A worker asks the police to look, as the person consented."""


@dataclass(frozen=True, slots=True)
class AgreedLadder:
    """What the person agreed beforehand for a check-in that goes unanswered. The default: we wait (domain T8)."""

    grace: timedelta = timedelta(hours=1)
    """How long they have to answer before anything happens; again after a second try."""
    try_once_more: bool = False
    tell_worker: bool = False
    trusted_contact: bool = False
    police: bool = False

    def __post_init__(self) -> None:
        if self.grace <= timedelta(0):
            raise ValueError("the grace must be longer than nothing")
        if (self.trusted_contact or self.police) and not self.tell_worker:
            raise ValueError("a trusted contact and the police are a worker's step, so a worker must be told")


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One check-in, as far as it has come."""

    outcome: Outcome
    since: datetime
    """From when on they could have answered: the last time it was sent, or is known to have arrived."""
    taken: frozenset[Step] = frozenset()
    """The steps that were taken about it."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which we, or the provider, could not have heard an answer. `end` None: it is not over."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next and not before `at`. `reason` is a stable code; `urgency` is urgent, soon or routine.

    `open_to_worker` are the steps that the person agreed a worker may take after looking at it: never the machine.
    """

    step: Step
    at: datetime
    reason: str
    urgency: str = "routine"
    told: str = ""
    """What the worker is told: fixed words, which hold nothing about anybody."""
    open_to_worker: tuple[Step, ...] = ()
