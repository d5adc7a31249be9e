"""The safety rules for texts, as the flow checker takes them: `bot` knows none of them, `safety` knows no flow."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot import Flows
from bot.checker import FlowLint, Rendered, TextLint
from bot.language.models import ActionStep
from safety import lint

SMS = frozenset({"sms"})
PREVIEWED = frozenset({"sms", "whatsapp", "telegram", "email"})
"""Channels whose messages show on a lock screen."""


def flow_lints(flows: Flows, naming_words: frozenset[str] = frozenset()) -> tuple[FlowLint, ...]:
    """Every rule that is about words alone. `naming_words` are the service's own names (R1)."""
    return (
        TextLint("names_service", lambda text: _names_it(text, naming_words), also_when_naming=False),
        TextLint("carrier_word", _asks_for_carrier_word),
        TextLint("lock_screen", lambda text: _shows_on_lock_screen(text, naming_words), PREVIEWED),
        SeveralSegments(_said_in_danger(flows)),
        OutsideAlphabet(flows.languages[0]),
    )


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


def _names_it(text: str, naming_words: frozenset[str]) -> str:
    found = lint.names_service(text, naming_words)
    return f"{_listed(found)} names the service or abuse, where naming may be off (R1)" if found else ""


def _asks_for_carrier_word(text: str) -> str:
    found = lint.asks_for_carrier_word(text)
    return f"it asks for {_listed(found)}, which carriers keep for themselves (R24)" if found else ""


def _shows_on_lock_screen(text: str, naming_words: frozenset[str]) -> str:
    """A notification shows the first 40 characters to whoever looks, also where naming was chosen (R5)."""
    shown = lint.lock_screen(text)
    found = (*lint.names_service(shown, naming_words), *lint.personal(shown))
    return f"a lock screen shows {_listed(found)} in its first {lint.LOCK_SCREEN} characters (R5)" if found else ""


def _listed(found: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in found)


def _said_in_danger(flows: Flows) -> frozenset[str]:
    steps = flows.flows["pattern_danger"].steps.values()
    return frozenset(step.action for step in steps if isinstance(step, ActionStep))
