"""A door that is full, and where a request comes from (R21)."""

import re

import pytest
from starlette.requests import Request

from channels.webchat import ChatSettings
from channels.webchat.fake import ANSWER, FIRST_WORDS
from channels.webchat.house import TooManyChatsError
from channels.webchat.web import source_of
from tests.channels.webchat.support import ImpatientHouse, make_client

pytestmark = pytest.mark.requirement("R21")


class FullHouse(ImpatientHouse):
    """Opens a chat for words of danger only."""

    async def open(self, source: str = "", words: str = "") -> str:
        if "knife" not in words:
            raise TooManyChatsError
        return await super().open(source, words)


def request_from(address: str) -> Request:
    return Request({"type": "http", "client": (address, 5), "headers": []})


def test_too_many_new_chats_are_told_to_try_again() -> None:
    answer = make_client(FullHouse(), ChatSettings()).post("/chat", data={"do": "start"})
    assert answer.status_code == 429
    assert "999" in answer.text


def test_a_full_door_keeps_the_words_and_takes_those_of_danger() -> None:
    house = FullHouse()
    client = make_client(house, ChatSettings())
    answer = client.post("/chat", data={"do": "start", "text": "Keep these words"})
    assert (answer.status_code, house.sessions) == (429, {})
    assert "Keep these words</textarea>" in answer.text
    assert client.post("/chat", data={"do": "start", "text": "a knife"}).headers["location"] == "/chat"
    (session,) = house.sessions.values()
    assert [line.text for line in session.lines] == [FIRST_WORDS, "a knife", ANSWER]


@pytest.mark.parametrize("there", ["127.0.0.1", "10.1.2.3", "testclient", "fe80::1"])
def test_an_address_of_our_own_is_no_source(there: str) -> None:
    assert source_of(request_from(there)) == ""


def test_neighbours_are_one_source_and_its_name_tells_nobody_who() -> None:
    here, neighbour, elsewhere = (
        source_of(request_from(f"2.24.{third}.{last}")) for third, last in ((0, 1), (0, 9), (1, 1))
    )
    assert here == neighbour != elsewhere
    assert re.fullmatch("[0-9a-f]{32}", here)
    assert source_of(request_from("2a00:23c6::1")) == source_of(request_from("2a00:23c6:0:ffff::2")) != here
