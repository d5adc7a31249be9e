"""Whether the time of an answer tells who it is: known numbers beside unknown, the agreed word beside another.

From the message at the intake until its answer is with the provider, slow hash and all, in one process and one run, in
mixed order, so that whatever else the machine does falls on both sides alike (R3, R12, M13).
"""

import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

from sqlalchemy import Connection, update

from backend.conversations.talk import find_talk
from backend.house import House
from backend.store.talk import Conversation
from backend.testing import Bench, make_bench
from safety import secret_words

PEOPLE = 100
"""On each side."""
WORD, ANOTHER = "velvet kettle", "crimson lamp"
Times = list[float]


def main() -> None:
    """Print the ratios of medians and of p99s; 1 tells nothing."""
    with tempfile.TemporaryDirectory() as folder:
        bench = make_bench(Path(folder), fragment_seconds=0)
        try:
            asyncio.run(_run(bench))
        finally:
            bench.close()


async def _run(bench: Bench) -> None:
    with_word, also = _numbers(0), _numbers(1)
    for number in (*with_word, *also):
        await bench.post("hello", number)
        await bench.house.store.write(lambda c, number=number: _agree(c, bench.house, number))
    bench.clock.advance(days=2)
    for number in also:
        await bench.post("hello", number)
    unknown = _numbers(2)
    known, strangers = await _beside(bench, [(with_word, "hello"), (unknown, "hello")])
    _print("the first answer to a known number, beside an unknown one", known, strangers)
    right, wrong, none = await _beside(bench, [(with_word, WORD), (also, ANOTHER), (unknown, ANOTHER)])
    _print("another word where one was agreed, beside where none was", wrong, none)
    _print("the agreed word, which is answered otherwise, beside another", right, wrong)


async def _beside(bench: Bench, sides: list[tuple[list[str], str]]) -> list[Times]:
    """How long each answer took, in seconds, side by side; who texts next is left to chance."""
    turns = [(side, number, text) for side, (numbers, text) in enumerate(sides) for number in numbers]
    random.Random(20).shuffle(turns)
    times: list[Times] = [[] for _ in sides]
    for side, number, text in turns:
        began = time.perf_counter()
        answers = await bench.post(text, number)
        times[side].append(time.perf_counter() - began)
        assert answers, "nobody answered, so nothing was measured"
    return times


def _agree(c: Connection, house: House, number: str) -> None:
    """A word was agreed at this number."""
    talk = find_talk(c, house, "sms", number)
    assert talk is not None
    word = secret_words.slow_hash(secret_words.normalise(WORD), house.vault.salt("word", f"sms:{number}"))
    c.execute(update(Conversation).where(Conversation.id == talk.id).values(code_word=word))


def _numbers(group: int) -> list[str]:
    return [f"+4474{group:02}{place:06}" for place in range(PEOPLE)]


def _print(what: str, one: Times, other: Times) -> None:
    print(what)
    for name, of in (("median", statistics.median), ("p99", _p99)):
        mine, theirs = of(one), of(other)
        print(f"  {name:8} {mine * 1000:7.1f} ms {theirs * 1000:7.1f} ms   ratio {mine / theirs:5.2f}")


def _p99(times: Times) -> float:
    return sorted(times)[int(len(times) * 0.99) - 1]


if __name__ == "__main__":
    main()
