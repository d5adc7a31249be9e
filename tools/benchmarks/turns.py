"""Durable SMS turns a second through the real HTTP server, beside a bare handler; memory and start of it."""

import asyncio
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.peers.ports import free_port
from tests.peers.texter import Texter
from tests.system.product import ROOT, TOKEN, Product, wait_for_ready

PEOPLE = 32
ROUNDS = 5
TURNS = 40
ANSWERS = (
    "1",
    "1",
    "2",
    "1",
    "1",
    "1",
    "1",
    "2",
    "1",
    "1",
    "why",
    "1",
    "skip",
    "1",
    "my town is crawley and i need some help",
)
"""What people text, over and over: digits mostly, now and then words, as the self-referral asks for."""

_TAGS = itertools.count()
_NUMBERS = (f"+447400{n:06d}" for n in itertools.count(100_000))


@dataclass(frozen=True)
class Rate:
    """Requests a second, and the slowest one in a hundred in milliseconds."""

    per_second: float
    p99_ms: float


def main() -> None:
    """Print the ratios, with the messages sent by a process of their own and by the serving one."""
    for in_process in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            _run(Path(folder), in_process=in_process)


def _run(folder: Path, *, in_process: bool) -> None:
    # Worded answers would wait for more of them, and a turn is what is measured.
    worker = {"SIDEDOOR_IN_PROCESS_WORKER": str(in_process).lower(), "SIDEDOOR_FRAGMENT_SECONDS": "0"}
    product = Product(folder, more={"SIDEDOOR_LOG_LEVEL": "ERROR", **worker})
    product.install()
    product.start_peer()
    began = time.monotonic()
    server = product.start()
    started = time.monotonic() - began
    bare_port = free_port()
    line = [sys.executable, "-m", "tools.benchmarks.bare_server", str(bare_port), str(folder), TOKEN]
    bare = subprocess.Popen(line, cwd=ROOT)
    try:
        wait_for_ready(f"http://127.0.0.1:{bare_port}")
        _load(bare_port)
        _load(product.port)
        pairs = [(_load(product.port), _load(bare_port)) for _ in range(ROUNDS)]
        print(
            "the turn alone" if not in_process else "\nthe turn, with messages sent to a provider by the same process"
        )
        _print(pairs, started, _memory_mb(server.pid))
    finally:
        bare.terminate()
        product.stop()


def _load(port: int) -> Rate:
    texter = Texter("127.0.0.1", port, TOKEN, f"http://127.0.0.1:{port}")
    texts = [ANSWERS[n % len(ANSWERS)] for n in range(TURNS)]

    async def everybody() -> None:
        people = (texter.converse(next(_NUMBERS), texts, f"{next(_TAGS):08x}") for _ in range(PEOPLE))
        await asyncio.gather(*people)

    began = time.monotonic()
    asyncio.run(everybody())
    took = time.monotonic() - began
    slowest = sorted(texter.latencies)[int(len(texter.latencies) * 0.99)]
    return Rate(len(texter.latencies) / took, slowest * 1000)


def _memory_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _print(pairs: list[tuple[Rate, Rate]], started: float, memory: float) -> None:
    ratio = statistics.median(turn.per_second / bare.per_second for turn, bare in pairs)
    for name, side in (("durable turns", 0), ("bare handler", 1)):
        rate = statistics.median(pair[side].per_second for pair in pairs)
        slowest = statistics.median(pair[side].p99_ms for pair in pairs)
        print(f"{name:18} {rate:8.0f}/s  p99 {slowest:6.1f} ms")
    print(f"ratio              {ratio:8.2f}    wanted: 0.3 or more (median of {ROUNDS} pairs, {PEOPLE} people at once)")
    acknowledged = statistics.median(turn.p99_ms for turn, _bare in pairs)
    print(f"acknowledged, p99  {acknowledged:8.1f} ms  wanted: under 3000, from the post to the 200 (R23)")
    print(f"memory, at most    {memory:8.0f} MB  wanted: under 150")
    print(f"start until ready  {started:8.2f} s   wanted: under 2")


if __name__ == "__main__":
    main()
