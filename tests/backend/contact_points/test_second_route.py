"""Who may let a change count by text: the person on their second route, with their word; nobody else (R14)."""

from typing import Any

import pytest

from backend.contact_points import second_route
from backend.conversations.talk import Talk, begin_talk, load_talk
from backend.testing import HER_NUMBER, Bench
from safety.types import PointState
from tests.backend.contact_points.lives import (
    SECOND,
    WORD,
    agreed,
    ask,
    asks_for_more,
    at,
    comes_back,
    ended,
    link,
    point,
    run,
    waits,
)
from tests.backend.talks import reasons, talk


async def two_routes(house: Bench) -> None:
    """One person with two numbers, both with their words, who asked for more on the first."""
    await agreed(house, words=True)
    await agreed(house, SECOND, words=True)
    await link(house)
    await asks_for_more(house)


@pytest.mark.requirement("R14")
def test_by_their_second_route_with_their_word_it_was_them(house: Bench) -> None:
    """Nothing of what it is about is said on either."""

    async def scenario() -> None:
        await two_routes(house)
        before = len(house.sms.sent)
        replies = await talk(house, (WORD, "1", "1"), SECOND)
        assert "Lately something was asked for in your name. Was it you?" in replies[-1]
        replies = await talk(house, ("1",), SECOND)
        assert replies[0] == "Thank you. Then it counts from now on."
        assert (await point(house)).contact.naming
        assert await waits(house) == []
        assert await ended(house) == {("confirmed", "second_route")}
        assert {message.address for message in house.sms.sent[before:]} == {SECOND}
        assert "changes_confirmed" in await reasons(house)

    run(scenario)


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R6")
def test_by_their_second_route_it_was_not_them(house: Bench) -> None:
    async def scenario() -> None:
        await two_routes(house)
        await talk(house, (WORD, "1", "1", "2"), SECOND)
        assert not (await point(house)).contact.naming
        assert (await point(house)).state is PointState.UNSAFE
        assert (await point(house, SECOND)).state is PointState.SAFE
        assert await waits(house) == []
        assert "changes_not_theirs" in await reasons(house)

    run(scenario)


@pytest.mark.requirement("R14")
@pytest.mark.requirement("R12")
@pytest.mark.parametrize("why", ["no word", "same point", "another person", "unsafe", "paused", "opted out", "too old"])
def test_nothing_else_is_a_second_route(house: Bench, why: str) -> None:
    async def scenario() -> None:
        await agreed(house, words=True)
        await agreed(house, SECOND, words=True)
        if why != "another person":
            await link(house)
        await asks_for_more(house)
        where = HER_NUMBER if why == "same point" else SECOND
        await comes_back(house, where, days=14 if why == "too old" else 1, verified=why != "no word")
        column = {
            "unsafe": {"state": "unsafe"},
            "paused": {"paused_at": house.clock()},
            "opted out": {"opted_out_at": house.clock()},
        }
        if why in column:
            await at(house, lambda c, found: found.points.update(column[why]), where)

        def work(c: Any, found: Talk) -> bool:
            asked = second_route.waits_for(c, house.house, found)
            second_route.confirm_here(c, house.house, found)
            return asked

        assert not await at(house, work, where)
        assert not (await point(house)).contact.naming
        assert not [state for state, _reason in await ended(house) if state == "confirmed"]

    run(scenario)


@pytest.mark.requirement("R14")
def test_the_same_number_in_another_app_is_no_second_route(house: Bench) -> None:
    """Whoever holds the phone that asked has the app on it as well."""

    async def scenario() -> None:
        await agreed(house, words=True)

        def in_the_app(c: Any) -> int:
            found = begin_talk(c, house.house, "whatsapp", HER_NUMBER)
            now = house.clock()
            found.talks |= {"session_started_at": now, "last_inbound_at": now, "verified_at": now}
            found.save(c)
            return found.id

        app = await house.house.store.write(in_the_app)
        await link(house)
        await asks_for_more(house)

        def confirm(c: Any) -> bool:
            found = load_talk(c, house.house, app)
            asked = second_route.waits_for(c, house.house, found)
            second_route.confirm_here(c, house.house, found)
            return asked

        assert not await house.house.store.write(confirm)
        assert not (await point(house)).contact.naming
        assert await waits(house)

    run(scenario)


@pytest.mark.requirement("R14")
def test_a_duress_word_on_one_route_makes_all_of_it_void_on_every_route(house: Bench) -> None:
    async def scenario() -> None:
        await two_routes(house)
        await house.text("garden gate", SECOND)
        assert await waits(house) == []
        assert await ended(house) == {("void", "duress")}

    run(scenario)


@pytest.mark.requirement("R13")
def test_by_their_second_route_such_a_word_waits_for_a_practitioner(house: Bench) -> None:
    async def scenario() -> None:
        word = b"y" * 32
        await agreed(house, words=True)
        await agreed(house, SECOND, words=True)
        await link(house)
        await ask(house, "code_word", word.hex())
        await at(house, lambda c, found: found.talks.update(exit_word=word))
        await talk(house, (WORD, "1", "1", "1"), SECOND)
        assert await waits(house) == ["code_word"]

    run(scenario)
