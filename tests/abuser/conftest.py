"""Worlds in which a survivor has been here, each made once."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import Flows, load_flows
from tests.abuser.player import Seeded, seed
from tests.abuser.survivor import Story

Worlds = Callable[[Story, str], Seeded]


@pytest.fixture(scope="session")
def flows() -> Flows:
    """The real flows."""
    return load_flows(Path(__file__).parents[2] / "flows")


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory, flows: Flows) -> Worlds:
    """The world after a story, told through one door."""
    made: dict[tuple[Story, str], Seeded] = {}

    def after(story: Story, channel: str) -> Seeded:
        if (story, channel) not in made:
            made[story, channel] = asyncio.run(seed(tmp_path_factory.mktemp("world"), flows, story, channel))
        return made[story, channel]

    return after
