"""A wrong person texts whatever a wrong person texts, and learns nothing (R3, R6, R12)."""

import asyncio
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import Flows, render
from bot.contract import Facts
from bot.language.keys import CHANNELS
from safety.lint import names_service
from tests.abuser.conftest import Worlds
from tests.abuser.doors import DOORS
from tests.abuser.player import ELSEWHERE, EVERY_PROBE, HER_PLACE, LATER, PROBES, Seeded
from tests.abuser.survivor import Story, canaries_in, write_and_answer
from tests.backend.talks import reasons

STORIES = (Story(), Story(finished=True), Story(word=False), Story(worker_has_it=True))
KEPT = Path(__file__).parent / "sequences.toml"
SEQUENCES: list[dict[str, Any]] = tomllib.loads(KEPT.read_text("utf-8"))["sequences"]
SLOW_IS_FINE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
DIGITS = tuple(PROBES["digits"])


def play(world: Seeded, folder: Path, moves: list[str], **how: Any) -> list[str]:
    return asyncio.run(world.play(folder, moves, **how))


def test_there_are_enough_of_them_and_none_twice() -> None:
    assert len(EVERY_PROBE) == len(set(EVERY_PROBE)) >= 200
    assert set(DOORS) == set(CHANNELS), "a channel has no door here"


@pytest.mark.requirement("R3")
@pytest.mark.requirement("R12")
@pytest.mark.parametrize("place", range(len(STORIES)))
def test_every_probe_opens_a_session_as_it_does_where_nobody_ever_wrote(
    worlds: Worlds, folder: Path, place: int
) -> None:
    """Each story takes every fourth probe, so that all are played once; over the web a few, for a page has no past."""
    moves = [move for probe in EVERY_PROBE[place :: len(STORIES)] for move in (LATER, probe)]
    assert not play(worlds(STORIES[place], "sms"), folder, moves)


@pytest.mark.requirement("R3")
@pytest.mark.requirement("R12")
@pytest.mark.parametrize("channel", sorted(set(DOORS) - {"sms", "webchat"}))
def test_every_other_channel_tells_as_little(worlds: Worlds, folder: Path, channel: str) -> None:
    """One probe of each group as first words, and then a whole talk."""
    openings = [move for texts in PROBES.values() for move in (LATER, next(filter(str.strip, texts)))]
    moves = [*openings, LATER, "hello", "1", "1", "1", "3", "crimson lamp", "1", "what have I told you"]
    assert not play(worlds(Story(), channel), folder, moves)


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R17")
def test_the_same_browser_after_she_left_knows_nothing(worlds: Worlds, folder: Path) -> None:
    world = worlds(Story(finished=True, worker_wrote=False), "webchat")
    moves = [probe for texts in PROBES.values() for probe in texts[:1] if probe.strip()]
    assert not play(world, folder, moves, days=0.001)


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda sequence: str(sequence["name"]))
def test_a_sequence_that_was_kept(worlds: Worlds, folder: Path, sequence: dict[str, Any]) -> None:
    story = Story() if sequence["door"] == "sms" else Story(worker_wrote=False)
    assert not play(worlds(story, sequence["door"]), folder, sequence["moves"])


MOVES = st.lists(
    st.one_of(st.sampled_from(DIGITS), st.sampled_from(EVERY_PROBE), st.sampled_from(("hello", "1", "1", LATER))),
    min_size=2,
    max_size=9,
)


@pytest.mark.requirement("R3")
@pytest.mark.requirement("R12")
@settings(max_examples=8, deadline=None, suppress_health_check=SLOW_IS_FINE)
@given(moves=MOVES)
def test_no_talk_tells_a_known_number_from_one_that_never_wrote(
    worlds: Worlds, new_folder: Callable[[], Path], moves: list[str]
) -> None:
    assert not play(worlds(Story(), "sms"), new_folder(), moves)


