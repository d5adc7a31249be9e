"""Agreed words in the turn: whose a message is, how wrong ones count, what speaks against a new one (R12, R15).

Every sender is treated alike. Whether a word was ever agreed at a contact point changes neither the work nor the
answer: the same look-up and comparison are made, the same tries are counted in the sealed memory, and only the quiet
alert at the end differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.contact_points import pending
from backend.conversations import statements
from backend.conversations.talk import Talk, address_index
from backend.house import House
from bot import State, open_slot
from channels.contract import Inbound
from safety import secret_words

WORD_SLOTS = frozenset({"code_word", "duress_word", "exit_word"})
"""The slots whose answer is an agreed word, and the columns that keep its slow hash."""
KEY = "tries"
WRONG, IN_PASSING = 20, 1
"""What a try counts that was no answer to the opening questions, and any other short text that could be a word."""
TOO_MANY = 3 * WRONG
"""From here on a worker is told, and the right word does not count either until the pause is over (R12)."""
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
"""How long that is: it doubles with each further wrong one."""
FORGOTTEN_AFTER = timedelta(days=1)

NONE: Mapping[str, Any] = {"sum": 0, "at": "2000-01-01T00:00:00+00:00"}

Memory = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Match:
    """Which agreed word a message is: `code`, `duress`, `exit`, or none; and whose conversation it was agreed in."""

    names: frozenset[str] = frozenset()
    conversation_id: int | None = None

    @property
    def opens(self) -> int | None:
        """The conversation that a code word opens. The other words open none: nothing may look different (R13)."""
        return self.conversation_id if self.names == {"code"} else None


def lock_person(c: Connection, house: House, inbound: Inbound, word: bytes | None) -> None:
    """Where the word for bad times comes, all contact points of that person are paused: lock them first and in one
    order, so that two who text it at once do not wait for each other. SQLite has one writer, who has locked
    everything."""
    if word is not None and c.dialect.name != "sqlite":
        index = address_index(house, inbound.channel, inbound.address)
        c.execute(statements.LOCK_PERSON, {"channel": inbound.channel, "address_index": index, "word": word})


def match(c: Connection, house: House, talk: Talk, memory: Memory, word: bytes | None) -> Match:
    """Whose agreed word this slow hash is, among all that were agreed at the contact point. Duress goes before the
    others."""
    if word is None:
        return Match()
    found = _found(c, talk, word)
    if _pause_ends(memory) > house.clock() or slot_asked(house, memory) in WORD_SLOTS - {"code_word"}:
        found.pop("code_word", None)
    for name in ("duress", "exit", "code"):
        if (whose := found.get(f"{name}_word")) is not None:
            return Match(frozenset({name}), whose)
    return Match()


def _found(c: Connection, talk: Talk, word: bytes) -> dict[str, int]:
    """The columns that keep this word, and in whose conversation."""
    kept = c.execute(statements.WORDS_HERE, {"point_id": talk.point_id}).all()
    compared = [(column, row.id, getattr(row, column)) for row in kept for column in sorted(WORD_SLOTS)]
    # With nothing agreed, the same comparison is made with nothing.
    compared += [] if compared else [("", 0, None), ("", 0, None)]
    return {column: whose for column, whose, stored in compared if secret_words.matches(word, stored)}


def slot_asked(house: House, memory: Memory) -> str:
    """The slot of the question that is open; empty when none is."""
    return open_slot(house.flows, State.from_json(memory["bot"])) if "bot" in memory else ""


def word_fault(c: Connection, house: House, talk: Talk, memory: Memory, text: str, word: bytes | None) -> str:
    """Why a text cannot be an agreed word here, as a stable code; empty: it can. At one contact point no two are
    alike, and none is like another that waits for a check."""
    asked = slot_asked(house, memory)
    fault = secret_words.acceptable(text, house.rules.naming_words, only_leaves=asked == "exit_word")
    if fault is not None or word is None:
        return fault or "too_common"
    return "same_word" if _found(c, talk, word) or _waits(c, house, talk, word, asked) else ""


def _waits(c: Connection, house: House, talk: Talk, word: bytes, asked: str) -> bool:
    """Whether this word waits in this conversation to become another one than it is asked for now."""
    there = [one for one in pending.waiting(c, house, talk) if one.what in WORD_SLOTS - {asked}]
    return any(secret_words.matches(word, bytes.fromhex(str(one.value))) for one in there)


def means_another(c: Connection, talk: Talk, word: bytes, column: str) -> bool:
    """Whether a word means something at the contact point already, other than as `column` of this conversation."""
    kept = c.execute(statements.WORDS_HERE, {"point_id": talk.point_id}).all()
    others = [getattr(row, name) for row in kept for name in WORD_SLOTS if (row.id, name) != (talk.id, column)]
    return any(secret_words.matches(word, stored) for stored in others)


def count_tries(c: Connection, house: House, talk: Talk, memory: Memory, tries: int, *, wrong: bool) -> None:
    """Count texts that could have been a word and were not; of too many, a worker is told (R12)."""
    if not tries:
        return
    now, known = house.clock(), memory.get(KEY, NONE)
    before = 0 if now - datetime.fromisoformat(known["at"]) > FORGOTTEN_AFTER else known["sum"]
    memory[KEY] = {"sum": before + tries * (WRONG if wrong else IN_PASSING), "at": now.isoformat()}
    if memory[KEY]["sum"] >= TOO_MANY and (wrong or before < TOO_MANY):
        kept = c.execute(statements.WORDS_HERE, {"point_id": talk.point_id}).all()
        for row in (row for row in kept if row.code_word is not None):
            raise_alert(c, house, row.id, "wrong_words", "soon")


def forget_tries(memory: Memory) -> None:
    """The right word was given."""
    memory.pop(KEY, None)


def _pause_ends(memory: Mapping[str, Any]) -> datetime:
    """Until when no code word counts (UTC); in the past when there is no pause."""
    known = memory.get(KEY, NONE)
    more = (known["sum"] - TOO_MANY) // WRONG
    pause = min(PAUSE * 2 ** min(more, 10), LONGEST_PAUSE) if more >= 0 else timedelta(0)
    return datetime.fromisoformat(known["at"]) + pause
