"""A house whose database is away, on each of the two databases."""

from dataclasses import replace
from pathlib import Path

import pytest

from backend.conversations.intake import Intake
from backend.outage.keeper import make_keeper
from backend.testing import make_bench
from bot import Flows
from tests.backend.outage.broken import DUTY, Broken, Store


@pytest.fixture
def broken(url: str, tmp_path: Path, flows: Flows) -> Broken:
    """The database has just gone; only the duty address can be woken."""
    bench = make_bench(tmp_path, url, flows=flows, outage_addresses=DUTY)
    store = Store(bench.house.store)
    bench.house = replace(bench.house, store=store)
    store.away = True
    keeper = make_keeper(bench.house.settings, bench.house.vault, bench.house.senders["email"], bench.clock)
    return Broken(bench, store, Intake(bench.house), keeper)
