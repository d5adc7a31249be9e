"""Several text messages in a row that are one answer: each is kept and triaged at once, and the engine's step waits.

What waits is in the conversation's sealed memory, and a timer row carries out the step; both are written in the turn,
so a crash in between loses nothing. What is whole by itself never waits: a number, a word to the bot about the talk, a
press of a button, and whatever triage gave a course of its own.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from backend.conversations.agreed_words import WORD_SLOTS, slot_asked
from backend.conversations.engine import opens, set_timer
from backend.conversations.hearing import Heard, hear
from backend.conversations.talk import Talk
from backend.house import House
from bot.contract import Said

TIMER = "fragments"
KEY = "fragments"
LONGEST_WAIT = 5
"""Windows: somebody who goes on and on is answered after so many, though more may come."""
_NUMBERS = re.compile(r"[\d\s.,;:&+()#/-]*")

Memory = dict[str, Any]


def waits(house: House, talk: Talk, memory: Memory, text: str) -> bool:
    """Whether more of the same answer may follow this message. The first of a session is answered at once, and on an
    open page nobody waits."""
    if opens(memory) or talk.channel == "webchat" or house.settings.fragment_seconds == 0 or _is_whole(house, text):
        return False
    return slot_asked(house, memory) not in WORD_SLOTS


def hold(c: Connection, house: House, talk: Talk, memory: Memory, heard: Heard) -> None:
    """Keep a fragment, and let the answer fall due a window from now."""
    now, window = house.clock(), timedelta(seconds=house.settings.fragment_seconds)
    held = memory.setdefault(KEY, {"texts": [], "tries": 0, "since": now.isoformat(), "fence": str(house.new_id())})
    # Another understanding reads each message by itself; what it made of one says nothing about several.
    held["reading"] = None if held["texts"] else [heard.said.intent, heard.said.confidence, dict(heard.said.entities)]
    held["texts"].append(heard.text)
    held["tries"] += heard.tries
    latest = datetime.fromisoformat(held["since"]) + LONGEST_WAIT * window
    set_timer(c, house, talk, TIMER, held["fence"], min(now + window, latest))


def drop(memory: Memory) -> None:
    """What waited is no answer any more: the talk has ended, or stands elsewhere. People still see it in the thread."""
    memory.pop(KEY, None)


def answer_now(c: Connection, house: House, talk: Talk, memory: Memory, heard: Heard) -> None:
    """A message that is not waited for.

    A number ends what waits and is read with it. A word about the talk is read by itself; what waits goes on waiting,
    unless the talk then stands at another place.
    """
    if _NUMBERS.fullmatch(heard.text):
        hear(c, house, talk, memory, _joined(memory, heard))
        return
    before = _place(memory)
    hear(c, house, talk, memory, heard)
    if _place(memory) != before:
        drop(memory)


def answer_held(c: Connection, house: House, talk: Talk, fence: str) -> None:
    """The window is over: what was kept is one answer. With another fence it was answered before."""
    memory = talk.memory()
    if memory.get(KEY, {}).get("fence") != fence:
        return
    hear(c, house, talk, memory, _joined(memory, None))
    talk.remember(memory)
    talk.save(c)


def _joined(memory: Memory, last: Heard | None) -> Heard:
    """What waited and what came last, as if it had been typed in one go; the memory then holds nothing of it."""
    held = memory.pop(KEY, {"texts": [], "tries": 0})
    if last is None:
        return Heard(Said(" ".join(held["texts"]), *(held.get("reading") or ())), tries=held["tries"])
    said = Said(" ".join((*held["texts"], last.text)))
    return Heard(said, last.word, last.inbound_id, held["tries"] + last.tries)


def _is_whole(house: House, text: str) -> bool:
    words = text.strip()
    if _NUMBERS.fullmatch(words) or words.startswith("/"):
        return True
    return house.flows.understanding.command(words) is not None


def _place(memory: Memory) -> Any:
    """Where in the flows the talk stands."""
    return memory.get("bot", {}).get("stack")
