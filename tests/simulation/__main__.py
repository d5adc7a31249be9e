"""`make simulate`: many seeds, one after the other; the first that fails ends it with the command that replays it."""

import argparse
import logging
import sys
from collections.abc import Sequence

from tests.simulation.run import SimulationFailedError, simulate
from tests.simulation.world import Size


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 1 if something was found."""
    asked = _parser().parse_args(arguments)
    if asked.progress:
        logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    logging.getLogger("sidedoor").setLevel(logging.CRITICAL)  # thousands of troubles are made on purpose
    size = Size(asked.people, asked.days, asked.events, asked.troubles, asked.crashes, asked.often)
    for seed in _seeds(asked.seeds):
        try:
            lived = simulate(seed, size)
        except SimulationFailedError as found:
            print(f"seed {seed}: {found}", file=sys.stderr)
            return 1
        print(f"seed {seed}: {lived.seconds:.0f} s, trace {lived.trace}", flush=True)
        for name, count in sorted(lived.counts.items()):
            print(f"  {count:8d}  {name}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seeds", default="1", help="one, a range such as 1-20, or several with commas")
    parser.add_argument("--progress", action="store_true", help="say twice a day of theirs how far it is")
    for name, default in vars(Size()).items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return parser


def _seeds(asked: str) -> list[int]:
    seeds: list[int] = []
    for part in asked.split(","):
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


if __name__ == "__main__":
    sys.exit(main())
