"""Prints what other thresholds of safety/danger would do on the fresh batches that are not yet learned from.

python tools/danger_thresholds.py       a line for each: urgent ones found, everyday and figurative ones raised

Look, choose, and write data/thresholds.toml by hand; then measure on a batch that nobody has looked at.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from danger_messages import Message, read_folder  # noqa: E402

from safety.danger import judge  # noqa: E402
from safety.danger.normal import plain_words  # noqa: E402
from safety.danger.reading import judged  # noqa: E402
from safety.danger.tables import tables  # noqa: E402
from safety.danger.thresholds import Thresholds  # noqa: E402
from safety.types import Level  # noqa: E402

SURE, APART = (1.0, 1.25, 1.5, 2.0, 2.5), 0.5
DOUBT, TRUSTED = (-1.0, 0.0, 1.0), (-2.0, -1.0, 0.0)


def candidates() -> Iterator[Thresholds]:
    """Every set of thresholds that is tried."""
    for sure, doubt, trusted in product(SURE, DOUBT, TRUSTED):
        yield Thresholds((sure, sure + APART), (doubt, doubt), trusted, judge().lines.lenience)


def shares(messages: Sequence[Message], lines: Thresholds) -> str:
    """The three shares, in percent."""
    ours = replace(judge(), lines=lines)
    got = [(each, judged(plain_words(each.text, tables().spelling).words, tables(), ours).level) for each in messages]
    urgent = [level is Level.URGENT for each, level in got if each.level == "urgent"]
    raised = {
        kind: [level in (Level.URGENT, Level.CONCERN) for each, level in got if kind in each.kind]
        for kind in ("everyday", "figurative")
    }
    parts = (f"{kind} {100 * sum(each) / len(each):5.2f}" for kind, each in raised.items())
    return f"urgent {100 * sum(urgent) / len(urgent):5.2f}  {'  '.join(parts)}"


def main() -> None:
    """Print a line for each."""
    messages = [message for message in read_folder() if message.batch == "unseen"]
    for lines in candidates():
        print(f"sure {lines.sure[0]} doubt {lines.doubt[0]} trusted {lines.trusted:4}: {shares(messages, lines)}")


if __name__ == "__main__":
    main()
