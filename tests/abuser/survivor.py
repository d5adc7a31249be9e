"""A survivor's talk with words in it that nobody else may ever see: the canaries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from backend.conversations.ownership import hand_back, queue_practitioner, take_over
from backend.staff import Role, add_staff
from backend.store.talk import Conversation
from backend.testing import Bench
from tests.abuser.doors import Door

WORD = "velvet kettle"
WORKER = "Ottoline Marsh"
FROM_US = "Ottoline here. Thursday, 4.35pm, at 14 Quillon Road."
CANARIES = ("Zebedee", "Ottoline", "Thursday", "4.35", "Quillon", "Crawley", "bank card", WORD)
"""Looked for in everything that a wrong person sees, except where they wrote it themselves."""

ANSWERS = (
    (r"who may we talk to", "4"),
    (r"pick a word\?", "1"),
    (r"text the word", WORD),
    (r"call you", "Zebedee"),
    (r"town are you near", "Crawley"),
    (r"about home or someone close|going on at home", "he took my bank card"),
    (r"would any of these help", "5"),
    (r"I will come (?:to you|back here)", ""),
)
"""What she says to a question; to every other one the first choice. An empty answer is the words that were found."""
LAST_QUESTION, LAST_WORDS = "who is part of this", "It is sent"
MOST = 40


@dataclass(frozen=True, slots=True)
class Story:
    """What the survivor did before somebody else had the phone."""

    word: bool = True
    worker_wrote: bool = True
    worker_has_it: bool = False
    """A practitioner still owns the talk."""
    finished: bool = False
    """The referral was sent; else she left in the middle."""

    def answer(self, asked: str) -> str:
        """What she says to what she was asked last."""
        if re.search(r"May we get in touch", asked):
            return "1"
        for question, words in ANSWERS:
            if found := re.search(question, asked, re.IGNORECASE):
                return "2" if words == "1" and not self.word else words or found.group()
        return "1"


async def write_and_answer(door: Door, story: Story) -> None:
    """As far as the story goes, whatever the channel asks on the way."""
    end, words = LAST_WORDS if story.finished else LAST_QUESTION, "hello"
    for _ in range(MOST):
        said = await door.say(words)
        if end in " ".join(said):
            return
        words = story.answer(said[-1])
    raise AssertionError("she never got to the end of her story")


async def tell_the_story(bench: Bench, door: Door, story: Story) -> None:
    """She writes, a worker answers, and she leaves."""
    await write_and_answer(door, story)
    if story.worker_wrote or story.worker_has_it:
        await _worker_writes(bench, story)
    await door.leave()


async def _worker_writes(bench: Bench, story: Story) -> None:
    def work(c: Connection) -> None:
        staff_id = add_staff(c, bench.house, WORKER, "ottoline@desk.example", "a long quiet word", Role.COMMUNITY_IDVA)
        talk_id = c.execute(select(Conversation.id).order_by(Conversation.id)).scalars().first()
        assert talk_id is not None
        take_over(c, bench.house, talk_id, staff_id)
        queue_practitioner(c, bench.house, talk_id, staff_id, FROM_US)
        if not story.worker_has_it:
            hand_back(c, bench.house, talk_id, staff_id)

    await bench.house.store.write(work)
    await bench.work()


def canaries_in(seen: Sequence[str], wrote: Sequence[str] = ()) -> list[str]:
    """The canaries that were shown and that the one who looks did not write themselves."""
    said, mine = "\n".join(seen).casefold(), "\n".join(wrote).casefold()
    words = [(canary, canary.casefold()) for canary in CANARIES if canary.casefold() not in mine]
    return [canary for canary, word in words if re.search(rf"\b{re.escape(word)}\b", said)]
