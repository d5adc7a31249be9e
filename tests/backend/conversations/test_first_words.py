"""What the very first message tells is not asked again, once the person has agreed that we keep it (R3, R36)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from backend.conversations.first_words import gather
from backend.testing import Bench
from tests.backend.talks import another_day, slots, talk

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
STRANGER = "+447700900124"
TOLD = "hi my name is zoe im 34 and live in worthing, i need help"


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TOLD, {"name": "Zoe", "age_band": "18_over", "area": "Worthing"}),
        ("I'm called Zoë and I am 19", {"name": "Zoë", "age_band": "18_over"}),
        ("my name is on the lease", {}),
        ("im 12", {}),
        ("im 20 weeks pregnant", {}),
        ("i am 22 minutes away from worthing", {}),
        ("he is in london and he is 40", {}),
        ("hello", {}),
    ],
)
def test_only_what_is_plainly_said_of_oneself_counts(text: str, told: dict[str, str]) -> None:
    assert gather(text) == told


@ON_SQLITE
@pytest.mark.requirement("R3")
@pytest.mark.requirement("R36")
def test_it_fills_the_answers_after_consent_and_not_before(bench: Bench) -> None:
    async def scenario() -> None:
        assert await bench.text(TOLD) == await bench.text("hello", STRANGER)
        await talk(bench, ("1", "1", "1"))
        assert "name" not in await slots(bench)
        replies = await talk(bench, ("1", "4", "1", "5", "2"))
        assert "How are you right now" in replies[-1] or "safe" in replies[-1]
        assert (await slots(bench))["name"] == "Zoe"

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R12")
def test_it_is_forgotten_with_its_session(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (TOLD, "1", "1"))
        await another_day(bench)
        await talk(bench, ("hello", "1", "1", "1", "1", "4", "1", "5", "2"))
        assert "name" not in await slots(bench)

    run(scenario)
