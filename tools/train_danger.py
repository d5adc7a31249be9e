"""Trains the small model of safety/danger on the training side of the labelled messages, and writes data/model.json.

python tools/train_danger.py            train and write
python tools/train_danger.py --check    print by kind what cross-validation says of the training side
python tools/train_danger.py --errors   print also what it gets wrong

Pure Python: a linear model by follow-the-regularised-leader, which leaves most weights at nothing. The same messages
give the same file.
"""

import argparse
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from danger_messages import Message, halves, read_folder  # noqa: E402
from danger_patterns import MADE, made  # noqa: E402
from danger_variants import variants  # noqa: E402

from safety.danger.features import pieces  # noqa: E402
from safety.danger.model import WINDOW  # noqa: E402
from safety.danger.normal import plain_words  # noqa: E402
from safety.danger.reading import GRAVITY, holding, seen  # noqa: E402
from safety.danger.tables import tables  # noqa: E402

OUT = ROOT / "safety/danger/data/model.json"
SCALE = 100
LEAST = 7
"""A weight smaller than this many hundredths is left out."""
FOLDS = 4
ROUNDS = 6
STEP, SMOOTH, SPARSE, SMALL = 0.25, 1.0, 0.5, 0.02
RAREST = 3
"""A feature is kept when so many messages have it; rules always are."""
MADE_WORTH = 0.5
OFTEN = 6


Scored = tuple[Message, float, float]
"""A message, its score for urgent and its score for anything grave."""


@dataclass
class Leader:
    """Follow-the-regularised-leader with logistic loss; few weights are other than nothing."""

    z: dict[str, float] = field(default_factory=dict)
    n: dict[str, float] = field(default_factory=dict)
    start: float = 0.0

    def weight(self, name: str) -> float:
        """The weight of this feature now."""
        z = self.z.get(name, 0.0)
        if abs(z) <= SPARSE:
            return 0.0
        return -(z - math.copysign(SPARSE, z)) / ((SMOOTH + math.sqrt(self.n[name])) / STEP + SMALL)

    def learn(self, names: Sequence[str], truth: bool, worth: float) -> None:
        """One step of learning from one message."""
        weights = [self.weight(name) for name in names]
        score = max(-30.0, min(30.0, self.start + sum(weights)))
        slope = (1 / (1 + math.exp(-score)) - truth) * worth
        self.start -= 0.02 * slope
        for name, weight in zip(names, weights, strict=True):
            before = self.n.get(name, 0.0)
            after = before + slope * slope
            self.n[name] = after
            self.z[name] = self.z.get(name, 0.0) + slope - (math.sqrt(after) - math.sqrt(before)) / STEP * weight


@dataclass(frozen=True)
class Example:
    """One message, or one stretch of a long one, in features."""

    message: Message
    names: tuple[str, ...]
    worth: float = 1.0


def examples(message: Message, worth: float = 1.0) -> list[Example]:
    """What there is to learn from a message: a long ordinary one is many stretches, a long grave one a single one."""
    words = plain_words(" ".join((*message.recent, message.text)), tables().spelling).words
    found = list(seen(words, holding(words, tables()), tables()))
    for place, word in enumerate(words, 1):
        found += [(place, piece) for piece in pieces(word)]
    if len(words) <= WINDOW or message.level != "none":
        return [Example(message, tuple(name for _, name in found), worth)]
    starts = range(0, len(words) - WINDOW + 1, 4)
    return [
        Example(message, tuple(name for place, name in found if at <= place < at + WINDOW + 2), worth) for at in starts
    ]


def is_urgent(message: Message) -> bool:
    """The first thing the model learns."""
    return message.level == "urgent"


def is_raised(message: Message) -> bool:
    """The second thing the model learns."""
    return message.level in ("urgent", "concern")


def trained(material: Sequence[Example]) -> tuple[Leader, Leader]:
    """A model for urgent and one for anything grave."""
    counts = Counter(name for example in material for name in set(example.names))
    kept = {name for name, count in counts.items() if count >= RAREST or name.startswith("!")}
    pair = (Leader(), Leader())
    order = random.Random(7)
    rows = [([name for name in each.names if name in kept], each) for each in material]
    for _ in range(ROUNDS):
        order.shuffle(rows)
        for names, each in rows:
            if each.message.level != "concern":
                pair[0].learn(names, is_urgent(each.message), each.worth)
            pair[1].learn(names, is_raised(each.message), each.worth)
    return pair


