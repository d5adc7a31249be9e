"""A survivor's talk with words in it that nobody else may ever see: the canaries."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.conversations.ownership import hand_back, queue_practitioner, take_over
from backend.staff import Role, add_staff
from backend.store.talk import Conversation
from backend.testing import Bench
from tests.abuser.doors import Door

WORD = "velvet kettle"
WORKER = "Ottoline Marsh"
FROM_HER = ("Zebedee", "1", "Crawley", "1", "he took my bank card")
SENDS_IT = ("1", "5", "1", "1", "1")
"""The rest of the questions, and off it goes."""
FROM_US = "Ottoline here. Thursday, 4.35pm, at 14 Quillon Road."
CANARIES = ("Zebedee", "Ottoline", "Thursday", "4.35", "Quillon", "Crawley", "bank card", WORD)
"""Looked for in everything that a wrong person sees, except where they wrote it themselves."""

FIRST_WORDS = {
    "sms": ("hello", "1", "1", "1", "1", "4", "1"),
    "webchat": ("hello", "1", "1", "1", "1", "4", "1"),
}
"""By channel, as far as the question how to reach them."""
THEY_COME = {"sms": ("5", "2"), "webchat": ("1",)}
"""They come to us, and pick no word."""


@dataclass(frozen=True, slots=True)
class Story:
    """What the survivor did before somebody else had the phone."""

    word: bool = True
    worker_wrote: bool = True
    worker_has_it: bool = False
    """A practitioner still owns the talk."""
    finished: bool = False
    """The referral was sent; else she left in the middle."""

    def words(self, channel: str) -> Iterable[str]:
        """What she texted. Web chat has a number to come back with in place of a word."""
        with_word = self.word and channel != "webchat"
        agreed = ("5", "1", WORD, "1") if with_word else THEY_COME[channel]
        return (*FIRST_WORDS[channel], *agreed, *FROM_HER, *(SENDS_IT if self.finished else ()))


async def tell_the_story(bench: Bench, door: Door, story: Story) -> None:
    """She writes, a worker answers, and she says goodbye."""
    for words in story.words(door.channel):
        await door.say(words)
    if story.worker_wrote or story.worker_has_it:
        await _worker_writes(bench, story)
    await door.leave()


async def _worker_writes(bench: Bench, story: Story) -> None:
    def work(c: object) -> None:
        staff_id = add_staff(c, bench.house, WORKER, "ottoline@desk.example", "a long quiet word", Role.COMMUNITY_IDVA)
        talk_id = c.execute(select(Conversation.id).order_by(Conversation.id)).scalars().first()
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
