"""What the flow files say, as typed and compiled models. Everything is immutable after loading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from bot.contract import Json
from bot.faults import Fault, Spot
from bot.language.conditions import Condition
from bot.language.templates import Template

if TYPE_CHECKING:
    from bot.understanding import Understanding

END = "END"
ANYWHERE = Spot("", 0, 0)


# --- responses -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """One option under a text: its title and payload, and both in other languages."""

    title: Template
    payload: str
    translations: Mapping[str, tuple[Template, str]] = field(default_factory=dict)
    spot: Spot = ANYWHERE

    def in_language(self, language: str) -> tuple[Template, str]:
        """Title and payload in `language`, or as written."""
        return self.translations.get(language, (self.title, self.payload))


@dataclass(frozen=True, slots=True)
class Variation:
    """One way of saying a response: for one channel or all, under a condition or always."""

    text: Template
    translations: Mapping[str, Template] = field(default_factory=dict)
    channel: str = ""
    condition: Condition | None = None
    buttons: tuple[Button, ...] = ()
    spot: Spot = ANYWHERE

    def in_language(self, language: str) -> Template:
        """The text in `language`, or as written."""
        return self.translations.get(language, self.text)


@dataclass(frozen=True, slots=True)
class Response:
    """A reviewed text under its name; variations in the order of the file. `own`: from the project, not a default."""

    name: str
    variations: tuple[Variation, ...]
    spot: Spot = ANYWHERE
    own: bool = True


# --- slots -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rejection:
    """An answer that is refused, and the response that says so."""

    condition: Condition
    utter: str


@dataclass(frozen=True, slots=True)
class SlotMapping:
    """One way in which a slot fills from a message. Empty fields do not restrict."""

    kind: str
    intents: frozenset[str] = frozenset()
    not_intents: frozenset[str] = frozenset()
    entity: str = ""
    value: Json = None
    active_flows: frozenset[str] = frozenset()

    def applies(self, intent: str, open_flows: Iterable[str]) -> bool:
        """Whether it counts for a message of this intent while these flows are open."""
        right_intent = (not self.intents or intent in self.intents) and intent not in self.not_intents
        return right_intent and (not self.active_flows or any(flow in self.active_flows for flow in open_flows))


@dataclass(frozen=True, slots=True)
class Slot:
    """What is kept under one name, how it is read and what it is called."""

    name: str
    kind: str
    initial: Json = None
    values: tuple[Json, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    mappings: tuple[SlotMapping, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    refill_utter: str = ""
    reader: str = ""
    many: bool = False
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    label: str = ""
    why: str = ""
    again: str = ""
    rest: str = ""
    sensitive: bool = False
    skippable: bool = True
    from_start: bool = False
    spot: Spot = ANYWHERE

    @property
    def only_buttons(self) -> bool:
        """Whether typed words cannot fill it: all its mappings are `controlled`."""
        return bool(self.mappings) and all(mapping.kind == "controlled" for mapping in self.mappings)


# --- flows -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """One way on from a step: to `target` when `condition` holds, or always."""

    target: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """What happens `after` a question when nothing was typed, on `channels`."""

    after: timedelta
    then: Literal["nudge", "pause", "end", "pattern"]
    channels: frozenset[str]
    utter: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What all steps have: an id that is unique in the flow, the ways on, a place in the file."""

    id: str
    ways: tuple[Way, ...]
    spot: Spot = ANYWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStep(Step):
    """Says a response or runs an action. A name with `{{` is filled in when it runs."""

    action: str
    reason: str = ""
    urgency: Literal["urgent", "soon", "routine"] = "soon"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectStep(Step):
    """Asks for a slot and waits."""

    slot: str
    utter: str
    ask_action: str = ""
    ask_before_filling: bool = False
    rejections: tuple[Rejection, ...] = ()
    force: bool = False
    silences: tuple[Silence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStep(Step):
    """Sets slots to literal values."""

    values: tuple[tuple[str, Json], ...]
    spots: tuple[Spot, ...] = ()
    """Where each value stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStep(Step):
    """Ends the flow and starts another."""

    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStep(Step):
    """Runs a flow and comes back."""

    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoopStep(Step):
    """Only branches."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """An intent that starts a flow when its confidence is at least `threshold`."""

    intent: str
    threshold: float


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow. `version` is a hash of its content; `resets` are the slots that go when it ends."""

    id: str
    name: str
    names: Mapping[str, str]
    description: str
    steps: Mapping[str, Step]
    first: str
    version: str
    guard: Condition | None = None
    triggers: tuple[Trigger, ...] = ()
    persisted: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    """Slots whose collect says `reset_after_flow_ends: false`."""
    run_pattern_completed: bool = True
    resumable: bool = True
    anytime: bool = False
    """May it come between the questions of `pattern_session_start`?"""
    resets: frozenset[str] = frozenset()
    ahead: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict, repr=False)
    """For each step the questions (flow, step) that may still be asked from there, backward jumps left out."""
    own: bool = True
    spot: Spot = ANYWHERE

    @property
    def is_pattern(self) -> bool:
        """Whether the engine runs it by itself."""
        return self.id.startswith("pattern_")


@dataclass(frozen=True, slots=True)
class Migration:
    """Where people go on who stand in a flow that has changed."""

    flow: str
    to: str
    steps: Mapping[str, str]
    slots: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Flows:
    """A whole project, checked and compiled. `version` is a hash of it; `notes` say what was read and does nothing."""

    version: str
    flows: Mapping[str, Flow]
    slots: Mapping[str, Slot]
    responses: Mapping[str, Response]
    actions: frozenset[str]
    languages: tuple[str, ...]
    """The first is the language that texts are written in."""
    triggers: Mapping[str, tuple[str, float]]
    """Intent to flow and threshold."""
    initial: Mapping[str, Json]
    """Every slot with its initial value; the built-in ones with null."""
    titles: Mapping[str, Mapping[str, Button]]
    """Slot to value, as text, to the button that gives it."""
    migrations: tuple[Migration, ...]
    understanding: "Understanding" = field(repr=False)
    session_expiration: timedelta = timedelta(minutes=60)
    carry_over_slots: bool = True
    default_responses: frozenset[str] = frozenset()
    """The names of the engine's own responses, whether or not the project says them in other words."""
    fills_from_intents: bool = False
    """Does any slot map from an intent or an entity?"""
    notes: tuple[Fault, ...] = ()
    nlu: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
