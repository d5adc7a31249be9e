"""Score the readers, commands and intents against the labelled answers, and write the table in docs/understanding.md.

python tools/score_understanding.py            print the table
python tools/score_understanding.py --write    write it into docs/understanding.md
python tools/score_understanding.py --misses   print the misread answers (never of the held-out part)
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.understanding import Asked, Option, Understanding  # noqa: E402

ANSWERS = ROOT / "tests/bot/understanding/answers"
PAGE = ROOT / "docs/understanding.md"
NLU = sorted((ROOT / "flows/data").glob("nlu*.yml"))
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/London"))
SPLITS = ("tune", "held", "fresh")
SURE = 0.5
"""Below this confidence an intent counts as none."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled answer: its kind, which question of that kind it answers, and the part it is in."""

    kind: str
    group: int
    split: str
    text: str
    expected: Any
    rest: str | None
    question: Asked | None

    def got(self, understanding: Understanding) -> Any:
        """What was understood, in the shape of the label."""
        if self.kind == "commands":
            command = understanding.command(self.text)
            return None if command is None else [command.name, command.argument]
        if self.question is None:
            intent = understanding.intent(self.text)
            return intent.name if intent.confidence >= SURE else None
        reading = understanding.read(self.question, self.text)
        return None if reading is None else (reading.value, reading.rest)

    def is_right(self, got: Any) -> bool:
        """Whether value and, where labelled, the rest are as expected."""
        value, rest = got if isinstance(got, tuple) else (got, None)
        return same(value, self.expected) and (self.rest is None or rest == self.rest)


def same(value: Any, expected: Any) -> bool:
    """Whether both are the same value of the same type: 1 is not True."""
    return type(value) is type(expected) and bool(value == expected)


def labelled_answers(folder: Path = ANSWERS) -> Iterator[Labelled]:
    """Every labelled answer, file by file."""
    for file in sorted(folder.glob("*.yml")):
        for number, group in enumerate(yaml.safe_load(file.read_text())):
            question = _question(group["asked"])
            for split in SPLITS:
                for text, expected, *rest in group.get(split, ()):
                    label = _label(file.stem, expected)
                    yield Labelled(file.stem, number, split, text, label, rest[0] if rest else None, question)


def _question(asked: dict[str, Any]) -> Asked | None:
    if "reader" not in asked:
        return None
    options = tuple(Option(o["value"], o["title"], tuple(o.get("words", ()))) for o in asked.get("options", ()))
    given = {key: asked[key] for key in ("many", "minimum", "maximum") if key in asked}
    return Asked(asked["reader"], options=options, now=NOW, **given)


def _label(kind: str, expected: Any) -> Any:
    return _command(expected) if kind == "commands" else _windows(kind, expected)


def _command(expected: Any) -> Any:
    if isinstance(expected, dict):
        return list(next(iter(expected.items())))
    return None if expected is None else [expected, ""]


def _windows(kind: str, expected: Any) -> Any:
    """`09:00-12:00 14:00-16:00` and `013 09:00-12:00; 4 14:00-16:00` in full."""
    if expected is None or kind not in ("hours", "times"):
        return expected
    if kind == "hours":
        return [_range(each) for each in expected.split()]
    parts = [each.split() for each in expected.split("; ")]
    return [{"days": [int(day) for day in days], **_range(hours)} for days, hours in parts]


def _range(text: str) -> dict[str, str]:
    start, end = text.split("-")
    return {"start": start, "end": end}


@dataclass(slots=True)
class Score:
    """How many of one kind were read rightly; `guessed`: a value where unclear was right, `wrong`: another value."""

    right: int = 0
    total: int = 0
    guessed: int = 0
    wrong: int = 0


def scores(understanding: Understanding, answers: list[Labelled]) -> dict[tuple[str, str], Score]:
    """The score by (kind, split)."""
    table: dict[tuple[str, str], Score] = {}
    for answer in answers:
        score = table.setdefault((answer.kind, answer.split), Score())
        got = answer.got(understanding)
        right = answer.is_right(got)
        score.total += 1
        score.right += right
        score.guessed += not right and answer.expected is None
        score.wrong += not right and answer.expected is not None and got is not None
    return table


def microseconds(understanding: Understanding, answers: list[Labelled]) -> dict[str, float]:
    """The median cost of one reading, by kind, in microseconds."""
    costs: dict[str, list[float]] = {}
    for answer in answers:
        begun = time.perf_counter()
        answer.got(understanding)
        costs.setdefault(answer.kind, []).append((time.perf_counter() - begun) * 1e6)
    return {kind: statistics.median(each) for kind, each in costs.items()}


def table(understanding: Understanding, answers: list[Labelled]) -> str:
    """The score as a Markdown table."""
    by_kind = scores(understanding, answers)
    lines = [
        "| Kind | Tuned on | Held out | Later | Held out and later: guessed | another value |",
        "|---|---|---|---|---|---|",
    ]
    for kind in [*sorted({kind for kind, _ in by_kind}), "all"]:
        tune, held, fresh = (_sum(by_kind, kind, split) for split in SPLITS)
        right = " | ".join(f"{part.right}/{part.total}" for part in (tune, held, fresh))
        lines.append(f"| {kind} | {right} | {held.guessed + fresh.guessed} | {held.wrong + fresh.wrong} |")
    return "\n".join(lines)


def _sum(by_kind: dict[tuple[str, str], Score], kind: str, split: str) -> Score:
    total = Score()
    for (each, part), score in by_kind.items():
        if part == split and kind in (each, "all"):
            total.right += score.right
            total.total += score.total
            total.guessed += score.guessed
            total.wrong += score.wrong
    return total


def understanding_of_the_flows() -> Understanding:
    """An understanding that has learned from the nlu files of flows/data."""
    examples: dict[str, list[str]] = {}
    for file in NLU:
        for item in yaml.safe_load(file.read_text())["nlu"]:
            lines = [line.strip()[1:].strip() for line in item["examples"].splitlines()]
            examples.setdefault(item["intent"], []).extend(lines)
    return Understanding.from_nlu(examples)


def write(page: Path, score_table: str) -> None:
    """Put the table between the two marks on the page."""
    before, _, rest = page.read_text().partition("<!-- score -->")
    after = rest.partition("<!-- /score -->")[2]
    page.write_text(f"{before}<!-- score -->\n{score_table}\n<!-- /score -->{after}")


def main() -> None:
    """Print or write the score."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--misses", nargs="?", const="all", default="", metavar="KIND")
    chosen = parser.parse_args()
    understanding, answers = understanding_of_the_flows(), list(labelled_answers())
    for answer in answers:
        got = answer.got(understanding)
        if chosen.misses in (answer.kind, "all") and answer.split != "held" and not answer.is_right(got):
            print(f"{answer.kind}: {answer.text!r} gave {got!r}, not {answer.expected!r} {answer.rest or ''}")
    score_table = table(understanding, answers)
    print(score_table)
    print("median microseconds:", {kind: round(cost) for kind, cost in microseconds(understanding, answers).items()})
    if chosen.write:
        write(PAGE, score_table)


if __name__ == "__main__":
    main()
