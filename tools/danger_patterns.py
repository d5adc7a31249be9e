"""Messages made from the sentence patterns in tools/danger_training, for training only."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from danger_messages import Message

FOLDER = Path(__file__).parent / "danger_training"
MADE = "made"
"""The kind of these messages."""
EACH = 40
"""Messages a pattern gives at most."""

_SLOT = re.compile(r"\{(\w+)\}|@(\w+)")


def made(families: dict[str, frozenset[str]], each: int = EACH) -> Iterator[Message]:
    """The messages of all patterns; always the same ones."""
    for path in sorted(FOLDER.glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        lists = {name: [str(item) for item in items] for name, items in content.pop("lists").items()}
        lists |= {f"@{name}": sorted(words) for name, words in families.items()}
        for heading, block in content.items():
            yield from _of(path.stem, heading, block, lists, each)


def _of(stem: str, heading: str, block: dict[str, Any], lists: dict[str, list[str]], each: int) -> Iterator[Message]:
    level = heading if heading in ("urgent", "concern") else "none"
    for number, pattern in enumerate(block["lines"].splitlines()):
        for text in sorted(_filled(pattern, lists, each)):
            yield Message(MADE, level, f"{stem}-{heading}-{number}", text)


def _filled(pattern: str, lists: dict[str, list[str]], each: int) -> set[str]:
    chance = random.Random(pattern)

    def word(slot: re.Match[str]) -> str:
        return chance.choice(lists[slot[1] or f"@{slot[2]}"])

    return {" ".join(_SLOT.sub(word, pattern).split()) for _ in range(each)}
