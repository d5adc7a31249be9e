"""What the engine asks of a typed answer and what it is told.

No `repr` here shows a word that somebody wrote (R38): everything that holds one has `repr=False`.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime

from bot.contract import Json


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that was offered. Its number is its place in the menu, from 1; `words` are other ways of saying it.

    A title or word such as `13-15`, `under 13`, `18+` or `18 or over` also stands for the numbers in that range.
    """

    value: str
    title: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that a text may answer. `now` is the person's own wall time, timezone-aware.

    `minimum` and `maximum` bound a number or a scale, both included; `many` lets a choice have several answers.
    """

    reader: str
    _: KW_ONLY
    options: tuple[Option, ...] = ()
    many: bool = False
    minimum: float | None = None
    maximum: float | None = None
    language: str = "en"
    now: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, how sure the reader is of it (0 to 1), and the words it was read from.

    `rest` holds the words left over that say something more, such as "but dont ring": who stores the value keeps them.
    """

    value: Json = field(repr=False)
    confidence: float
    source: str = field(repr=False)
    rest: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Intent:
    """The likeliest intent by example; an empty name when nothing comes near. `entities` as marked in the examples."""

    name: str
    confidence: float
    entities: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Command:
    """A word to the bot about the talk itself.

    `name`: skip, why, repeat, back, change, leave_it, wait, later, restart, help, person, exit or resume.

    `argument` is what to change ("my name"), in the person's words; empty for all the others.
    """

    name: str
    argument: str = field(repr=False)
    confidence: float
