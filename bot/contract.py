"""What goes into one step of the engine and what comes out of it.

The engine is pure: the same flows, state, event, facts and now give the same step, always (DESIGN, R30). Nothing here
holds a number, an address or a clock. Everything is immutable; all times are timezone-aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A value that a slot may hold: it survives `json.dumps` and `json.loads` unchanged."""


# --- what comes in ---


@dataclass(frozen=True, slots=True)
class Said:
    """A person's words, or the payload of a button they pressed (`/SetSlots(a=1)`, `/intent{...}`).

    `intent`, `confidence` (0 to 1) and `entities` are what another understanding made of the words, if one was asked.
    """

    text: str = field(repr=False)
    intent: str = ""
    confidence: float = 0.0
    entities: Mapping[str, str] = field(default_factory=dict, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Danger:
    """Triage found danger in what the person just said: show `pattern_danger`, keep the place in the talk (R29)."""

    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A web page was opened: greet, as `pattern_session_start` says, without waiting for a word."""


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer that a `SetTimer` effect asked for has come due. With a fence other than the state's it does nothing."""

    name: str
    fence: str


@dataclass(frozen=True, slots=True)
class HandedBack:
    """A practitioner gave the conversation back to the bot: say so in one line and ask the open question again."""


Event = Said | Danger | Opened | TimerFired | HandedBack


@dataclass(frozen=True, slots=True)
class Facts:
    """What the house knows and the engine may use in this step.

    Readable in conditions and responses as the built-in slots `session_channel`, `session_naming`, `session_verified`,
    `session_staffed`, `session_code`, `session_word_agreed`, `session_word_fault`, `session_recheck`,
    `session_confirms`, `session_starts`, `session_about`, `session_round` and `service_*` (one for each entry of
    `service`).
    """

    channel: str = "sms"
    naming: bool = False
    """May words name the service on this contact point (R1)? False until the person has said so."""
    verified: bool = False
    """Was the agreed word, or the return code, given in this session (R12)?"""
    new_session: bool = False
    """The first event of a session: the engine runs `pattern_session_start`, whatever was open, and keeps the stack
    below."""
    staffed: bool = True
    """Are practitioners working now (R30, R32)?"""
    fresh_code: str = ""
    """A new return code for this turn, to be shown and kept only if a flow runs `action_issue_return_code` (R21)."""
    word_agreed: bool = False
    """Does an agreed word open this talk, so that without it nothing of an earlier session may be shown (R12)?"""
    word_fault: str = ""
    """Why what was just said cannot be an agreed word, as a stable code; empty: it can be (R15)."""
    recheck: bool = False
    """Does this session begin with the bland question whether contact is still safe (R10)?"""
    confirms: bool = False
    """Does something wait that the person asked for on another contact point and may confirm here (R14)?"""
    starts: str = ""
    """The flow that we begin this session for, as it was agreed, such as `check_in`; empty: they wrote first."""
    about: str = ""
    """What it is about this time, such as an area of life, through the whole session; a stable code."""
    round: int = 0
    """How often that has been before, from 0, so that words can take turns."""
    service: Mapping[str, Json] = field(default_factory=dict)
    """Settings that words may use, such as `hours` or `name`; in the session of a question of ours also its own
    words, such as `when`."""


# --- what comes out ---


@dataclass(frozen=True, slots=True)
class Choice:
    """One button or numbered line under a message. `payload` is what pressing it says."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Say:
    """Words for the person, from the reviewed catalogue. `text` is final: numbered choices are in it on channels
    without buttons."""

    response: str
    text: str = field(repr=False)
    choices: tuple[Choice, ...] = field(default=(), repr=False)
    lane: Literal["reply", "danger"] = "reply"


@dataclass(frozen=True, slots=True)
class Act:
    """A custom action (`action_*` in the domain) that the house carries out in this turn's transaction.

    `slots` are the values as they are at that step; which actions exist and what they read is told in
    docs/flow-format.md.
    """

    name: str
    slots: Mapping[str, Json] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class HandOver:
    """A person is to take over. `reason` is a stable code: asked, unclear, danger, young_person, trouble."""

    reason: str
    urgency: Literal["urgent", "soon", "routine"] = "soon"


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Ask for `TimerFired(name, fence)` in `after` from now; replaces a timer of the same name."""

    name: str
    after: timedelta
    fence: str


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """The timer of that name is no longer wanted."""

    name: str


@dataclass(frozen=True, slots=True)
class EndSession:
    """The session is over: nothing more is said in it. `reason`: exit, done, later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in the flows went wrong and the talk went on (STYLE 14). `code` and `where` hold no word that somebody
    wrote."""

    code: str
    where: str = ""


Effect = Say | Act | HandOver | SetTimer | CancelTimer | EndSession | Trouble


@dataclass(frozen=True, slots=True)
class Traced:
    """One thing that happened inside a step, for tests and for the player: (flow_started, id), (slot_was_set, name) and
    so on."""

    what: str
    name: str
    detail: str = ""
