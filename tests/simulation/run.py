"""One simulation from its seed, and the command that brings the same one again."""

import asyncio
import gc
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.actors import move_in
from tests.simulation.fate import Violation
from tests.simulation.world import Size, World, make_world

Also = Callable[[World], Awaitable[None]]
FLOWS = Path(__file__).parents[2] / "flows"


class SimulationFailedError(AssertionError):
    """A simulation found something that must never happen; the message ends with the command that replays it."""


@dataclass(frozen=True)
class Lived:
    """What became of one simulation. `trace` is the same for the same seed and size."""

    seed: int
    trace: str
    seconds: float
    counts: dict[str, int]


def replay(seed: int, size: Size) -> str:
    """The command that brings exactly this simulation again."""
    return (
        f"make simulate SEEDS={seed} PEOPLE={size.people} DAYS={size.days} "
        f'WITH="--events {size.events} --troubles {size.troubles} --crashes {size.crashes} --often {size.often}"'
    )


def simulate(seed: int, size: Size, folder: Path | None = None, also: Also | None = None) -> Lived:
    """Live through one simulation, in a place of its own in `folder`. `also` happens at its beginning. Raises
    SimulationFailedError."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        world = make_world(Path(place), seed, size, FLOWS)
        began = time.perf_counter()
        gc.freeze()  # what is loaded by now stays; to look through it again and again is for nothing
        try:
            asyncio.run(_live(world, also))
        except Violation as violation:
            at = world.clock.now
            raise SimulationFailedError(f"{violation}\nat {at:%F %T} UTC; replay: {replay(seed, size)}") from violation
        finally:
            gc.unfreeze()
            world.store.close()
        counts = {**world.checks.counts, **world.did, "processes that died": len(world.fate.seen)}
        return Lived(seed, world.checks.trace.hexdigest(), time.perf_counter() - began, counts)


async def _live(world: World, also: Also | None) -> None:
    await move_in(world)
    if also is not None:
        await also(world)
    await world.run()
