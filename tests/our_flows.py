"""The real flows, loaded once by each process that runs tests: to load them takes longer than most tests."""

from functools import cache
from pathlib import Path

from bot import Flows, load_flows

FOLDER = Path(__file__).parents[1] / "flows"


@cache
def our_flows() -> Flows:
    """The flows as they are in the repository. Nothing in them can be changed, so all tests may share them."""
    return load_flows(FOLDER)
