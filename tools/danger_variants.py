"""Other ways in which the same message could have been typed, for training: slips of the finger."""

import random
from collections.abc import Iterator
from dataclasses import replace

from danger_messages import Message

COPIES = 2
NEAR = {"a": "sq", "e": "wr", "i": "uo", "o": "ip", "u": "yi", "t": "ry", "n": "bm", "s": "ad", "h": "gj", "l": "k"}


def variants(message: Message) -> Iterator[Message]:
    """A few variants, always the same ones for the same message."""
    chance = random.Random(message.key + message.text)
    for _ in range(COPIES):
        text = _slipped(message.text, chance)
        if text != message.text:
            yield replace(message, text=text)


def _slipped(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    at = chance.randrange(len(words))
    words[at] = _slip(words[at], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    """The word with a letter left out, doubled, swapped or beside the right key; short words stay."""
    if len(word) < 4 or not word.isalpha():
        return word
    at = chance.randrange(1, len(word) - 1)
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + chance.choice(NEAR.get(word[at], word[at])) + word[at + 1 :],
        )
    )
