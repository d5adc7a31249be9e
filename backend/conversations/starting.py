"""What the rules say of words that we start at a set time: check-ins, daily texts and reminders go by the same ones."""

from datetime import datetime

from backend.conversations.talk import Talk
from backend.house import House
from safety.gate import decide
from safety.types import Decision, Drop, Kind, Outgoing

ANOTHER_TALK = "another_talk"
"""The reason where another talk has begun on the phone since: whoever holds it may be somebody else."""


def decision_to_start(house: House, talk: Talk, kind: Kind, not_after: datetime, at: datetime) -> Decision:
    """Into another's talk on a shared phone nothing goes (R15); else the gate says, of `at`, by what holds now."""
    if talk.another_began:
        return Drop(ANOTHER_TALK)
    return decide(Outgoing(kind, "", not_after), talk.point(), house.rules, at)
