"""Faults in flow files, gathered and printed as a good compiler prints them."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a file. `line` and `column` count from 1; `width` is how many characters to underline."""

    file: str
    line: int
    column: int
    width: int = 1
    source: str = field(default="", repr=False, compare=False)
    """The whole line, to be shown."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, on which path through the file, what, and what to write instead."""

    spot: Spot
    path: str
    what: str
    instead: str = ""

    def __str__(self) -> str:
        number = str(self.spot.line)
        margin = " " * len(number)
        lines = [f"{self.spot.file}:{self.spot.line}:{self.spot.column}: {self.what}"]
        if self.spot.source.strip():
            lines.append(f"  {number} | {self.spot.source.rstrip()}")
            lines.append(f"  {margin} | {' ' * (self.spot.column - 1)}{'^' * max(1, self.spot.width)}")
        if self.path:
            lines.append(f"  {margin} = at {self.path}")
        if self.instead:
            lines.append(f"  {margin} = {self.instead}")
        return "\n".join(lines)


class FlowErrors(Exception):  # noqa: N818  # it holds many; the plural says so
    """The flows cannot be used as they stand. `faults` are in the order of the files and say what to write instead."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.spot, fault.what)))
        super().__init__(len(self.faults))

    def __str__(self) -> str:
        count = len(self.faults)
        return (
            "\n\n".join(map(str, self.faults)) + f"\n\n{count} {'fault' if count == 1 else 'faults'} in the flow files"
        )
