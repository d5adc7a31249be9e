"""The small types that both doors work on: who may be contacted where and when, what waits to go out, what was decided.

All instants are timezone-aware UTC; days and hours are wall time in the person's own zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum


class PointState(StrEnum):
    """What we know of a contact point (R2). Stale: the answers have expired; only one bland re-check may go (R10)."""

    UNKNOWN = "unknown"
    SAFE = "safe"
    UNSAFE = "unsafe"
    STALE = "stale"


class OnSilence(StrEnum):
    """What the person agreed we do when there is no reply. Default: we wait (domain T8)."""

    WAIT = "wait"
    TRY_ONCE_MORE = "try_once_more"
    TELL_WORKER = "tell_worker"


@dataclass(frozen=True, slots=True)
class Window:
    """Hours in which contact is safe, on days 0 (Monday) to 6.

    `end` before or equal to `start` crosses midnight, and the day is the start's. The end itself is outside.
    """

    days: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class SafeContact:
    """What a person agreed for one contact point. The default allows only answers in a talk they opened (R2, R9)."""

    windows: tuple[Window, ...] = ()
    time_zone: str = "Europe/London"
    may_start: bool = False
    """May we write first (R2)?"""
    naming: bool = False
    """May words on this contact point name the service or abuse (R1)?"""
    others_see: str = "unknown"
    """Who else sees this phone: nobody, maybe, yes, unknown."""
    voice: bool = False
    """May we ring, or leave a voicemail?"""
    reminders: bool = False
    """May reminders be sent (R9)?"""
    on_silence: OnSilence = OnSilence.WAIT
    cover: str = ""
    """The id of the agreed cover line, from the reviewed catalogue; empty: silence (R6)."""


@dataclass(frozen=True, slots=True)
class Point:
    """One contact point as the gate sees it. `version` grows with every change; a send holds only for the one seen."""

    channel: str
    state: PointState = PointState.UNKNOWN
    contact: SafeContact = field(default_factory=SafeContact)
    version: int = 0
    confirmed_at: datetime | None = None
    expires_at: datetime | None = None
    opted_out: bool = False
    """STOP, in any words, or the carrier's own list (R24)."""
    paused: bool = False
    """All outbound is paused for this person (R13)."""
    in_doubt: bool = False
    """Somebody writes who is unlike the person, and nobody has shown or found out who it is (M4)."""
    mobile: bool = True
    """SMS only: not a landline or premium number (R4)."""
    may_be_tried: bool = True
    """False: this is a trial of the service, and the address was not named for it."""
    last_inbound_at: datetime | None = None
    """The last thing the person sent here in the session that is open; None when no session is open."""
    last_heard_at: datetime | None = None
    """The last thing the person ever sent in this conversation, in any session: WhatsApp counts from it (R26)."""


class Kind(StrEnum):
    """Why a message goes out; the gate's rules differ by it."""

    REPLY = "reply"
    """The bot's answer inside a talk the person opened."""
    DANGER = "danger"
    """The one short message with 999 and 55 (R29); inside a talk, never delayed."""
    PRACTITIONER = "practitioner"
    REMINDER = "reminder"
    CHECK_IN = "check_in"
    RECHECK = "recheck"
    """The bland question whether contact is still safe (R10)."""
    STAFF_ALERT = "staff_alert"
    """To a practitioner, never to a survivor: that something waits and how urgent it is."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message that waits to go out, as the gate sees it. `text` is the final rendered text."""

    kind: Kind
    text: str = field(repr=False)
    not_after: datetime
    """After this instant it is dropped, never sent late (R8)."""
    subject: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of the gate, all of them settings."""

    in_session: timedelta = timedelta(minutes=10)
    """How long after the person's last message an answer still belongs to the talk (R2)."""
    in_session_page: timedelta = timedelta(minutes=15)
    """The same for a page that must be open to show anything (web chat): as long as an idle session lasts (R21)."""
    confirmation_lasts: timedelta = timedelta(days=28)
    """How long safe-contact answers hold (R10)."""
    naming_words: frozenset[str] = frozenset()
    """The service's own names, beside the built-in words (R1)."""
    whatsapp_templates: frozenset[Kind] = frozenset()
    """The kinds of message for which the service has an approved line on WhatsApp (R26)."""


@dataclass(frozen=True, slots=True)
class Send:
    """It may go now; a provider may hold it for `validity` at most (R8), None: its default.

    `instead`: not the words go but this approved line of WhatsApp's, for its window has closed (R26).
    """

    validity: timedelta | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: ask again at `until` (UTC). `reason` is a stable code, such as `outside_hours` (R7)."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """Never. `reason` is a stable code, such as `late` or `opted_out`; `tell_worker`: a practitioner must know."""

    reason: str
    tell_worker: bool = True


Decision = Send | Hold | Drop


class Level(StrEnum):
    """How grave the signs in a message are. URGENT wakes a practitioner at once and shows the danger words (R29)."""

    NONE = "none"
    DISCLOSURE = "disclosure"
    """Abuse is told of, nothing that is happening now."""
    CONCERN = "concern"
    """Grave, but past or about somebody else, or unclear: a practitioner reads it soon."""
    URGENT = "urgent"
    """Immediate danger, or a wish to die: one short message and a person at once."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What danger was found in a text: the level, the kinds (`weapon`, `suicide`, ...) and the words that led to it."""

    level: Level = Level.NONE
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = field(default=(), repr=False)


class Course(StrEnum):
    """The one visible thing that an inbound message leads to."""

    CARRIER_WORD = "carrier_word"
    """STOP, HELP, START: the carrier has answered; we do not answer twice (R24)."""
    OPT_OUT = "opt_out"
    """A refusal in the person's own words: stop, one bland line at most."""
    EXIT = "exit"
    DURESS = "duress"
    CODE_WORD = "code_word"
    SOMEBODY_ELSE = "somebody_else"
    OWNED = "owned"
    """A practitioner owns the talk: the bot is silent."""
    SILENT = "silent"
    """Kept and told, and not answered: an edit, a reaction, a mail that is not from where it says."""
    DANGER = "danger"
    ENGINE = "engine"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One inbound message as triage sees it. `word_matches`: which agreed words it is: `code`, `duress`, `exit`."""

    channel: str
    text: str = field(repr=False)
    payload: Mapping[str, str] = field(default_factory=dict, repr=False)
    owned: bool = False
    opted_out: bool = False
    verified: bool = False
    in_session: bool = False
    age_known: bool = False
    """Have they said that they are 16 or over? Then `im 7` is no age (R36)."""
    word_matches: frozenset[str] = frozenset()
    kind: str = "message"
    """message, or an edit or a reaction, which answers no question."""
    may_answer: bool = True
    """Whether an answer would surely go to whoever wrote."""


@dataclass(frozen=True, slots=True)
class Raise:
    """An alert that triage wants raised. `reason` is a stable code; `urgency` is urgent, soon or routine."""

    reason: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What triage found: every alert there is, and one visible course."""

    course: Course
    signs: Signs = field(default_factory=Signs)
    alerts: tuple[Raise, ...] = ()
    opts_out: bool = False
    """Initiated sending to this contact point stops (R24)."""
    opts_in: bool = False
