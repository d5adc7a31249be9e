"""A small network beside the linear model: it knows which words are alike, so it hears what nobody wrote a rule for.

A convolution over words in threes, the strongest answer of each filter, one small hidden layer. Trained offline by
tools/danger_network from the committed messages. The part of each word in each filter is worked out beforehand and kept
as small whole numbers, so that reading a message is adding; what a number stands for is in network.json.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from operator import mul

from safety.danger.patterns import BEGINNING, END

PLACES = 3
"""Words that a filter sees at once."""
STRETCH = 80
"""Words that are read together; of a longer message the gravest stretch counts."""
KNOWN = 0.5
"""The share of words it must know. A message in another language is left to the rules."""

Pair = tuple[float, float]
SILENT: Pair = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights by output and input, and what is added to each output."""

    weights: tuple[tuple[float, ...], ...]
    start: tuple[float, ...]

    def of(self, inputs: Sequence[float]) -> list[float]:
        """What this layer makes of its inputs."""
        return [first + sum(map(mul, row, inputs)) for row, first in zip(self.weights, self.start, strict=True)]


@dataclass(frozen=True, slots=True)
class Network:
    """`parts` holds, for each word and each of the three places, one whole number from -127 to 127 per filter."""

    words: dict[str, int] = field(repr=False)
    parts: memoryview = field(repr=False)
    start: tuple[float, ...]
    """What each filter begins with, in the units of `parts`."""
    hidden: Layer
    out: Layer

    def scores(self, words: Sequence[str]) -> Pair:
        """How much these words speak for urgent, and for anything grave; nothing when most are unknown to it."""
        known = sum(word in self.words for word in words)
        if known < KNOWN * len(words):
            return SILENT
        rows = [self.words.get(word, 0) for word in (BEGINNING, *words, END)]
        starts = range(0, max(1, len(rows) - STRETCH // 2), STRETCH // 2)
        found = [self._judged(rows[at : at + STRETCH]) for at in starts]
        return max(pair[0] for pair in found), max(pair[1] for pair in found)

    def _judged(self, rows: Sequence[int]) -> Pair:
        strongest = [max(0.0, most + first) for most, first in zip(self._strongest(rows), self.start, strict=True)]
        urgent, raised = self.out.of([max(0.0, each) for each in self.hidden.of(strongest)])
        return urgent, raised

    def _strongest(self, rows: Sequence[int]) -> list[int]:
        """The strongest answer of each filter over all places."""
        wide = len(self.start)
        nothing = bytes(wide)
        cut = [
            [self.parts[(row * PLACES + at) * wide : (row * PLACES + at + 1) * wide] for at in range(PLACES)]
            for row in rows
        ]
        before = [nothing, *(each[0] for each in cut)]
        after = [*(each[2] for each in cut[1:]), nothing]
        sums = [
            [a + b + c for a, b, c in zip(left, each[1], right, strict=True)]
            for left, each, right in zip(before, cut, after, strict=False)
        ]
        return [max(column) for column in zip(*sums, strict=True)]


@lru_cache(maxsize=1)
def network() -> Network:
    """The committed network, read on first use."""
    folder = files("safety.danger").joinpath("data")
    content = json.loads(folder.joinpath("network.json").read_text("utf-8"))
    parts = memoryview(folder.joinpath("network.bin").read_bytes()).cast("b")
    hidden, out = (Layer(tuple(map(tuple, content[name][0])), tuple(content[name][1])) for name in ("hidden", "out"))
    return Network(
        {word: row for row, word in enumerate(content["words"])}, parts, tuple(content["start"]), hidden, out
    )
