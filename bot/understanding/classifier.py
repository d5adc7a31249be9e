"""Intents by example: logistic regression over words, pairs of words and pieces of words, in plain Python.

Some four hundred examples take a third of a second to learn. What was learned depends on nothing but the examples: no
clock, no chance.
"""

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from bot.understanding.shorthand import written_out
from bot.understanding.text import plain, words

OUT_OF_SCOPE = "out_of_scope"
"""The intent whose examples are none of the others: it takes part in the learning and is never given as an answer."""

_FORM = 2
"""Grows when features or learning change, so that nothing learned in an older way is read from a cache."""
_ROUNDS = 8
_STEP = 6.0
_SETTLED = 0.02
"""An error of a probability below this teaches nothing more."""
_WORD, _PAIR, _PIECE = 1.0, 0.7, 0.3
_PIECE_MARK = "~"


@dataclass(frozen=True, slots=True)
class Classifier:
    """Weights by feature, one for each intent, and how rare each feature is."""

    intents: tuple[str, ...]
    rarity: Mapping[str, float] = field(repr=False)
    weights: Mapping[str, Sequence[float]] = field(repr=False)
    unseen: float = 0.0
    """The rarity of a feature that no example has: a text full of them is like nothing that was learned."""

    @classmethod
    def learn(cls, examples: Mapping[str, Sequence[str]]) -> Self:
        """Learn from plain sentences by intent."""
        intents = tuple(sorted(examples))
        counted = [(_features(line), place) for place, name in enumerate(intents) for line in examples[name]]
        seen = Counter(feature for features, _ in counted for feature in features)
        total = len(counted)
        rarity = {
            feature: round(math.log((total + 1) / count), 4)
            for feature, count in seen.items()
            if count > 1 or not feature.startswith(_PIECE_MARK)
        }
        model = cls(intents, rarity, {}, math.log(2 * (total + 1)))
        taught = [(model._vector(features), place) for features, place in counted]
        return cls(intents, rarity, _weights(taught, len(intents)), model.unseen)

    def probabilities(self, text: str) -> dict[str, float]:
        """The probability of each intent; nearly the same for all when the text is like nothing that was learned."""
        scores = [0.0] * len(self.intents)
        for feature, value in self._vector(_features(text)).items():
            row = self.weights.get(feature)
            if row is not None:
                scores = [score + value * weight for score, weight in zip(scores, row, strict=True)]
        return dict(zip(self.intents, _softmax(scores), strict=True))

    def _vector(self, features: Mapping[str, float]) -> dict[str, float]:
        """The known features by rarity, in a vector whose length counts the unknown ones too."""
        raw = {feature: value * self.rarity.get(feature, self.unseen) for feature, value in features.items()}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {feature: value / length for feature, value in raw.items() if feature in self.rarity}

    def to_json(self) -> str:
        """The weights as JSON, for a cache."""
        return json.dumps(
            {"intents": self.intents, "rarity": self.rarity, "weights": self.weights, "unseen": self.unseen}
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        data = json.loads(text)
        return cls(tuple(data["intents"]), data["rarity"], data["weights"], data["unseen"])


def fingerprint(examples: Mapping[str, Sequence[str]]) -> str:
    """The same for the same examples and the same way of learning, and for no others."""
    content = json.dumps([_FORM, sorted((name, list(lines)) for name, lines in examples.items())])
    return hashlib.sha256(content.encode()).hexdigest()


def _features(text: str) -> dict[str, float]:
    """Words, pairs of neighbours, and pieces of three and four letters, with their weights."""
    said = written_out(word.text for word in words(plain(text)))
    found: defaultdict[str, float] = defaultdict(float)
    for word in said:
        found[word] += _WORD
        edged = f"<{word}>"
        for size in (3, 4):
            for start in range(len(edged) - size + 1):
                found[_PIECE_MARK + edged[start : start + size]] += _PIECE
    for first, second in zip(["<", *said], [*said, ">"], strict=True):
        found[f"{first} {second}"] += _PAIR
    return dict(found)


def _weights(taught: Sequence[tuple[Mapping[str, float], int]], size: int) -> dict[str, list[float]]:
    """Stochastic gradient descent in long strides, so that the intents take turns and the order is always the same."""
    weights: dict[str, list[float]] = {feature: [0.0] * size for features, _ in taught for feature in features}
    stride = next((step for step in range(197, 197 + len(taught)) if math.gcd(step, len(taught)) == 1), 1)
    for turn in range(_ROUNDS * len(taught)):
        features, right = taught[turn * stride % len(taught)]
        scores = [0.0] * size
        for feature, value in features.items():
            scores = [score + value * weight for score, weight in zip(scores, weights[feature], strict=True)]
        for place, probability in enumerate(_softmax(scores)):
            error = (place == right) - probability
            if abs(error) > _SETTLED:
                for feature, value in features.items():
                    weights[feature][place] += _STEP * error * value
    return {feature: [round(weight, 4) for weight in row] for feature, row in weights.items()}


def _softmax(scores: Sequence[float]) -> list[float]:
    highest = max(scores, default=0.0)
    raised = [math.exp(score - highest) for score in scores]
    total = sum(raised)
    return [value / total for value in raised]