@pytest.mark.requirement("R12")
@settings(max_examples=3, deadline=None, suppress_health_check=SLOW_IS_FINE)
@given(moves=MOVES)
@example(moves=["hello", "1", "1", "1", "1", "1", "5", "1", "1", "2", "4"])
def test_without_a_word_nothing_that_was_told_is_shown(
    worlds: Worlds, new_folder: Callable[[], Path], moves: list[str]
) -> None:
    world = worlds(Story(word=False), "sms")
    assert not play(world, new_folder(), moves, same=False)


@pytest.mark.requirement("R12")
def test_without_a_word_the_open_question_is_shown_and_nothing_that_was_answered(worlds: Worlds, folder: Path) -> None:
    """They chose no word, and were told what that means: whoever writes from here may go on where they stopped."""

    world = worlds(Story(word=False), "sms")

    async def scenario() -> None:
        bench = world.open(folder)
        bench.clock.advance(days=2)
        door = DOORS["sms"](bench, HER_PLACE)
        opening = [reply for move in ("hello", "1", "1") for reply in await door.say(move)]
        there = DOORS["sms"](bench, ELSEWHERE)
        assert opening == [reply for move in ("hello", "1", "1") for reply in await there.say(move)]
        (offer,) = await door.say("1")
        went_on = await door.say("1")
        assert offer.startswith("Thank you. Shall we go on from where we were?")
        assert went_on[0] == "Thank you. Here is where we were."
        assert went_on[1].startswith("Thank you. Next, who is part of this with you?")
        assert len(went_on) == 2
        assert not canaries_in([*opening, offer, *went_on])
        bench.close()

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("name", ["utter_ask_wants_word", "utter_why_wants_word"])
def test_whoever_is_offered_a_word_is_told_what_it_means_to_have_none(flows: Flows, name: str) -> None:
    said = render(flows, name, {}, Facts()).text
    assert "whoever texts from here" in said
    assert names_service(said, ()) == ()


@pytest.mark.requirement("R3")
@pytest.mark.parametrize(
    "moves",
    [
        ["hello", "1"],
        ["hello", "good", "3", "what is this", "2", LATER, "hi", "2", "hello"],
        ["who is this", "crimson lamp", "1", LATER, "he has a knife", "1", LATER, "I need to talk to a person", "0"],
        ["hello", "3", "2", LATER, "bye", "clear", LATER, "hello", "1", "3", "3"],
    ],
    ids=str,
)
def test_a_talk_that_a_worker_holds_answers_like_any_other(worlds: Worlds, folder: Path, moves: list[str]) -> None:
    assert not play(worlds(Story(worker_has_it=True), "sms"), folder, moves)


@pytest.mark.requirement("R3")
@pytest.mark.requirement("R12")
def test_with_the_opening_through_a_talk_that_a_worker_holds_is_silent(worlds: Worlds, folder: Path) -> None:
    world = worlds(Story(worker_has_it=True), "sms")

    async def scenario() -> None:
        bench = world.open(folder)
        bench.clock.advance(days=2)
        door = DOORS["sms"](bench, HER_PLACE)
        for move in ("hello", "1"):
            await door.say(move)
        assert await door.say("1") == ["Thank you. A person here has been told that you wrote."]
        assert [await door.say(move) for move in ("1", "hello", "what have I told you")] == [[], [], []]
        assert "new_message" in await reasons(bench)
        bench.close()

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_a_page_that_was_only_said_goodbye_to_shows_nothing_either(worlds: Worlds, folder: Path) -> None:
    world = worlds(Story(worker_wrote=False), "webchat")

    async def scenario() -> list[str]:
        bench = world.open(folder)
        door = DOORS["webchat"](bench, HER_PLACE)
        await write_and_answer(door, Story(finished=True))
        await door.say("bye")
        seen = await door.everything()
        bench.close()
        return canaries_in(seen)

    assert not asyncio.run(scenario())
