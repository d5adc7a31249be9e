"""Worlds in which a survivor has been here, each made once."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import Flows
from tests.abuser.player import Seeded, seed
from tests.abuser.survivor import Story
from tests.memory import folder_in_memory

Worlds = Callable[[Story, str], Seeded]


@pytest.fixture(scope="session")
def new_folder() -> Iterator[Callable[[], Path]]:
    """Makes folders that are gone afterwards: nothing here is about what survives."""
    with folder_in_memory() as whole:
        count = itertools.count()

        def make() -> Path:
            made = whole / str(next(count))
            made.mkdir()
            return made

        yield make


@pytest.fixture
def folder(new_folder: Callable[[], Path]) -> Path:
    """One such folder."""
    return new_folder()


@pytest.fixture(scope="session")
def worlds(new_folder: Callable[[], Path], flows: Flows) -> Worlds:
    """The world after a story, told through one door."""
    made: dict[tuple[Story, str], Seeded] = {}

    def after(story: Story, channel: str) -> Seeded:
        if (story, channel) not in made:
            made[story, channel] = asyncio.run(seed(new_folder(), flows, story, channel))
        return made[story, channel]

    return after
