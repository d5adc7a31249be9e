"""Places for open streams: the newest of a session wins, one source cannot take all (R21)."""

import asyncio
from contextlib import ExitStack

import pytest

from channels.webchat.events import stream
from channels.webchat.streams import OpenStreams
from tests.channels.webchat.support import ImpatientHouse

pytestmark = pytest.mark.requirement("R21")


def enter(stack: ExitStack, places: OpenStreams, session: str, source: str = "") -> object:
    return stack.enter_context(places.place(session, source))


def test_a_place_is_free_again_when_its_stream_ends() -> None:
    places = OpenStreams(overall=1)
    for _ in range(3):
        with places.place("a", ""):
            assert len(places) == 1
    assert len(places) == 0


def test_the_newest_of_a_session_takes_the_place_of_its_oldest() -> None:
    places = OpenStreams(session=2)
    with ExitStack() as stack:
        first, second, third = (enter(stack, places, "a") for _ in range(3))
        assert [first.lost, second.lost, third.lost] == [True, False, False]  # type: ignore[attr-defined]
        assert len(places) == 2


def test_one_source_cannot_take_the_places_of_all() -> None:
    places = OpenStreams(source=2, overall=9)
    with ExitStack() as stack:
        for number in range(9):
            enter(stack, places, f"flooder {number}", "one source")
        assert len(places) == 2
        assert enter(stack, places, "somebody", "another") is not None
        assert enter(stack, places, "nobody knows whence") is not None


def test_where_all_is_full_a_session_keeps_what_it_has() -> None:
    places = OpenStreams(session=1, overall=1)
    with ExitStack() as stack:
        enter(stack, places, "a")
        assert enter(stack, places, "b") is None
        assert enter(stack, places, "a") is not None


def test_without_a_place_a_page_gets_what_is_there_and_asks_again_later(house: ImpatientHouse) -> None:
    async def scene() -> list[str]:
        token = await house.open()
        house.answer(token, "one")
        return [event async for event in stream(house, token, 0, OpenStreams(overall=0))]

    retry, line, state = asyncio.run(scene())
    assert retry == "retry: 10000\n\n"
    assert line.startswith("id: 1\nevent: line\n")
    assert state.startswith("event: state\n")


def test_a_stream_that_loses_its_place_ends_at_once() -> None:
    class PatientHouse(ImpatientHouse):
        async def wait(self, token: str, after: int, seconds: float, writing: bool = False) -> bool:
            await asyncio.Event().wait()  # for ever
            return True

    async def scene() -> list[str]:
        house, places = PatientHouse(), OpenStreams(session=1)
        token = await house.open()

        async def read() -> list[str]:
            return [event async for event in stream(house, token, 0, places)]

        reading = asyncio.create_task(read())
        while not len(places) or not places._of(token)[0]._waiting:
            await asyncio.sleep(0)
        with places.place(token, ""):
            return await asyncio.wait_for(reading, 60)

    assert len(asyncio.run(scene())) == 2
