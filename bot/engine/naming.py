"""Which earlier answer somebody means: `my name`, `the phone nr`, or its number in the last list."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

NEAR: Final = 80
"""Of 100: how alike the words must be."""

_EMPTY: Final = frozenset(
    [
        "my",
        "your",
        "our",
        "the",
        "a",
        "an",
        "answer",
        "answers",
        "question",
        "about",
        "for",
        "of",
        "to",
        "what",
        "how",
        "we",
        "you",
        "i",
        "it",
        "that",
        "is",
        "and",
    ]
)


def which(words: str, listed: Sequence[str], labels: Mapping[str, str]) -> str:
    """The slot that `words` mean among `labels` (by slot), or by its place in `listed`; empty when it is not clear."""
    said = words.strip().casefold()
    if said.isdecimal():
        place = int(said) if len(said) < 4 else 0
        return listed[place - 1] if 1 <= place <= len(listed) else ""
    scores = {name: max(_alike(said, label), _alike(said, name.replace("_", " "))) for name, label in labels.items()}
    best = max(scores.values(), default=(0.0, 0.0))
    nearest = [name for name, score in scores.items() if score == best]
    return nearest[0] if len(nearest) == 1 and best[0] >= NEAR else ""


def _alike(said: str, label: str) -> tuple[float, float]:
    """How well the words that matter are covered, and how near the whole is."""
    one, other = _matter(said), _matter(label.casefold())
    return fuzz.token_set_ratio(one, other), fuzz.ratio(one, other)


def _matter(text: str) -> str:
    words = re.findall(r"[\w']+", text)
    return " ".join(word for word in words if word not in _EMPTY) or " ".join(words)
