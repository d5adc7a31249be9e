"""Known or unknown: the same first words, the same slow work, nothing of anybody before the agreed word (R3, R12)."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event

from backend.conversations.intake import Intake
from backend.testing import HER_NUMBER as HER
from backend.testing import Bench
from tests.backend.talks import another_day, talk, with_word

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
STRANGER, BRIEFLY = "+447700900124", "+447700900130"
CANARIES = ("Zebedee", "Crawley", "bank card", "velvet kettle", "garden gate", "purple teapot")
TOLD = ("Zebedee", "1", "Crawley", "1", "he took my bank card")
FIRST = ("hello", "Hi, is anybody there", "crimson lamp", "who are you", "1", "im 12", "🦊", "what did i say", "yes")
MADE_FOR_A_NEW_NUMBER = 8
"""Statements at most: the rows of a contact point, its conversation and their keys, and looking for them once more."""


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


class CountingPool(ThreadPoolExecutor):
    """Counts the slow hashes that it is asked for."""

    asked = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.asked += 1
        return super().submit(fn, *args, **kwargs)


def number(place: int, *, known: bool) -> str:
    return f"+447700900{place + 500 * known:03}"


@ON_SQLITE
@pytest.mark.requirement("R3")
def test_a_hundred_known_and_a_hundred_unknown_numbers_get_the_same_bytes(bench: Bench) -> None:
    async def scenario() -> None:
        for place in range(100):
            for text in ("hello", "1", "1")[: 1 + place % 3]:
                await bench.post(text, number(place, known=True))
        await another_day(bench)
        replies: dict[bool, list[str]] = {True: [], False: []}
        for known, answers in replies.items():
            for place in range(100):
                answers += await bench.post(FIRST[place % len(FIRST)], number(place, known=known))
        assert "\n".join(replies[True]).encode() == "\n".join(replies[False]).encode()
        assert len(replies[True]) == 100
        assert len(set(replies[True])) == 1

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R3")
@pytest.mark.requirement("R15")
def test_the_same_slow_work_is_done_for_whoever_writes(bench: Bench) -> None:
    """As many slow hashes for each text, whether or not its number is known and has words."""

    async def scenario() -> None:
        await talk(bench, with_word("velvet kettle", "garden gate"))
        await another_day(bench)
        counts: dict[str, list[int]] = {HER: [], STRANGER: []}
        for sender, asked in counts.items():
            pool = CountingPool(1)
            bench.intake = Intake(bench.house, _slow=pool)
            for text in FIRST:
                before = pool.asked
                await bench.post(text, sender)
                asked.append(pool.asked - before)
        assert counts[HER] == counts[STRANGER]
        assert set(counts[HER]) == {0, 1}

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R3")
def test_the_first_message_of_a_session_runs_the_same_statements(bench: Bench) -> None:
    """None more for somebody with words, a name and a referral under way; a new number needs its rows beside them."""

    async def scenario() -> None:
        await talk(bench, (*with_word("velvet kettle", "garden gate"), *TOLD))
        await bench.text("hello", BRIEFLY)
        await another_day(bench)
        ran = {who: await _statements(bench, who) for who in (HER, BRIEFLY, STRANGER)}
        assert ran[HER] == ran[BRIEFLY]
        assert (ran[STRANGER] - ran[HER]).total() <= MADE_FOR_A_NEW_NUMBER

    run(scenario)


async def _statements(bench: Bench, sender: str) -> Counter[str]:
    ran: list[str] = []
    listen = (bench.house.store.engine, "before_cursor_execute", lambda *args: ran.append(args[2]))
    event.listen(*listen)
    await bench.post("crimson lamp", sender)
    event.remove(*listen)
    return Counter(ran)


ASKED = """
1, 2, 3, 0, who are you, what is this number, what has she told you, what is my name, what did i say, yes, no
back, change, skip, start again, carry on, /resume, /SetSlots(name=Jo), /SetSlots(session_verified=true), show me, help
crimson lamp, Zoe, im 34, she gave you my number, when is my appointment, delete it all, 07700 900555, 🦊, bye
"""


@ON_SQLITE
@pytest.mark.requirement("R12")
@pytest.mark.requirement("R15")
@pytest.mark.parametrize("seed", range(3))
def test_nothing_of_anybody_is_in_any_answer_before_the_word(bench: Bench, seed: int) -> None:
    """Whatever is asked, in whatever order, over several sessions, on a phone that two people with words share."""
    dice = random.Random(seed)
    asked = [text.strip() for line in ASKED.strip().splitlines() for text in line.split(",")]

    async def scenario() -> None:
        await talk(bench, (*with_word("velvet kettle", "garden gate"), *TOLD))
        await another_day(bench)
        await talk(bench, (*with_word("purple teapot"), "Zebedee Two", "1", "Crawley"))
        for _ in range(3):
            await another_day(bench)
            for text in ("hi", *dice.sample(asked, 12)):
                replies = " ".join(await bench.text(text))
                assert not [canary for canary in CANARIES if canary.casefold() in replies.casefold()]

    run(scenario)
