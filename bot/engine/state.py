"""Where a talk stands: small, immutable, and the same after it was written out and read back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from bot.contract import Json

Role = Literal["talk", "call", "pattern"]
"""`talk`: a flow by itself; `call`: a sub-routine of the frame below; `pattern`: something the engine does on top."""

Then = Literal["ask", "stay"]
"""What becomes of the open question below when a pattern ends: asked again, or left as it is."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow that is under way. `waiting`: its question was asked and nothing has answered it yet."""

    flow: str
    version: str
    step: str
    role: Role = "talk"
    waiting: bool = False
    then: Then = "ask"
    context: Mapping[str, Json] = field(default_factory=dict, repr=False)

    def to_json(self) -> list[Json]:
        """The frame as a short list."""
        return [self.flow, self.version, self.step, self.role, self.waiting, self.then, dict(self.context)]

    @classmethod
    def from_json(cls, data: list[Any]) -> Self:
        """The frame that `to_json` wrote."""
        return cls(*data)


Path = tuple[tuple[str, str], ...]
"""A question and how it was reached: (flow, step) of the talk, of the flows it called, and last of the question itself.
"""


@dataclass(frozen=True, slots=True)
class State:
    """One person's talk. It holds what they said, so it is never logged and shows none of it in a repr."""

    slots: Mapping[str, Json] = field(default_factory=dict, repr=False)
    """Only those that differ from their initial value."""
    stack: tuple[Frame, ...] = ()
    parked: tuple[Frame, ...] = ()
    """What was open when a newer session began."""
    asked: tuple[Path, ...] = ()
    """The questions that led to where the talk stands, in order."""
    unsettled: tuple[Path, ...] = ()
    """After a change: the questions that came after the changed one and were not reached again yet."""
    skipped: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    """The actions (flow/step) that ran in the open talk; following a changed answer does not run them again."""
    misses: int = 0
    """How many unclear or refused answers in a row the open question has had."""
    said: tuple[str, ...] = ()
    """The responses of the last turn that said something."""
    listed: tuple[str, ...] = ()
    """The slots of the last numbered list, in its order."""
    asks: int = 0
    """Grows with every question that is asked; the fence of timers."""
    silences: int = 0
    """How many silence timers of the open question have fired."""
    timed: bool = False
    """A silence timer was asked for and neither fired nor was taken back."""
    hushed: bool = False
    """Danger was the last thing that happened."""
    session_due: bool = False
    """A session began with danger; its opening words are still to come."""
    changing: Path = ()
    """The earlier question that is being answered anew; empty when there is none."""
    undo: "State | None" = field(default=None, repr=False)
    """Where the talk stood before a change that is under way."""

    def to_json(self) -> dict[str, Any]:
        """Plain values that survive `json.dumps` and `json.loads`; what is empty is left out."""
        written: dict[str, Any] = {
            "slots": dict(self.slots),
            "stack": [frame.to_json() for frame in self.stack],
            "parked": [frame.to_json() for frame in self.parked],
            "asked": [_flat(path) for path in self.asked],
            "unsettled": [_flat(path) for path in self.unsettled],
            "changing": _flat(self.changing),
            "undo": self.undo.to_json() if self.undo else None,
        }
        written |= {name: list(getattr(self, name)) for name in _LISTS}
        written |= {name: getattr(self, name) for name in _PLAIN}
        return {name: value for name, value in written.items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The state that `to_json` wrote."""
        fields: dict[str, Any] = {name: data[name] for name in _PLAIN if name in data}
        fields |= {name: tuple(data[name]) for name in _LISTS if name in data}
        fields |= {name: tuple(map(_path, data[name])) for name in ("asked", "unsettled") if name in data}
        fields |= {name: tuple(map(Frame.from_json, data[name])) for name in ("stack", "parked") if name in data}
        fields["changing"] = _path(data.get("changing", []))
        undo = data.get("undo")
        return cls(slots=data.get("slots", {}), undo=cls.from_json(undo) if undo else None, **fields)


_LISTS = ("skipped", "done", "said", "listed")
_PLAIN = ("misses", "asks", "silences", "timed", "hushed", "session_due")


def _flat(path: Path) -> list[str]:
    return [name for pair in path for name in pair]


def _path(flat: list[str]) -> Path:
    return tuple(zip(flat[::2], flat[1::2], strict=True))
