"""What the checker finds, and what a rule about texts looks like."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.faults import Fault, Spot


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should be mended. `code` is stable; an error must not go live, anything else may."""

    code: str
    spot: Spot
    path: str
    what: str
    instead: str = ""
    is_error: bool = True

    def __str__(self) -> str:
        kind = "error" if self.is_error else "note"
        return str(Fault(self.spot, self.path, f"{kind} [{self.code}]: {self.what}", self.instead))


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message as it arrives: the whole text with its numbered lines, on one channel, in one language."""

    response: str
    channel: str
    language: str
    naming: bool
    """May words name the service here (R1)?"""
    text: str = field(repr=False)
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says of a message, where a sentence is too little. An empty `code` is the rule's own."""

    what: str
    instead: str = ""
    is_error: bool = True
    code: str = ""


class FlowLint(Protocol):
    """A rule about messages that somebody else brings."""

    @property
    def code(self) -> str:
        """Its stable name."""
        ...

    def look(self, message: Rendered) -> Iterable[str | Remark]:
        """What is wrong with the message; nothing when it is fine."""
        ...


class StackLint(Protocol):
    """A rule about messages that arrive together, one under the other."""

    @property
    def code(self) -> str:
        """Its stable name."""
        ...

    def look_at_stack(self, messages: Sequence[Rendered]) -> Iterable[Remark]:
        """What is wrong with them together."""
        ...


@dataclass(frozen=True, slots=True)
class TextLint:
    """A rule about the text alone: `test` gives what is wrong, or an empty text. Empty `channels`: on all of them."""

    code: str
    test: Callable[[str], str] = field(repr=False)
    channels: frozenset[str] = frozenset()
    also_when_naming: bool = True

    def look(self, message: Rendered) -> Iterable[str]:
        """What `test` says of the message, where the rule counts."""
        counts = not self.channels or message.channel in self.channels
        if counts and (self.also_when_naming or not message.naming) and (found := self.test(message.text)):
            yield found
