"""Messages that lie near the labelled ones; nobody has labelled them, the teacher says how grave each is."""

import random
from collections.abc import Iterator, Sequence

from teacher import Row
from vectors import Vectors

COPIES = 4
EXCHANGED = (0.1, 0.2, 0.35)
LEFT_OUT = (0.0, 0.08, 0.15)
SHORT = 90
"""Letters. Only shorter messages are joined to others."""


def varied(rows: Sequence[Row], vectors: Vectors, seed: int = 5) -> Iterator[str]:
    """A few texts for each message, with words exchanged for like ones, left out, or joined to another message."""
    chance = random.Random(seed)
    ordinary = [row.text for row in rows if row.level == "none" and len(row.text) < SHORT]
    for row in rows:
        for _ in range(COPIES):
            yield _joined(_exchanged(row.text.lower().split(), vectors, chance), ordinary, chance)


def _exchanged(words: list[str], vectors: Vectors, chance: random.Random) -> list[str]:
    share, left_out = chance.choice(EXCHANGED), chance.choice(LEFT_OUT)
    kept = [word for word in words if len(words) <= 3 or chance.random() >= left_out]
    return [_like(word, vectors, chance) if chance.random() < share else word for word in kept]


def _like(word: str, vectors: Vectors, chance: random.Random) -> str:
    bare = "".join(letter for letter in word if letter.isascii() and letter.isalpha())
    if len(bare) < 3 or bare not in vectors.row or bare not in word:
        return word
    near = vectors.neighbours(bare)
    return word.replace(bare, chance.choice(near)) if near else word


def _joined(words: list[str], ordinary: Sequence[str], chance: random.Random) -> str:
    text, other = " ".join(words), chance.choice(ordinary).lower()
    between = chance.choice((". ", " ", ", ", "\n"))
    match chance.random():
        case low if low < 0.12:
            return text + between + other
        case low if low < 0.24:
            return other + between + text
        case low if low < 0.32 and len(words) > 6:
            at = chance.randrange(2, len(words) - 2)
            return " ".join(chance.choice((words[:at], words[at:])))
        case _:
            return text
