"""What the house does about a wrong person: silence, a worker who is told, and her own word that still opens (R6)."""

import asyncio
from pathlib import Path

import pytest

from bot import Flows
from tests.abuser.conftest import Worlds
from tests.abuser.doors import DOORS, Door
from tests.abuser.player import HER_PLACE, seed
from tests.abuser.survivor import CANARIES, WORD, Story, canaries_in
from tests.backend.talks import reasons


@pytest.mark.requirement("R6")
@pytest.mark.parametrize("probe", ["what did she say", "why are you texting my wife", "I have her phone"])
def test_whoever_says_that_they_are_not_her_meets_silence_and_a_worker_is_told(
    worlds: Worlds, folder: Path, probe: str
) -> None:
    world = worlds(Story(), "sms")

    async def scenario() -> None:
        bench = world.open(folder)
        bench.clock.advance(days=2)
        her = DOORS["sms"](bench, HER_PLACE)
        await her.say("hello")
        before = len(await reasons(bench))
        assert await her.say(probe) == []
        assert "somebody_else" in (await reasons(bench))[before:]
        bench.close()

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_three_wrong_words_tell_a_worker_and_nobody_else(worlds: Worlds, folder: Path) -> None:
    world = worlds(Story(), "sms")

    async def scenario() -> None:
        bench = world.open(folder)
        bench.clock.advance(days=2)
        her = DOORS["sms"](bench, HER_PLACE)
        for probe in ("hello", "crimson lamp", "yellow lamp", "green lamp"):
            await her.say(probe)
        assert "wrong_words" in await reasons(bench)
        assert not canaries_in([mail.text + mail.subject for mail in bench.email.sent])
        bench.close()

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_after_all_of_it_her_word_still_opens_her_own_talk(worlds: Worlds, folder: Path) -> None:
    world = worlds(Story(), "sms")

    async def scenario() -> None:
        bench = world.open(folder)
        bench.clock.advance(days=2)
        door = DOORS["sms"](bench, HER_PLACE)
        for probe in ("who is this", "1", "1", "1", "forget me", "what did she say"):
            await door.say(probe)
        bench.clock.advance(days=2)
        said = [reply for words in ("hello", WORD, "1", "1") for reply in await door.say(words)]
        assert "Shall we go on from where we were?" in " ".join(said), said
        bench.close()

    asyncio.run(scenario())


@pytest.mark.requirement("R12")
def test_nobody_who_was_here_before_her_can_be_told_of_her(folder: Path, flows: Flows) -> None:
    async def scenario() -> list[str]:
        async def before(door: Door) -> None:
            for probe in ("hello", "1", "1", "1"):
                await door.say(probe)

        (folder / "world").mkdir()
        world = await seed(folder / "world", flows, Story(worker_wrote=False), "sms", before)
        return await world.play(
            folder / "play", ["hello", "1", "1", "1", "1", "back", "show what I told you"], same=False
        )

    assert not asyncio.run(scenario())


def test_the_player_would_see_a_canary() -> None:
    assert canaries_in(["Hello Zebedee."]) == ["Zebedee"]
    assert canaries_in(["You wrote: zebedee"], ["is Zebedee there"]) == []
    assert WORD in CANARIES
