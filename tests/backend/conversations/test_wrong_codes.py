"""Wrong numbers to come back to web chat with: like any mistake, slower after three, and told of (R12, R21)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backend.store.work import Alert
from backend.testing import Bench
from channels.webchat.house import Outcome
from safety.return_code import SIGNS, nearly_return_codes, new_return_code, read_return_code
from tests.backend.conversations.test_web_sessions import TO_THE_NAME, Visitor
from tests.backend.talks import reasons

HIS = "198.51.100.7"
ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(scenario())


def one_slip_away(code: str) -> str:
    """The code with its first sign wrong."""
    return SIGNS[(SIGNS.index(code[0]) + 1) % len(SIGNS)] + code[1:]


@given(st.integers(0, 11), st.sampled_from(SIGNS))
def test_what_is_one_slip_away_is_found(place: int, sign: str) -> None:
    code = new_return_code()
    signs = code.replace("-", "")
    wrong = signs[:place] + sign + signs[place + 1 :]
    assert wrong == signs or code in nearly_return_codes(wrong)
    assert not nearly_return_codes(code)
    assert all(read_return_code(near) == near for near in nearly_return_codes(wrong))


@pytest.mark.parametrize("text", ["", "hello there", "1", "he has a knife", "4H7K-2MXP"])
def test_ordinary_words_are_nearly_no_code(text: str) -> None:
    assert nearly_return_codes(text) == ()


@ON_SQLITE
@pytest.mark.requirement("R12")
def test_three_on_the_first_page_slow_down_and_tell_of_the_chat_they_nearly_opened(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.say(*TO_THE_NAME)
        code, hers = await visitor.code(), await visitor.conversation()
        await visitor.web.leave(visitor.token)
        for _ in range(3):
            assert await visitor.web.come_back(one_slip_away(code), HIS) is None
        alerts = await bench.rows(select(Alert.reason, Alert.conversation_id))
        assert [tuple(row) for row in alerts] == [("wrong_codes", hers)]
        assert await visitor.web.come_back(code, HIS) is None
        assert await visitor.web.come_back(code, "203.0.113.9") is not None
        bench.clock.advance(minutes=2)
        assert await visitor.web.come_back(code, HIS) is not None

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R12")
def test_three_that_were_typed_into_a_chat_are_ordinary_messages_and_told_of_there(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        here = await visitor.conversation()
        for _ in range(3):
            assert await visitor.say(new_return_code()) is Outcome.WRITTEN
        alerts = await bench.rows(select(Alert.conversation_id).where(Alert.reason == "wrong_codes"))
        assert [row.conversation_id for row in alerts] == [here]

    run(scenario)


@ON_SQLITE
@pytest.mark.requirement("R21")
def test_two_tell_nobody_and_one_whose_source_is_not_known_slows_nobody_down(bench: Bench) -> None:
    async def scenario() -> None:
        visitor = await Visitor(bench).open()
        await visitor.say(*TO_THE_NAME)
        code = await visitor.code()
        for _ in range(2):
            await visitor.web.come_back(one_slip_away(code), HIS)
        assert "wrong_codes" not in await reasons(bench)
        for _ in range(5):
            await visitor.web.come_back(new_return_code())
        assert await visitor.web.come_back(code) is not None

    run(scenario)
