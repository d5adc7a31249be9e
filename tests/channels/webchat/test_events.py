"""The stream of one open page."""

import asyncio
import json

import pytest

from channels.webchat.events import resume_point, stream
from channels.webchat.fake import FIRST_WORDS, FakeChatHouse
from channels.webchat.streams import OpenStreams
from tests.channels.webchat.support import ImpatientHouse


async def take(house: ImpatientHouse, token: str, after: int, count: int) -> list[str]:
    """The first `count` pieces of a stream, or all where it ends earlier."""
    events = stream(house, token, after, OpenStreams())
    taken = []
    async for event in events:
        taken.append(event)
        if len(taken) == count:
            break
    await events.aclose()
    return taken


def talk(house: ImpatientHouse, *words: str) -> str:
    """A session in which the bot has said `words`."""

    async def begin() -> str:
        token = await house.open()
        for text in words:
            house.answer(token, text)
        return token

    return asyncio.run(begin())


def test_a_stream_tells_each_line_with_its_number_then_how_things_are(house: ImpatientHouse) -> None:
    token = talk(house, FIRST_WORDS, "second\nline")
    retry, first, second, state = asyncio.run(take(house, token, 0, 4))
    assert retry == "retry: 2000\n\n"
    assert first.startswith("id: 1\nevent: line\ndata: {")
    assert json.loads(second.split("data: ")[1])["text"] == "second\nline"
    assert second.count("\n") == 4
    assert state == 'event: state\ndata: {"ended": false, "person": false, "writing": false}\n\n'


def test_it_goes_on_after_the_last_line_that_was_seen(house: ImpatientHouse) -> None:
    token = talk(house, "one", "two", "three")
    events = asyncio.run(take(house, token, 2, 2))
    assert '"three"' in events[1]


def test_while_nothing_happens_it_says_that_it_is_there(house: ImpatientHouse) -> None:
    token = talk(house)
    assert asyncio.run(take(house, token, 0, 4))[2:] == [": still here\n\n"] * 2
    assert house.waited == [(0, 20.0)] * 2


def test_a_person_who_joins_is_told_once(house: ImpatientHouse) -> None:
    token = talk(house, "one")
    house.sessions[token].person_joined = True
    states = [event for event in asyncio.run(take(house, token, 0, 6)) if "event: state" in event]
    assert len(states) == 1
    assert '"person": true' in states[0]


def test_it_ends_when_the_conversation_has(house: ImpatientHouse) -> None:
    token = talk(house, "one")
    house.sessions[token].ended = True
    assert '"ended": true' in asyncio.run(take(house, token, 0, 99))[-1]


@pytest.mark.requirement("R17")
@pytest.mark.parametrize("token", ["", "never-a-session"])
def test_without_a_session_the_page_must_go(house: ImpatientHouse, token: str) -> None:
    assert asyncio.run(take(house, token, 0, 99)) == ["retry: 2000\n\n", "event: gone\ndata: {}\n\n"]


@pytest.mark.parametrize(
    ("last_event_id", "after", "expected"),
    [
        ("7", "3", 7),
        (None, "3", 3),
        ("", "3", 3),
        ("x", "3", 3),
        (None, None, 0),
        (None, "-3", 0),
        (None, "٣", 0),
        (None, "9" * 50, 2**63 - 1),
        (None, str(2**62 + 1), 2**62 + 1),
    ],
)
def test_where_a_page_stopped(last_event_id: str | None, after: str | None, expected: int) -> None:
    assert resume_point(last_event_id, after) == expected


def test_that_somebody_writes_is_told_when_it_begins_and_when_it_ends() -> None:
    async def scene() -> list[str]:
        house = FakeChatHouse()
        token = await house.open()
        events = stream(house, token, 0, OpenStreams())
        told = [await anext(events), await anext(events)]
        for writing in (True, False):
            house.writes(token, writing)
            told.append(await anext(events))
        await events.aclose()  # type: ignore[attr-defined]  # it is a generator
        return told[1:]

    states = [json.loads(event.split("data: ")[1])["writing"] for event in asyncio.run(scene())]
    assert states == [False, True, False]
