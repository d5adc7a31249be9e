"""A second reading over HTTP: what is asked, what is made of the answer, and that nothing that goes wrong matters."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.testing import make_settings
from backend.understanding.breaker import Breaker
from backend.understanding.exchange import LONGEST_ANSWER, ExchangeError, Server, exchange
from backend.understanding.listener import BuiltInAlone, RasaListener, open_listener
from bot import Flows
from bot.contract import Said
from tests.peers.rasa_peer import READINGS, RasaPeer, http, rasa_peer

PATIENCE = 60.0
HURRY = 0.05
OPENING = "whats your opening hrs"


def listener(
    peer: RasaPeer, flows: Flows, budget: float = PATIENCE, clock: Callable[[], float] = float
) -> RasaListener:
    """One that asks the peer; its clock stands still."""
    return RasaListener(Server.at(peer.url), flows, budget, Breaker(clock, failures=2, pause=30))


def heard(flows: Flows, text: str, budget: float = PATIENCE, **ways: Any) -> tuple[Said, RasaPeer]:
    """What is heard of a text, and the peer that was asked or not."""

    async def ask() -> tuple[Said, RasaPeer]:
        async with rasa_peer(**ways) as peer:
            return await listener(peer, flows, budget).hear(text), peer

    return asyncio.run(ask())


# --- as recorded ------------------------------------------------------------------------------------------------------


def test_a_recorded_reading_goes_with_the_words(flows: Flows) -> None:
    said, peer = heard(flows, OPENING)
    assert (said.text, said.intent, said.entities) == (OPENING, "ask_hours", {})
    assert said.confidence == pytest.approx(READINGS[OPENING]["intent"]["confidence"])
    assert peer.asked == [("POST", "/model/parse", {"text": OPENING})]


@pytest.mark.parametrize("text", ["hows the weather over there", "i got my town wrong"])
def test_no_reading_is_made_of_a_fallback_or_a_word_about_the_talk(flows: Flows, text: str) -> None:
    """Words about the talk are the built-in layer's: as a guess they could end a talk."""
    name = READINGS[text]["intent"]["name"]
    assert name == "nlu_fallback" or name.startswith("command_")
    said, _ = heard(flows, text)
    assert said == Said(text)


def test_an_intent_of_other_flows_is_none(flows: Flows) -> None:
    answer = http(200, {"intent": {"name": "order_pizza", "confidence": 1.0}, "entities": []})
    assert heard(flows, "words", raw=answer)[0] == Said("words")


def test_entities_are_words_and_the_first_of_each(flows: Flows) -> None:
    entities = [
        {"entity": "town", "start": 0, "end": 5, "value": "Leeds", "extractor": "DIETClassifier"},
        {"entity": "town", "value": "York"},
        {"entity": "count", "value": 3},
        {"entity": "long", "value": "x" * 1000},
    ]
    answer = http(200, {"intent": {"name": "ask_hours", "confidence": 0.9}, "entities": entities})
    said, _ = heard(flows, "words", raw=answer)
    assert said.entities == {"town": "Leeds", "long": "x" * 200}


def test_short_numbers_may_sum_up_to_a_little_more_than_one(flows: Flows) -> None:
    answer = http(200, {"intent": {"name": "ask_hours", "confidence": 1.0000001192}})
    assert heard(flows, "words", raw=answer)[0].confidence == 1.0


