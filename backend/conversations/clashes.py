"""Two people on one contact point, where neither chose a word: noticed, told to a practitioner, never joined (R15).

A number is no identity. Another name than an earlier session gave, a second referral, or a fresh start where somebody
had begun may be another person. The machine cannot know; it keeps them apart where it can, says nothing of the one to
the other, and lets a person find out. Whoever has given the agreed word is who they were.
"""

from typing import Any

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.conversations.talk import Talk
from backend.house import House
from bot import Step
from bot.contract import Act
from safety.secret_words import normalise

KEY = "given"
"""In the memory: keyed hashes of the names that were given, and whether a referral was sent, each with its session."""
SENT, SUBMIT = "sent", "action_submit_referral"
MARK_BYTES = 8
"""Of a name's hash: enough to tell the names of one conversation apart."""

Memory = dict[str, Any]


def begins_over(talk: Talk, memory: Memory, taken: Step) -> bool:
    """Whether a step began afresh where an earlier session had given a name or sent a referral, and no word tells who
    this is; with an agreed word, `compartments.needs_its_own` says so."""
    if talk["code_word"] is not None or talk["verified_at"] is not None:
        return False
    fresh = any((traced.what, traced.name) == ("action_executed", "action_start_fresh") for traced in taken.trace)
    return fresh and _earlier(talk, memory)


def urgency(memory: Memory) -> str:
    """How soon somebody must look: a referral that was sent is waited for, an enquiry is not."""
    return "soon" if SENT in memory.get(KEY, {}) else "routine"


def note(c: Connection, house: House, talk: Talk, memory: Memory, taken: Step) -> None:
    """Remember what a step was told of who this is, and tell a practitioner of what does not go together."""
    given, earlier = memory.setdefault(KEY, {}), _earlier(talk, memory)
    unknown = earlier and talk["verified_at"] is None
    for mark in _marks(house, taken):
        known = mark in given
        given.setdefault(mark, _session(talk))
        if unknown and mark == SENT and known and given[mark] != _session(talk):
            raise_alert(c, house, talk.id, "may_be_two", "soon")
        elif unknown and mark != SENT and not known:
            raise_alert(c, house, talk.id, "another_name", "soon")


def _marks(house: House, taken: Step) -> list[str]:
    """What this step says of who it is."""
    marks = [SENT for effect in taken.effects if isinstance(effect, Act) and effect.name == SUBMIT]
    name = taken.state.slots.get("name")
    if isinstance(name, str) and (plain := normalise(name)):
        marks.append(house.vault.index("name", plain)[:MARK_BYTES].hex())
    return marks


def _earlier(talk: Talk, memory: Memory) -> bool:
    """Whether an earlier session said who it was."""
    return any(session != _session(talk) for session in memory.get(KEY, {}).values())


def _session(talk: Talk) -> str:
    started = talk["session_started_at"]
    return started.isoformat() if started else ""
