"""What a test file says, as typed steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.contract import Json

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning: when a case begins that does not say so."""


@dataclass(frozen=True, slots=True)
class SlotWanted:
    """A slot and, if it is given, the value it should have."""

    name: str
    value: Json = None
    any_value: bool = True


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion under a user step: its kind and what it wants."""

    kind: str
    wanted: Json


@dataclass(frozen=True, slots=True)
class UserSays:
    """A person says something."""

    text: str
    assertions: tuple[Assertion, ...] = ()
    in_order: bool = False


@dataclass(frozen=True, slots=True)
class Happens:
    """Another event: danger, opened, handed_back or timer."""

    event: str
    name: str = "silence"


@dataclass(frozen=True, slots=True)
class TimePasses:
    """The clock moves."""

    by: timedelta


@dataclass(frozen=True, slots=True)
class FactsChange:
    """What the house knows changes from here on; `new_session` is for the next event alone."""

    facts: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class BotSays:
    """The bot says exactly this text."""

    text: str


@dataclass(frozen=True, slots=True)
class BotUtters:
    """The bot says this response."""

    response: str


@dataclass(frozen=True, slots=True)
class SlotsAre:
    """Slots were set, or were not (`wanted` False)."""

    slots: tuple[SlotWanted, ...]
    wanted: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What the house was told: hand_over, acted, ended, trouble, not_said, silent."""

    kind: str
    value: Json


Event = UserSays | Happens
Change = TimePasses | FactsChange
Check = BotSays | BotUtters | SlotsAre | Effect
CaseStep = Event | Change | Check


@dataclass(frozen=True, slots=True)
class Placed:
    """A step and the line it stands on."""

    step: CaseStep
    line: int


@dataclass(frozen=True, slots=True)
class Stub:
    """What a custom action does in a test: slots it sets, responses or texts it says."""

    slots: tuple[tuple[str, Json], ...] = ()
    says: tuple[tuple[str, str], ...] = ()
    """Pairs of response and text; one of the two is empty."""


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation."""

    name: str
    file: str
    line: int
    steps: tuple[Placed, ...]
    slots: Mapping[str, Json] = field(default_factory=dict)
    settings: Mapping[str, Json] = field(default_factory=dict)
    stubs: Mapping[str, Stub] = field(default_factory=dict)

    @property
    def only_assertions(self) -> bool:
        """Once any user step has assertions, `bot`, `utter` and slot steps are not checked."""
        return any(isinstance(placed.step, UserSays) and placed.step.assertions for placed in self.steps)
