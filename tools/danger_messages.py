"""The labelled danger messages (tests/safety/danger/messages) and the split that keeps near-copies on one side.

A file holds one kind; under each level stand groups; a group is one thing said in several ways, a message a line.
" / " parts fragments that came one after the other. Whole groups are trained on or held out, as split.yml lists.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

FOLDER = Path(__file__).parent.parent / "tests" / "safety" / "danger" / "messages"
SPLIT = FOLDER.parent / "split.yml"
LEVELS = ("none", "disclosure", "concern", "urgent")
NEAR = 90
"""Two messages this alike (0 to 100, letters and digits only) are near-copies."""


@dataclass(frozen=True, slots=True)
class Message:
    """One labelled message; `recent` holds the fragments that came before it."""

    kind: str
    level: str
    group: str
    text: str
    recent: tuple[str, ...] = ()
    batch: str = "messages"

    @property
    def key(self) -> str:
        """The group's name, unique over all files."""
        return f"{self.kind}/{self.group}"

    @property
    def bare(self) -> str:
        """Its letters and digits, fragments joined, for finding near-copies; an emoji counts as a letter."""
        return re.sub(r"[\s'’.,!?\"/-]+", "", "".join((*self.recent, self.text)).lower())


DRAFTED = "drafted"
"""The folder of messages in drafted languages: scored by themselves, and nothing is trained on them."""


def read_folder(folder: Path = FOLDER) -> list[Message]:
    """Every labelled English message below `folder`. Raises ValueError for a level that does not exist."""
    paths = (path for path in sorted(folder.rglob("*.yml")) if path.parent.name != DRAFTED)
    return [message for path in paths for message in _read_file(path)]


def read_drafted() -> list[Message]:
    """The labelled messages in the drafted languages."""
    return [message for path in sorted((FOLDER / DRAFTED).glob("*.yml")) for message in _read_file(path)]


def _read_file(path: Path) -> Iterator[Message]:
    content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    kind = content.pop("kind")
    for level, groups in content.items():
        if level not in LEVELS:
            raise ValueError(f"{path.name}: {level} is not a level")
        for group, lines in groups.items():
            for line in lines.splitlines():
                *recent, text = line.split(" / ") if kind == "fragments" else [line]
                yield Message(kind, level, group, text, tuple(recent), path.parent.name)


def held_out_groups() -> frozenset[str]:
    """The groups that nothing is trained on."""
    return frozenset(yaml.load(SPLIT.read_text(encoding="utf-8"), yaml.CSafeLoader)["held_out"])


def halves(messages: Iterable[Message]) -> tuple[list[Message], list[Message]]:
    """The messages to train on, and those held out."""
    held = held_out_groups()
    sides: tuple[list[Message], list[Message]] = ([], [])
    for message in messages:
        sides[message.key in held].append(message)
    return sides


def near_copies(ones: list[Message], others: list[Message]) -> Iterator[tuple[Message, Message]]:
    """Pairs across the two lists that say the same in nearly the same letters."""
    bare = [other.bare for other in others]
    for one in ones:
        cutoff = NEAR if len(one.bare) >= 8 else 100
        for _, _, index in process.extract(one.bare, bare, scorer=fuzz.ratio, score_cutoff=cutoff, limit=None):
            yield one, others[index]