def score(leader: Leader, weights: dict[str, float], message_examples: Iterable[Example]) -> float:
    """The score of a message: that of its gravest stretch."""
    return max(leader.start + sum(weights.get(name, 0.0) for name in each.names) for each in message_examples)


def weights_of(leader: Leader) -> dict[str, float]:
    """The weights that are not nothing."""
    return {name: weight for name in leader.z if (weight := leader.weight(name))}


def _worth(message: Message, index: int) -> float:
    """A message counts more than its variants, an ordinary one more than a grave one: grave ones are of fewer kinds."""
    return (1.0 if index == 0 else 0.4) * (1.5 if message.level == "none" else 1.0)


def material_of(messages: Iterable[Message]) -> list[Example]:
    """The messages and their variants as examples."""
    return [
        example
        for message in messages
        for index, variant in enumerate((message, *variants(message)))
        for example in examples(variant, _worth(variant, index))
    ]


def made_material() -> list[Example]:
    """What the sentence patterns give, worth less than what was written by hand."""
    return [example for message in made(dict(tables().families)) for example in examples(message, MADE_WORTH)]


def fold_of(message: Message) -> int:
    """Which part of the cross-validation the message is in."""
    return random.Random(message.text).randrange(FOLDS)


def validated(messages: Sequence[Message]) -> list[Scored]:
    """Each message with the scores of a model that has not seen it."""
    out = []
    extra = made_material()
    for fold in range(FOLDS):
        pair = trained([*material_of(each for each in messages if fold_of(each) != fold), *extra])
        weights = [weights_of(leader) for leader in pair]
        for message in messages:
            if fold_of(message) == fold:
                rows = examples(message)
                out.append((message, *(score(leader, each, rows) for leader, each in zip(pair, weights, strict=True))))
    return out


def trusted(messages: Iterable[Message]) -> list[str]:
    """The rules that hold, unsoftened, in `OFTEN` urgent messages or more and in no ordinary one."""
    good: Counter[str] = Counter()
    bad: set[str] = set()
    for message in messages:
        words = plain_words(" ".join((*message.recent, message.text)), tables().spelling).words
        names = {each.rule.name for each in holding(words, tables()) if GRAVITY[each.level] > 1}
        if is_urgent(message) and message.kind != MADE:
            good.update(names)
        elif message.level in ("none", "disclosure"):
            bad |= names
    return sorted(name for name, count in good.items() if count >= OFTEN and name not in bad)


def write(pair: tuple[Leader, Leader], believed: list[str]) -> None:
    """The model file: whole numbers, in alphabetical order."""
    both = [weights_of(leader) for leader in pair]
    names = sorted({*both[0], *both[1]} | {rule.name for rules in tables().rules.values() for rule in rules})
    rounded = {name: [round(each.get(name, 0.0) * SCALE) for each in both] for name in names}
    weights = {name: values for name, values in rounded.items() if max(map(abs, values)) >= LEAST or name[0] == "!"}
    content = {
        "scale": SCALE,
        "start": [round(leader.start, 3) for leader in pair],
        "trusted": believed,
        "weights": weights,
    }
    OUT.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(weights)} weights, {OUT.stat().st_size // 1024} KB")


def level_of(row: Scored) -> str:
    """The level that is likelier than not."""
    return "urgent" if row[1] > 0 else "concern" if row[2] > 0 else "none"


def report(scored: Sequence[Scored], errors: bool) -> None:
    """What cross-validation says of each kind and level."""
    table: Counter[tuple[str, str, str]] = Counter()
    for row in scored:
        message, got = row[0], level_of(row)
        table[message.kind, message.level, got] += 1
        wrong = got != "urgent" if is_urgent(message) else (got != "none") != is_raised(message)
        if errors and wrong:
            print(f"{message.key} | {message.text} | {message.level} -> {got} {row[1]:.1f} {row[2]:.1f}")
    for kind, level in sorted({row[:2] for row in table}):
        counts = {got: table[kind, level, got] for got in ("urgent", "concern", "none")}
        print(f"{kind:20} {level:10} {counts}")


def main() -> None:
    """Train and write, or say how well it would do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--errors", action="store_true")
    chosen = parser.parse_args()
    messages, _ = halves(read_folder())
    if chosen.check or chosen.errors:
        report(validated(messages), chosen.errors)
        return
    everything = [*messages, *made(dict(tables().families))]
    write(trained([*material_of(messages), *made_material()]), trusted(everything))


if __name__ == "__main__":
    main()
