"""Months of many lives in a few seconds; `make simulate` takes more people and more seeds (docs/simulation.md)."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from backend.store.talk import Attempt, ContactPoint, OutboundMessage, Timer
from safety.types import Kind
from tests.simulation.run import SimulationFailedError, simulate
from tests.simulation.world import BEGINS, Size, World

YEAR = Size(people=8, days=396, events=1.5, often=0.1)
WEEKS = Size(people=4, days=10, events=9, crashes=0.004, troubles=0.15, often=0.8)
QUIET = Size(people=4, days=10, crashes=0, often=1)
TO_PEOPLE = OutboundMessage.staff_id.is_(None)
FAULTS = {
    "nothing says what became of it": delete(Timer).where(Timer.kind == "plan"),
    "stays due": update(OutboundMessage).values(
        state="queued", due_at=OutboundMessage.created_at, lane=1, channel="post"
    ),
    "has ended and is still due": update(OutboundMessage)
    .where(OutboundMessage.state == "delivered")
    .values(due_at=BEGINS + timedelta(days=900)),
    "another channel than the person's own": update(ContactPoint)
    .where(ContactPoint.channel == "sms")
    .values(channel="telegram"),
    "for a reason that nobody knows": update(OutboundMessage).where(TO_PEOPLE).values(state="dropped", reason="mood"),
    "the provider never had it": update(Attempt).values(state="sent", provider_id="SMnone"),
}
"""What is found, and the statement that makes it so."""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of troubles are made on purpose; afterwards the log is as it was."""
    caplog.set_level(logging.CRITICAL, "sidedoor")


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R7")
@pytest.mark.requirement("R8")
@pytest.mark.requirement("R11")
@pytest.mark.requirement("R24")
@pytest.mark.slow
def test_thirteen_months_of_lives_go_as_agreed(tmp_path: Path) -> None:
    lived = simulate(1, YEAR, tmp_path)
    assert lived.counts["taken check_in"] > 50, "the world is too quiet to show anything"


def test_the_same_seed_lives_through_the_same_and_another_does_not(tmp_path: Path) -> None:
    first, again, other = (simulate(seed, WEEKS, tmp_path) for seed in (5, 5, 6))
    assert first.trace == again.trace != other.trace
    assert first.counts["processes that died"] > 0


@pytest.mark.parametrize("finds", FAULTS)
def test_what_must_never_happen_is_found_and_can_be_seen_again(tmp_path: Path, finds: str) -> None:
    with pytest.raises(SimulationFailedError, match=finds) as found:
        simulate(7, QUIET, tmp_path, _again_and_again(FAULTS[finds]))
    assert "replay: make simulate SEEDS=7 PEOPLE=4 DAYS=10 " in str(found.value)


def test_the_oracle_finds_a_gate_that_believes_old_answers(tmp_path: Path) -> None:
    old = update(ContactPoint).values(confirmed_at=BEGINS - timedelta(days=60), expires_at=None)

    async def weaken(world: World) -> None:
        _allow(world, confirmation_lasts=timedelta(days=400))
        await _again_and_again(old)(world)

    with pytest.raises(SimulationFailedError, match="the oracle says drop"):
        simulate(7, QUIET, tmp_path, weaken)


@pytest.mark.requirement("R26")
def test_the_oracle_finds_a_gate_that_sends_lines_which_whatsapp_never_approved(tmp_path: Path) -> None:
    async def weaken(world: World) -> None:
        _allow(world, whatsapp_templates=frozenset(Kind))

    with pytest.raises(SimulationFailedError, match="the oracle says drop"):
        simulate(1, replace(QUIET, people=8), tmp_path, weaken)


def _allow(world: World, **more: Any) -> None:
    world.house = replace(world.house, rules=replace(world.house.rules, **more))


def _again_and_again(fault: Any) -> Callable[[World], Awaitable[None]]:
    """Every few hours something happens in the database that the product would never do."""

    async def happen(world: World) -> None:
        world.later(timedelta(hours=5), lambda: happen(world))
        await world.write(lambda c: c.execute(fault))

    return happen
