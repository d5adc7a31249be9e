"""Several people on one contact point: each has a conversation of their own, and none sees another's (R12, R15).

Which one goes on is the contact point's `conversation_id`. A code word opens the conversation it was agreed in; whoever
begins afresh without the word of the one that goes on gets a new one, with a key of its own.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, update

from backend.alerts.service import raise_alert
from backend.conversations.outbox import cancel_queued
from backend.conversations.talk import Talk, begin_conversation, load_talk
from backend.house import House
from backend.store.talk import Timer, WebSession
from bot import Flows, State, Step

OPENING = "pattern_session_start"
SESSION_COLUMNS = ("session_started_at", "last_inbound_at")
KEPT = frozenset({"recent", "tries", "opened", "first"})
"""What of the memory is about whoever writes now, and not about who wrote before."""


def needs_its_own(talk: Talk, memory: dict[str, Any], taken: Step) -> bool:
    """Whether a step began afresh in a conversation that has a code word, and nobody has given or chosen it in this
    session."""
    guarded = talk["code_word"] is not None and talk["verified_at"] is None
    return (
        guarded
        and "code_word" not in memory.get("word_chosen", ())
        and any((traced.what, traced.name) == ("action_executed", "action_start_fresh") for traced in taken.trace)
    )


def begin_fresh(
    c: Connection,
    house: House,
    talk: Talk,
    memory: dict[str, Any],
    reason: str = "began_without_word",
    urgency: str = "soon",
) -> None:
    """Let `talk` and `memory` be those of a new conversation, in which nothing is known but this session's opening.

    What went on before keeps its place for whoever has its word, and those who look after it are told.
    """
    session = {column: talk[column] for column in SESSION_COLUMNS}
    opening = _only_the_opening(house.flows, State.from_json(memory["bot"]))
    kept = {key: value for key, value in memory.items() if key in KEPT}
    left = talk.id
    raise_alert(c, house, left, reason, urgency)
    _leave(c, house, talk)
    talk.become(load_talk(c, house, begin_conversation(c, house, talk.point_id)))
    _bring_page(c, left, talk.id)
    talk.talks |= session
    memory.clear()
    memory.update(kept, bot=opening.to_json())


def enter(c: Connection, house: House, left: Talk, talk: Talk) -> None:
    """The word of another conversation on this contact point was given: that one goes on here from now on."""
    _leave(c, house, left)
    talk.points["conversation_id"] = talk.id
    _bring_page(c, left.id, talk.id)


def _bring_page(c: Connection, left: int, goes_on: int) -> None:
    """A page that is open on the conversation that was left shows the one that goes on, and no line of before."""
    open_there = (WebSession.conversation_id == left, WebSession.ended_at.is_(None))
    c.execute(update(WebSession).where(*open_there).values(conversation_id=goes_on))


def answer_here(c: Connection, house: House, talk: Talk) -> None:
    """Somebody comes back to this conversation, or a practitioner's words go out in it: what is written from now on
    belongs in it."""
    going_on = talk.row["point_conversation_id"]
    if going_on == talk.id:
        return
    if going_on is not None:
        _leave(c, house, load_talk(c, house, going_on))
    talk.points["conversation_id"] = talk.id
    talk.save(c)


def _leave(c: Connection, house: House, talk: Talk) -> None:
    """Nothing more is said in this conversation until somebody comes back to it."""
    talk["session_ended_at"] = house.clock()
    c.execute(delete(Timer).where(Timer.kind == "talk", Timer.subject_id == talk.id))
    cancel_queued(c, talk.id, "left")
    replace(talk, points={}).save(c)


def _only_the_opening(flows: Flows, state: State) -> State:
    """The state without anything that an earlier session has left in it."""
    opening = flows.flows[OPENING]
    names = opening.resets | opening.persisted | {"language"}
    return replace(
        state,
        slots={name: value for name, value in state.slots.items() if name in names},
        parked=(),
        asked=tuple(path for path in state.asked if path[0][0] == OPENING),
        unsettled=(),
        skipped=(),
        done=(),
        listed=(),
        undo=None,
    )
