"""Pictures and other files are refused politely, never fetched, and nothing of them is kept (R28)."""

import asyncio

import pytest
from sqlalchemy import select

from backend.store.talk import InboundMessage, OutboundMessage
from backend.testing import Bench
from tests.backend.talks import reasons, talk


@pytest.mark.requirement("R28")
def test_a_picture_gets_one_polite_line_and_the_words_beside_it_are_heard(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, ["hello", "1"])
        answer = await bench.text("1", NumMedia="1", MediaContentType0="image/jpeg")
        said = await bench.rows(select(OutboundMessage.response))
        assert [row.response for row in said].count("utter_media_refused") == 1
        assert len(answer) > 1, "the question after the one that was answered follows"

    asyncio.run(scenario())


@pytest.mark.requirement("R28")
def test_a_picture_with_words_of_danger_is_danger_first(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, ["hello", "1"])
        answer = await bench.text("he has a knife", NumMedia="1", MediaContentType0="image/jpeg")
        assert "999" in " ".join(answer)

    asyncio.run(scenario())


@pytest.mark.requirement("R28")
def test_no_place_is_kept_for_a_file(bench: Bench) -> None:
    """What came in is a row of words, codes and times: there is no column that a file could be in."""

    async def scenario() -> None:
        await bench.text("hello", NumMedia="1", MediaContentType0="image/jpeg")
        (row,) = await bench.rows(select(InboundMessage.__table__))
        assert not [name for name in row._fields if "media" in name or "file" in name or "url" in name]

    asyncio.run(scenario())


@pytest.mark.requirement("R28")
def test_pictures_are_refused_in_other_words_each_time_and_somebody_is_told_once_in_a_session(bench: Bench) -> None:
    async def scenario() -> None:
        await talk(bench, ["hello", "1"])
        said = [(await bench.text("", NumMedia="1"))[-1] for _ in range(2)]
        assert len(set(said)) == 2
        assert (await reasons(bench)).count("media") == 1

    asyncio.run(scenario())
