"""The safety rules for texts, as the flow checker takes them: `bot` knows none of them, `safety` knows no flow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot import Flows
from bot.checker import FlowLint, Remark, Rendered, StackLint, TextLint
from bot.language.models import ActionStep
from safety import exposure, lint

SMS = frozenset({"sms"})


def flow_lints(flows: Flows, naming_words: frozenset[str] = frozenset()) -> tuple[FlowLint, ...]:
    """Every rule that is about words alone. `naming_words` are the service's own names (R1)."""
    return (
        Naming(naming_words),
        TextLint("carrier_word", _asks_for_carrier_word),
        Exposure(naming_words),
        SeveralSegments(_said_in_danger(flows)),
        OutsideAlphabet(flows.languages[0]),
    )


def stack_lints(naming_words: frozenset[str] = frozenset()) -> tuple[StackLint, ...]:
    """Every rule about messages that arrive together."""
    return (Exposure(naming_words),)


@dataclass(frozen=True, slots=True)
class Naming:
    """No word and no button names the service or abuse, where naming may be off (R1)."""

    names: frozenset[str] = field(repr=False)
    code: str = field(default="names_service", init=False)

    def look(self, message: Rendered) -> Iterable[str]:
        """The words that do."""
        found = lint.names_service("\n".join((message.text, *message.titles)), self.names)
        if found and not message.naming:
            yield f"{_listed(found)} names the service or abuse, where naming may be off (R1)"


@dataclass(frozen=True, slots=True)
class Exposure:
    """What somebody who holds the phone sees of a message, or of several, without being asked (R1, R5)."""

    names: frozenset[str] = field(repr=False)
    code: str = field(default="lock_screen", init=False)

    def look(self, message: Rendered) -> Iterable[Remark]:
        """What one message gives away, also where naming was chosen: whoever looks at a screen did not choose it."""
        for found in exposure.look_at(message.channel, _as_shown(message), naming=message.naming, names=self.names):
            yield _remark(found)

    def look_at_stack(self, messages: Sequence[Rendered]) -> Iterable[Remark]:
        """What they give away together."""
        if exposure.CHANNELS[messages[0].channel].previewed:
            shown, naming = [_as_shown(message) for message in messages], messages[0].naming
            yield from map(_remark, exposure.look_at_stack(shown, naming=naming, names=self.names))


@dataclass(frozen=True, slots=True)
class SeveralSegments:
    """One text is one segment (R5). What is said in danger may take two: 999, silence and 55 must be in one message
    (R29)."""

    in_danger: frozenset[str]
    code: str = field(default="segments", init=False)

    def look(self, message: Rendered) -> Iterable[str]:
        """How many segments the message takes, where it takes too many."""
        allowed = 2 if message.response in self.in_danger else 1
        size = lint.segments(message.text)
        if message.channel in SMS and size.count > allowed:
            yield f"{size.units} units in {size.encoding} make {size.count} segments; {allowed} may be sent (R5)"


@dataclass(frozen=True, slots=True)
class OutsideAlphabet:
    """The language that texts are written in keeps to the alphabet of SMS; a translation may need another (R5)."""

    language: str
    code: str = field(default="not_gsm7", init=False)

    def look(self, message: Rendered) -> Iterable[str]:
        """The signs that halve what fits into a segment."""
        if message.channel in SMS and message.language == self.language and (signs := lint.not_gsm7(message.text)):
            yield f"{_listed(signs)} is not in the alphabet of SMS, so less than half as much fits (R5)"


def _asks_for_carrier_word(text: str) -> str:
    found = lint.asks_for_carrier_word(text)
    return f"it asks for {_listed(found)}, which carriers keep for themselves (R24)" if found else ""


def _as_shown(message: Rendered) -> exposure.Shown:
    return exposure.Shown(message.text, choices=message.titles)


def _remark(found: exposure.Finding) -> Remark:
    return Remark(found.what, found.instead, found.leaks, found.code)


def _listed(found: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in found)


def _said_in_danger(flows: Flows) -> frozenset[str]:
    steps = flows.flows["pattern_danger"].steps.values()
    return frozenset(step.action for step in steps if isinstance(step, ActionStep))