@pytest.mark.parametrize("length", [b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", b"\r\n"])
def test_an_answer_in_pieces_or_without_a_length_is_read(flows: Flows, length: bytes) -> None:
    body = b'{"intent": {"name": "ask_hours", "confidence": 0.9}}'
    framed = length % (len(body), body) if b"%" in length else length + body
    said, _ = heard(flows, "words", raw=b"HTTP/1.1 200 OK\r\n" + framed)
    assert said.intent == "ask_hours"


# --- what is not asked ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2", "1, 3", "", "  ", "07700 900123", "0", "skip", "STOP", "/skip", "ok " * 200])
def test_what_needs_no_second_reading_stays_in_the_process(flows: Flows, text: str) -> None:
    said, peer = heard(flows, text)
    assert said == Said(text)
    assert peer.asked == []


def test_without_a_server_nothing_is_asked(flows: Flows, tmp_path: Path) -> None:
    alone = open_listener(make_settings(tmp_path), flows)
    assert isinstance(alone, BuiltInAlone)
    assert asyncio.run(alone.hear("anything")) == Said("anything")
    assert isinstance(open_listener(make_settings(tmp_path, rasa_url="http://[::1]:9"), flows), RasaListener)


# --- what goes wrong --------------------------------------------------------------------------------------------------

INTENT = b'{"intent": {"name": "ask_hours", "confidence": %s}, "entities": %s}'
BAD_ANSWERS = {
    "an error": http(500, {"version": "3.6.21", "status": "failure", "reason": "ParsingError", "code": 500}),
    "no model": http(409, {"reason": "ConflictError", "code": 409}),
    "elsewhere": b"HTTP/1.1 302 Found\r\nlocation: http://192.0.2.1/\r\ncontent-length: 0\r\n\r\n",
    "not json": http(200, b"<html>busy</html>"),
    "not utf-8": http(200, b"\xff\xfe{}"),
    "a list": http(200, []),
    "null": http(200, None),
    "no intent": http(200, {"entities": []}),
    "intent as text": http(200, {"intent": "ask_hours"}),
    "name as number": http(200, {"intent": {"name": 7, "confidence": 0.9}}),
    "no confidence": http(200, {"intent": {"name": "ask_hours"}}),
    "confidence as text": http(200, INTENT % (b'"0.9"', b"[]")),
    "confidence as truth": http(200, INTENT % (b"true", b"[]")),
    "confidence not a number": http(200, INTENT % (b"NaN", b"[]")),
    "confidence of two": http(200, INTENT % (b"2", b"[]")),
    "confidence below zero": http(200, INTENT % (b"-0.1", b"[]")),
    "entities as number": http(200, INTENT % (b"0.9", b"7")),
    "entities of numbers": http(200, INTENT % (b"0.9", b"[7]")),
    "deep": http(200, b"[" * 100_000),
    "endless": http(200, b" " * (LONGEST_ANSWER + 1)),
    "not http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "half an answer": b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{",
    "nothing": b"",
    "a header without end": b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1_000_000,
}


@pytest.mark.parametrize("kind", BAD_ANSWERS)
def test_a_bad_answer_leaves_the_built_in_reading(flows: Flows, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    said, peer = heard(flows, OPENING, raw=BAD_ANSWERS[kind])
    assert said == Said(OPENING)
    assert len(peer.asked) == 1
    assert OPENING not in caplog.text


def test_a_slow_answer_is_not_waited_for(flows: Flows) -> None:
    """The peer never answers, so that waiting for it would never come back."""
    said, _ = heard(flows, OPENING, HURRY, silent=True)
    assert said == Said(OPENING)


def test_nobody_there_is_no_trouble(flows: Flows) -> None:
    gone = RasaPeer(port=1)
    assert asyncio.run(listener(gone, flows).hear(OPENING)) == Said(OPENING)


def test_a_fault_of_our_own_loses_no_message(flows: Flows) -> None:
    """Such as words that cannot be written in any encoding."""
    broken = RasaListener(None, flows, PATIENCE, Breaker(float))  # type: ignore[arg-type]  # that is the fault
    assert asyncio.run(broken.hear(OPENING)) == Said(OPENING)


@pytest.mark.parametrize("text", ["\ud800 half a sign", "nul\x00l", "emoji \N{WAVING HAND SIGN}", "Привет"])
def test_any_words_can_be_sent(flows: Flows, text: str) -> None:
    said, peer = heard(flows, text)
    assert said == Said(text)
    assert [asked for _, _, asked in peer.asked] == [{"text": text}]


# --- the breaker ------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R38")
def test_a_server_that_fails_is_left_alone_then_tried_again(flows: Flows, caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]

    async def scenario() -> None:
        async with rasa_peer(raw=http(500, {})) as peer:
            listening = listener(peer, flows, clock=lambda: now[0])
            for _ in range(4):
                assert await listening.hear(OPENING) == Said(OPENING)
            assert len(peer.asked) == 2
            now[0], peer.raw = 30.0, None
            assert (await listening.hear(OPENING)).intent == "ask_hours"
            assert (await listening.hear(OPENING)).intent == "ask_hours"
            assert len(peer.asked) == 4

    with caplog.at_level(logging.INFO, "sidedoor"):
        asyncio.run(scenario())
    assert [record.getMessage() for record in caplog.records] == [
        "the Rasa server is left alone for a while: status_500",
        "the Rasa server answers again",
    ]
    assert OPENING not in caplog.text


def test_a_reading_that_is_called_off_is_no_failure(flows: Flows) -> None:
    async def scenario() -> None:
        async with rasa_peer(silent=True) as peer:
            listening = listener(peer, flows)
            for _ in range(4):
                reading = asyncio.create_task(listening.hear(OPENING))
                while len(peer.asked) == 0:
                    await asyncio.sleep(0)
                reading.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await reading
                peer.asked.clear()
            peer.silent = False
            assert (await listening.hear(OPENING)).intent == "ask_hours"

    asyncio.run(scenario())


@pytest.mark.requirement("R38")
def test_an_error_holds_no_words() -> None:
    async def scenario() -> ExchangeError:
        async with rasa_peer(raw=b"secret") as peer:
            with pytest.raises(ExchangeError) as raised:
                await exchange(Server.at(peer.url), "POST", "/model/parse", b'{"text": "secret"}')
        return raised.value

    error = asyncio.run(scenario())
    assert error.code == "broken_answer"
    assert "secret" not in repr(error)
    assert error.__cause__ is None
