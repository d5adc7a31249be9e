"""Several messages in a row that are one answer, on both databases, with the real flows."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from backend.conversations.timers import fire_due
from backend.store.talk import Conversation, InboundMessage, Timer
from backend.store.work import Alert, Staff
from backend.testing import Bench, make_bench
from bot import Flows
from channels.contract import Inbound
from tests.backend.talks import TO_NAME, memory, slots, talk

WINDOW = 4


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


async def inbound_count(bench: Bench) -> int:
    return int((await bench.rows(select(func.count()).select_from(InboundMessage)))[0][0])


def test_fragments_within_the_window_are_one_answer(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        stored = await inbound_count(bench)
        assert await bench.post("you can call") == []
        bench.clock.advance(seconds=3)
        assert await bench.post("me Jo") == []
        assert await inbound_count(bench) == stored + 2
        assert len(await bench.settle()) == 1
        assert (await slots(bench))["name"] == "Jo"

    run(scenario)


def test_each_further_fragment_moves_the_end_but_not_for_ever(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        replies: list[str] = []
        for _ in range(12):
            replies += await bench.post("and then")
            bench.clock.advance(seconds=3)
        assert len(replies) == 1

    run(scenario)


@pytest.mark.parametrize("text", ["1", " 2 ", "1 2", "why", "skip", "go back", "hang on", "0", "/skip"])
def test_what_is_whole_by_itself_is_answered_at_once(bench: Bench, text: str) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        assert await bench.post(text)

    run(scenario)


def test_the_first_words_of_a_session_are_answered_at_once(bench: Bench) -> None:
    async def scenario() -> None:
        assert await bench.post("hello there")
        bench.clock.advance(days=1)
        assert await bench.post("its me again")

    run(scenario)


@pytest.mark.requirement("R29")
def test_danger_is_never_delayed_and_nothing_is_asked_after_it(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        await bench.post("he says")
        shown = await bench.post("he will kill me tonight he has a knife")
        assert len(shown) == 1
        assert "999" in shown[0]
        assert "urgent" in {row.urgency for row in await bench.rows(select(Alert.urgency))}
        assert await bench.settle() == []

    run(scenario)


@pytest.mark.requirement("R29")
def test_danger_in_fragments_does_not_wait_for_the_window(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        await bench.post("he says he is going to")
        assert "999" in "".join(await bench.post("kill me"))

    run(scenario)


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("ending", ["bye", "stop texting me", "STOP"])
def test_the_way_out_is_never_delayed_and_nothing_follows_it(bench: Bench, ending: str) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        await bench.post("well i am")
        await bench.post(ending)
        assert await bench.settle() == []
        assert "name" not in await slots(bench)

    run(scenario)


def test_a_number_ends_the_wait_and_is_read_with_it(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, (*TO_NAME, "Jo"))
        assert await bench.post("i am the") == []
        assert len(await bench.post("3")) == 1
        assert await bench.settle() == []

    run(scenario)


def test_a_word_about_the_talk_is_heard_and_the_answer_still_comes(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        await bench.post("Jo")
        assert await bench.post("hang on")
        assert len(await bench.settle()) == 1
        assert (await slots(bench))["name"] == "Jo"

    run(scenario)


def test_what_waited_is_no_answer_to_another_question(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        await bench.post("well my")
        assert await bench.post("skip")
        assert await bench.settle() == []
        assert "fragments" not in await memory(bench)

    run(scenario)


def test_a_page_is_never_kept_waiting(bench: Bench) -> None:
    async def scenario() -> None:
        for place, text in enumerate(("hello", "i am not sure about it")):
            sent = Inbound("webchat", "a-page", f"1:{place}", text, bench.clock())
            await bench.intake.take(sent)
        assert await bench.rows(select(Timer.id).where(Timer.name == "fragments")) == []

    run(scenario)


def test_nobody_waits_where_waiting_is_switched_off(url: str, tmp_path: Path, flows: Flows) -> None:
    made = make_bench(tmp_path, url, flows=flows, fragment_seconds=0)

    async def scenario() -> None:
        await talk(made, TO_NAME)
        assert await made.post("Jo")

    run(scenario)
    made.close()


@pytest.mark.requirement("R23")
def test_a_crash_between_loses_nothing_and_answers_once(url: str, tmp_path: Path, flows: Flows) -> None:
    before = make_bench(tmp_path, url, flows=flows)

    async def until_the_crash() -> None:
        await talk(before, TO_NAME)
        await before.post("call me")
        await before.post("Jo")

    run(until_the_crash)
    before.close()
    after = make_bench(tmp_path, url, flows=flows)

    async def once_it_is_up_again() -> None:
        after.clock.now = before.clock.now
        assert len(await after.settle()) == 1
        assert (await slots(after))["name"] == "Jo"
        after.clock.advance(minutes=1)
        assert await after.settle() == []

    run(once_it_is_up_again)
    after.close()


@pytest.mark.requirement("R23")
def test_two_workers_answer_once(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        await bench.post("Jo")
        bench.clock.advance(seconds=WINDOW)
        store = bench.house.store
        await asyncio.gather(*(store.write(lambda c: fire_due(c, bench.house)) for _ in range(4)))
        assert len(await bench.settle()) == 1

    run(scenario)


def test_a_timer_with_another_fence_does_nothing(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        await bench.post("Jo")
        await bench.house.store.write(
            lambda c: c.execute(update(Timer).where(Timer.name == "fragments").values(fence="0"))
        )
        assert await bench.settle() == []

    run(scenario)


def test_a_practitioner_who_takes_over_in_between_is_not_talked_over(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME)
        await bench.post("Jo")
        await bench.house.store.write(lambda c: _give_to_somebody(c, bench))
        assert await bench.settle() == []

    run(scenario)


def _give_to_somebody(c: Any, bench: Bench) -> None:
    from backend.staff import Role, add_staff

    add_staff(c, bench.house, "Sam", "sam@example.org", "a quiet harbour", Role.COMMUNITY_IDVA)
    owner = c.execute(select(Staff.id)).scalar_one()
    c.execute(update(Conversation).values(owner_id=owner))


def test_a_digit_costs_no_statement_more_than_before(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, TO_NAME[:4])
        ran: list[str] = []
        listen = (bench.house.store.engine, "before_cursor_execute", lambda *args: ran.append(args[2]))
        event.listen(*listen)
        await bench.intake.take(Inbound("sms", "+447700900123", "SM" + "f" * 32, "1", bench.clock()))
        event.remove(*listen)
        tables = [word for statement in ran for word in ("timer", "alert") if f" {word}" in statement.lower()]
        assert tables == []
        assert len([statement for statement in ran if "SAVEPOINT" not in statement and "RELEASE" not in statement]) <= 5

    run(scenario)
