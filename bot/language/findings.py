"""Gathers faults and notes while files are read, and reads the small things of which every section is made."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from bot.contract import Json
from bot.faults import Fault, Spot
from bot.language.condition_words import ConditionError
from bot.language.conditions import Condition, compile_condition
from bot.language.keys import KEYS, Ignored, Refused
from bot.language.yamlfile import Part


class Findings:
    """What was found wrong (`faults`) and what was found idle (`notes`)."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []

    def fault(self, part: Part, what: str, instead: str = "", *, at_key: bool = False) -> None:
        """Records a fault at `part`."""
        self.faults.append(part.fault(what, instead, at_key=at_key))

    def fault_at(self, spot: Spot, path: str, what: str, instead: str = "") -> None:
        """Records a fault at a place that was kept from before."""
        self.faults.append(Fault(spot, path, what, instead))

    def note(self, part: Part, what: str) -> None:
        """Records something that may stand but does nothing, or less than it says."""
        self.notes.append(part.fault(what, at_key=True))

    # --- shapes ---

    def section(self, part: Part, place: str) -> dict[str, Part]:
        """The read keys of a map that is a `place` of the table; all others become faults or notes."""
        if not self.is_map(part, place):
            return {}
        table = KEYS[place]
        kept: dict[str, Part] = {}
        for key, value in part.items().items():
            fate = table.get(key, "unknown")
            if isinstance(fate, Refused):
                self.fault(value, f"`{key}` is not read here: {fate.why}", fate.instead, at_key=True)
            elif isinstance(fate, Ignored):
                self.note(value, f"`{key}` is ignored: {fate.why}")
            elif fate == "unknown":
                self._unknown(key, value, place, table)
            else:
                kept[key] = value
        return kept

    def _unknown(self, key: str, value: Part, place: str, table: Iterable[str]) -> None:
        names = list(table)
        near = get_close_matches(key, names, n=1)
        a_place = f"an {place}" if place[0] in "aeiou" else f"a {place}"
        instead = f"did you mean `{near[0]}`?" if near else f"{a_place} may have: {', '.join(names)}"
        self.fault(value, f"{a_place} has no key `{key}`", instead, at_key=True)

    def is_map(self, part: Part, what: str) -> bool:
        """Whether `part` is a map; records a fault if not."""
        if not part.is_map:
            self.fault(part, f"a {what} must be a map", "write `key: value` lines, indented below it")
        return part.is_map

    def items(self, part: Part | None, what: str) -> Iterator[Part]:
        """The parts of a list; a fault and nothing if it is no list."""
        if part is None:
            return
        if not part.is_list:
            self.fault(part, f"{what} must be a list", "write each on a line of its own after `- `")
            return
        yield from part

    # --- scalars ---

    def text(self, part: Part | None, what: str, default: str = "") -> str:
        """A text; numbers and booleans count as what is written. `default` when it is not there or faulty."""
        if part is None:
            return default
        if part.is_map or part.is_list or part.scalar is None:
            self.fault(part, f"{what} must be text", "quote it if it has a `:` or `{` in it")
            return default
        return str(part.node.value)

    def flag(self, part: Part | None, what: str, default: bool) -> bool:
        """A boolean; `default` when it is not there or faulty."""
        if part is None:
            return default
        if not isinstance(part.scalar, bool):
            self.fault(part, f"{what} must be true or false", "write `true` or `false`")
            return default
        return part.scalar

    def number(self, part: Part | None, what: str) -> float | None:
        """A number, or None."""
        if part is None:
            return None
        value = part.scalar
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(part, f"{what} must be a number", "write it without quotes")
            return None
        return value

    def names(self, part: Part | None, what: str) -> tuple[str, ...]:
        """A list of names, or one name by itself."""
        if part is None:
            return ()
        if not part.is_list and not part.is_map:
            return (self.text(part, what),)
        return tuple(name for item in self.items(part, what) if (name := self.text(item, f"each of {what}")))

    def one_of(self, part: Part | None, what: str, allowed: Iterable[str], default: str) -> str:
        """One of the `allowed` words; `default` when it is not there or faulty."""
        if part is None:
            return default
        value, words = self.text(part, what), sorted(allowed)
        if value in words:
            return value
        near = get_close_matches(value, words, n=1)
        self.fault(
            part,
            f"{what} cannot be `{value}`",
            f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(words)}",
        )
        return default

    def value(self, part: Part | None) -> Json:
        """Any value."""
        return None if part is None else part.plain()

    def condition(self, part: Part) -> Condition | None:
        """A compiled condition, or None after a fault."""
        source = part.scalar
        if not isinstance(source, str | bool):
            self.fault(part, "a condition must be text, true or false", "write it like `slots.age > 17`")
            return None
        try:
            condition = compile_condition(source)
        except ConditionError as error:
            self._not_a_condition(part, error)
            return None
        if condition.mixed:
            self.note(
                part, "`and` and `or` stand side by side: they bind to the right, which may surprise; use brackets"
            )
        return replace(condition, spot=part.spot())

    def _not_a_condition(self, part: Part, error: ConditionError) -> None:
        spot = part.spot()
        written = str(part.node.value)
        start = spot.source.find(written)
        if "\n" not in written and start >= 0:
            spot = Spot(spot.file, spot.line, start + 1 + min(error.at, len(written)), 1, spot.source)
        self.fault_at(spot, part.path, error.what, error.instead)
