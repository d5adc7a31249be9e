"""A small linear model beside the rules: it finds what they miss and puts aside what they mistake.

Trained offline by tools/train_danger.py from the committed messages; here only numbers are looked up and added.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from safety.danger.features import pieces

WINDOW = 12
"""Words that are judged together, so that the rest of a long message does not drown one grave sentence."""

Weights = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scores:
    """How much the gravest stretch of a message speaks for urgent, and for anything grave at all."""

    urgent: float
    raised: float
    first: int
    """The word at which the gravest window begins."""

    def with_more(self, urgent: float, raised: float) -> "Scores":
        """These scores with others added."""
        return Scores(self.urgent + urgent, self.raised + raised, self.first)


@dataclass(frozen=True, slots=True)
class Model:
    """The weight of each feature for urgent and for anything grave."""

    weights: dict[str, Weights]
    start: Weights
    trusted: frozenset[str]
    """The rules that held in many grave messages and in no ordinary one."""

    def knows(self, rule: str) -> bool:
        """Whether it was trained with this rule."""
        return rule in self.weights

    def scores(self, features: Iterable[tuple[int, str]], words: Sequence[str]) -> Scores:
        """The sums over the gravest run of `WINDOW` words."""
        length = len(words) + 2
        urgent, raised = [0.0] * length, [0.0] * length
        for place, name in features:
            found = self.weights.get(name)
            if found:
                urgent[place] += found[0]
                raised[place] += found[1]
        for place, word in enumerate(words, 1):
            if word not in self.weights:
                for piece in pieces(word):
                    found = self.weights.get(piece)
                    if found:
                        urgent[place] += found[0]
                        raised[place] += found[1]
        return self._gravest(urgent, raised)

    def _gravest(self, urgent: list[float], raised: list[float]) -> Scores:
        """The window with the highest sum; both ends of a short message are one window."""
        starts = range(max(1, len(urgent) - WINDOW - 1))
        sums = [(sum(urgent[at : at + WINDOW + 2]), sum(raised[at : at + WINDOW + 2]), at) for at in starts]
        most = max(sums)
        return Scores(
            most[0] + self.start[0],
            max(each[1] for each in sums) + self.start[1],
            max(most[2] - 1, 0),
        )


@lru_cache(maxsize=1)
def model() -> Model:
    """The committed model, read on first use."""
    content = json.loads(files("safety.danger").joinpath("data", "model.json").read_text("utf-8"))
    scale = content["scale"]
    pairs: dict[tuple[int, int], Weights] = {}  # the same few numbers are the weights of many features
    weights = {
        name: pairs.setdefault((urgent, raised), (urgent / scale, raised / scale))
        for name, (urgent, raised) in content["weights"].items()
    }
    return Model(weights, tuple(content["start"]), frozenset(content["trusted"]))
