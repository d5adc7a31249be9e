"""All chance of one simulation, from one seed, and the one way in which a process of it dies."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Crash(BaseException):
    """The process is gone. It is no `Exception`, so that no handler of the product can survive it.

    `result` is what the last transaction gave back, if it was committed before the end.
    """

    def __init__(self, result: object = None, *, committed: bool = False) -> None:
        super().__init__("the process is gone")
        self.result, self.committed = result, committed


class Violation(BaseException):
    """Something happened, or did not, that must never happen. No handler of the product may take it for a fault."""


class Fate:
    """What chance decides. Two simulations with the same seed and size live through the same, to the last message."""

    def __init__(self, seed: int, crashes: float) -> None:
        self.random = Random(seed)
        self.crashes = crashes
        self.dead = False
        self.seen: list[str] = []
        """Where processes died, for the report."""

    def happens(self, chance: float) -> bool:
        """Whether something with this chance (0 to 1) happens now."""
        return self.random.random() < chance

    def one_of(self, choices: Sequence[T]) -> T:
        """One of these."""
        return choices[self.random.randrange(len(choices))]

    def boundary(self, where: str) -> None:
        """Between two steps: the process may die here, and does nothing more once it is dead."""
        if self.dead:
            raise Crash
        if self.happens(self.crashes):
            self.die(where)

    def die(self, where: str, result: object = None, *, committed: bool = False) -> None:
        """Die here. Raises Crash."""
        self.dead = True
        self.seen.append(where)
        raise Crash(result, committed=committed)
