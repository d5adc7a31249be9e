"""Plays a wrong person: sends probes where the survivor wrote from and where nobody ever wrote, and compares.

The player sees nothing but what comes back. It knows the canaries only to look for them.
"""

import re
import shutil
import tomllib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.testing import Bench, make_bench
from bot import Flows
from safety.lint import names_service
from tests.abuser.doors import DOORS, Door
from tests.abuser.survivor import Story, canaries_in, tell_the_story

PROBES: dict[str, list[str]] = {
    group: table["texts"]
    for group, table in tomllib.loads((Path(__file__).parent / "probes.toml").read_text("utf-8")).items()
}
EVERY_PROBE = tuple(text for texts in PROBES.values() for text in texts)
OWN_NAMES = {"service_name": "Harbour Project", "service_naming_words": "harbour"}
HER_PLACE, ELSEWHERE = 23, 24
LATER = "(70 minutes later)"
"""A move that sends nothing: the next probe opens a session."""
_RANDOM = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
"""A number to come back with: new for everybody, so never the same."""


@dataclass(frozen=True)
class Seeded:
    """A world in which the survivor has been here, kept as files, to be copied for each play."""

    folder: Path
    story: Story
    channel: str
    flows: Flows

    async def play(self, folder: Path, moves: Sequence[str], *, days: float = 2, same: bool = True) -> list[str]:
        """What a wrong person learns by these moves, `days` after she left; empty: nothing. `same`: what comes back
        must also be the same as where nobody ever wrote (R3, R12)."""
        bench = self.open(folder)
        bench.clock.advance(days=days)
        known, unknown = (DOORS[self.channel](bench, place) for place in (HER_PLACE, ELSEWHERE))
        try:
            return await _learnt(bench, known, unknown, moves, same=same)
        finally:
            bench.close()

    def open(self, folder: Path) -> Bench:
        """A copy of the world, at the moment when she had left."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return make_bench(folder, flows=self.flows, **OWN_NAMES)


async def seed(
    folder: Path,
    flows: Flows,
    story: Story,
    channel: str,
    before: Callable[[Door], Awaitable[None]] | None = None,
) -> Seeded:
    """Let her write and leave. `before`: what somebody else did at the same place before that."""
    bench = make_bench(folder, flows=flows, **OWN_NAMES)
    if before is not None:
        await before(DOORS[channel](bench, HER_PLACE))
        bench.clock.advance(days=1)
    await tell_the_story(bench, DOORS[channel](bench, HER_PLACE), story)
    bench.close()
    return Seeded(folder, story, channel, flows)


async def _learnt(bench: Bench, known: Door, unknown: Door, moves: Sequence[str], *, same: bool) -> list[str]:
    leaks: list[str] = []
    wrote: list[str] = []
    for move in moves:
        if move == LATER:
            bench.clock.advance(minutes=70)
            continue
        wrote.append(move)
        there = await known.say(move)
        leaks += _given_away(there, wrote, bench)
        if same and _comparable(there) != _comparable(await unknown.say(move)):
            leaks.append("a number that wrote before is answered in another way than one that never did")
        if leaks:
            break
    leaks += [] if leaks else _given_away(await known.everything(), wrote, bench)
    # Written so that it can be pasted into sequences.toml, which plays it again.
    return [f"{leak}: {wrote!r}" for leak in leaks]


def _given_away(seen: Sequence[str], wrote: Sequence[str], bench: Bench) -> list[str]:
    leaks = [f"`{canary}` was shown" for canary in canaries_in(seen, wrote)]
    return leaks + [
        f"`{word}` names the service" for word in names_service("\n".join(seen), bench.house.rules.naming_words)
    ]


def _comparable(replies: Sequence[str]) -> list[str]:
    return [_RANDOM.sub("CODE", reply) for reply in replies]
