"""Scores safety.danger on the labelled messages and writes docs/danger-signs.md.

python tools/score_danger.py            write the page
python tools/score_danger.py --check    only say whether the page is the newest
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from danger_messages import LEVELS, Message, halves, read_drafted, read_folder  # noqa: E402
from generated import write_or_check  # noqa: E402

from safety.danger import read_signs  # noqa: E402
from safety.types import Level  # noqa: E402

PAGE = "docs/danger-signs.md"
WORDS = Path(__file__).parent / "danger_page.md"
RAISED = (Level.CONCERN, Level.URGENT)
MEANING = {
    "urgent": "wakes somebody at once",
    "concern": "is read soon, or wakes somebody",
    "disclosure": "is noted at least",
    "none": "raises nothing",
}


@dataclass(frozen=True, slots=True)
class Read:
    """A labelled message, the level it was read with, and the kinds of the signs found."""

    message: Message
    got: Level
    kinds: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether somebody is woken, reads it soon, notes it, or is left in peace, as the label asks."""
        match self.message.level:
            case "urgent":
                return self.got is Level.URGENT
            case "concern":
                return self.got in RAISED
            case "disclosure":
                return self.got is not Level.NONE
            case _:
                return self.got not in RAISED


def read_all(messages: Iterable[Message]) -> list[Read]:
    """Each message as it is read."""
    signs = ((message, read_signs(message.text, message.recent)) for message in messages)
    return [Read(message, found.level, found.kinds) for message, found in signs]


def share(reads: Iterable[Read]) -> tuple[int, int]:
    """How many are right, of how many."""
    all_reads = list(reads)
    return sum(read.is_right for read in all_reads), len(all_reads)


def by_level(sides: tuple[list[Read], list[Read]]) -> str:
    """The table of levels."""
    lines = ["| Labelled | Right is when it | Trained on | Held out |", "|---|---|---|---|"]
    for level in reversed(LEVELS):
        cells = [_cell(read for read in side if read.message.level == level) for side in sides]
        lines.append(f"| {level} | {MEANING[level]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def by_kind(sides: tuple[list[Read], list[Read]]) -> str:
    """The table of kinds and levels."""
    keys = sorted({(read.message.kind, read.message.level) for side in sides for read in side})
    lines = ["| Kind | Labelled | Trained on | Held out |", "|---|---|---|---|"]
    for kind, level in keys:
        cells = [_cell(r for r in side if (r.message.kind, r.message.level) == (kind, level)) for side in sides]
        lines.append(f"| {kind} | {level} | {' | '.join(cells)} |")
    return "\n".join(lines)


def by_language(reads: list[Read]) -> str:
    """The table of the drafted languages."""
    lines = ["| Language (drafted, verify before use) | Urgent | Ordinary |", "|---|---|---|"]
    for kind in sorted({read.message.kind for read in reads}):
        ours = [read for read in reads if read.message.kind == kind]
        cells = [_cell(read for read in ours if read.message.level == level) for level in ("urgent", "none")]
        lines.append(f"| {kind.removeprefix('drafted_').capitalize()} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(reads: Iterable[Read]) -> str:
    right, total = share(reads)
    return f"{right} of {total}" if total else "-"


def wrong(reads: Iterable[Read]) -> str:
    """Every message read wrongly, with its label and what it was read as."""
    lines = [
        f"| {' / '.join((*read.message.recent, read.message.text))} | {read.message.level} | {read.got} |"
        for read in reads
        if not read.is_right
    ]
    return "\n".join(["| Message | Labelled | Read as |", "|---|---|---|", *lines])


def page() -> str:
    """The page: the written words with the tables put in."""
    messages = read_folder()
    trained, held = (read_all(side) for side in halves(messages))
    drafted = read_all(read_drafted())
    parts = {
        "count": str(len(messages)),
        "levels": by_level((trained, held)),
        "kinds": by_kind((trained, held)),
        "languages": by_language(drafted),
        "wrong_drafted": wrong(drafted),
        "wrong_held": wrong(held),
        "wrong_trained": wrong(trained),
    }
    text = WORDS.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace(f"[[{name}]]", part)
    return text


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), sys.argv[1:]))
