"""What each word is like, in numbers: two public sources side by side."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from teacher import encoder

COMMON = 40_000
"""So many words of the first source, the commonest first, are looked at; and so many of them are added to ours."""
ADDED = 7_000
PARTS = 100
"""Numbers kept of the second source."""
LOUDER = 3.0
"""The numbers of the second source are smaller."""
ALIKE, NEIGHBOURS = 0.55, 8
Array = np.ndarray


@dataclass(frozen=True)
class Vectors:
    """The words, the row of each, and their two kinds of numbers: (words, 100) and (words, 100)."""

    words: list[str]
    row: dict[str, int]
    first: Array
    second: Array

    @property
    def both(self) -> Array:
        """Shape (words, 200)."""
        return np.concatenate([self.second * LOUDER, self.first], axis=1)

    def neighbours(self, word: str) -> list[str]:
        """The words most like this one."""
        near = self.first @ self.first[self.row[word]]
        return [self.words[at] for at in np.argsort(-near)[1 : NEIGHBOURS + 1] if near[at] > ALIKE]


def read_vectors(path: Path, messages: Sequence[Sequence[str]]) -> Vectors:
    """The vectors of every word of the messages, and of common words that are not in them."""
    source = json.loads(path.read_text("utf-8"))["vectors"]
    ours = [word for word, _ in Counter(word for words in messages for word in words).most_common()]
    known = set(ours)
    common = [word for word in list(source)[:COMMON] if word.isascii() and word.isalpha() and len(word) > 1]
    words = ours + [word for word in common if word not in known][:ADDED]
    return Vectors(words, {word: at for at, word in enumerate(words)}, _first(source, words), _second(words))


def _first(source: dict[str, list[float]], words: Sequence[str]) -> Array:
    rows = np.zeros((len(words), 100), np.float32)
    for at, word in enumerate(words):
        if word in source:
            rows[at] = np.array(source[word][:100])
    there = rows.any(axis=1)
    rows[there] /= np.linalg.norm(rows[there], axis=1, keepdims=True)
    rows[there] -= rows[there].mean(axis=0)
    return rows


def _second(words: Sequence[str]) -> Array:
    cut, net = encoder()
    out = []
    with torch.no_grad():
        for at in range(0, len(words), 256):
            some = [word.replace("_", " ") for word in words[at : at + 256]]
            out.append(torch.nn.functional.normalize(net(cut(some)), dim=1).numpy())
    rows = np.concatenate(out)
    rows = rows - rows.mean(axis=0)
    _, _, axes = np.linalg.svd(rows, full_matrices=False)
    return (rows @ axes[:PARTS].T).astype(np.float32)
