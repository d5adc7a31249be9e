"""The bland question whether contact is still safe, once the answers have expired, and what its answer does (R10).

Before it is sent the dialogue stands at its question, so that a bare number is heard as the answer to it. If something
comes before it has gone, it does not go, and that is an ordinary first message.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.contact_points import checks
from backend.contact_points.agreeing import plan_recheck
from backend.conversations import asking
from backend.conversations.facts import facts_for
from backend.conversations.outbox import queue_words
from backend.conversations.talk import Talk, load_talk
from backend.house import House
from safety.gate import Case, decide
from safety.profile import stale
from safety.types import Drop, Kind, Outgoing

KEY = "recheck"
"""In the memory: the outbox row of a re-check that may be answered, and until when."""
LASTS = timedelta(days=8)
"""How long it may wait for the agreed hours, which come round within a week, and be answered."""
LATER = timedelta(hours=1)
"""When a re-check that would fall into a talk is looked at again."""

Memory = dict[str, Any]


def fire(c: Connection, house: House, talk: Talk) -> None:
    """The answers about a contact point have expired; `talk` is locked.

    Nothing goes where the gate would not let it, where as many as agreed have gone unanswered, or where a practitioner
    has the talk: they are told in its place.
    """
    going_on = talk.row["point_conversation_id"]
    if going_on not in (None, talk.id):
        talk = load_talk(c, house, going_on)
    point, now = talk.point(), house.clock()
    expires: datetime | None = talk.row["point_expires_at"]
    if not stale(point, now, house.rules.confirmation_lasts):
        plan_recheck(c, house, talk, max(expires or now, now + LATER))
    elif Case(Outgoing(Kind.REPLY, "", now), point, house.rules, now).in_talk:
        plan_recheck(c, house, talk, now + LATER)
    elif _may_ask(c, house, talk):
        _ask(c, house, talk)


def _may_ask(c: Connection, house: House, talk: Talk) -> bool:
    if talk["expires_at"] is not None or talk.channel == "webchat":
        return False  # nobody holds an enquiry that was never sent off, and nothing can be started on a closed page
    if checks.times_asked(c, talk.point_id) >= house.settings.recheck_times:
        return False
    question = Outgoing(Kind.RECHECK, "", house.clock() + LASTS)
    if isinstance(decide(question, talk.point(), house.rules, house.clock()), Drop):
        return False
    if talk["owner_id"] is not None:
        raise_alert(c, house, talk.id, "answers_expired", "routine")
    return talk["owner_id"] is None


def _ask(c: Connection, house: House, talk: Talk) -> None:
    """Let the dialogue come to its question, and queue the words; nothing of an earlier session can be seen in them."""
    memory, now = talk.memory(), house.clock()
    talk.begin_session(memory, now)
    facts = replace(facts_for(house, talk, new_session=True), recheck=True)
    question = asking.come_to_question(house, memory, facts, "recheck_contact")
    if question is None:
        return
    words = asking.words_of(question)
    row_id = queue_words(c, house, talk, Kind.RECHECK, words, question.response, lasts=LASTS)
    memory[KEY] = {"row": row_id, "until": (now + LASTS).isoformat()}
    checks.write(c, house, talk, checks.RECHECKED)
    talk.remember(memory)
    talk.save(c)


def is_answer(c: Connection, house: House, talk: Talk, memory: Memory) -> bool:
    """Whether what opens a session now answers a re-check; then the dialogue goes on at its question."""
    asked = memory.pop(KEY, None)
    if asked is None or house.clock() > datetime.fromisoformat(asked["until"]):
        return False
    return asking.has_gone(c, talk, asked["row"])
