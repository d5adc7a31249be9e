"""Between the turn and the pure engine: facts in, effects out as rows of the same transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete

from backend.alerts.service import raise_alert
from backend.contact_points import second_route
from backend.conversations import clashes, statements
from backend.conversations.acting import Acting
from backend.conversations.actions import ACTIONS
from backend.conversations.agreed_words import WORD_SLOTS, word_fault
from backend.conversations.asking import ABOUT, KEY, with_told
from backend.conversations.compartments import begin_fresh, needs_its_own
from backend.conversations.facts import facts_for
from backend.conversations.first_words import use_first_words
from backend.conversations.outbox import Words, queue_words
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.talk import Timer
from bot import State, Step, new_state, open_slot, render, step
from bot.contract import (
    Act,
    CancelTimer,
    Effect,
    EndSession,
    Event,
    Facts,
    HandOver,
    Said,
    Say,
    SetTimer,
    TimerFired,
    Trouble,
)
from safety.return_code import new_return_code
from safety.types import Kind

NEUTRAL = "neutral"
"""In the memory: in this session of a talk that a practitioner owns, the machine asks the opening questions, for a
number that was silent then would be told from one that nobody knows (R3). With them through, it is silent."""


def run_engine(
    c: Connection,
    house: House,
    talk: Talk,
    memory: dict[str, Any],
    event: Event,
    *,
    word: bytes | None = None,
    inbound_id: int | None = None,
) -> tuple[Effect, ...]:
    """Let the engine take one step from where the talk stands, and carry out what it asks for; what that was.

    The first step of a session opens it, whatever happened before it without the engine: a carrier's word, a talk with
    a practitioner. Where somebody begins afresh without the agreed word, `talk` and `memory` are a new conversation's
    afterwards.
    """
    facts = facts_for(house, talk, new_session=opens(memory), fresh_code=new_return_code())
    facts = replace(facts, confirms=second_route.waits_for(c, house, talk), about=memory.get(ABOUT, ""))
    facts = with_told(facts, memory)
    if isinstance(event, Said):
        memory.pop(KEY, None)  # a question of ours has been answered in this session: no later one answers it
    memory["opened"] = True
    taken = _step(c, house, talk, memory, event, facts, word)
    if isinstance(event, Said) and talk["owner_id"] is not None and taken.state.slots.get("privacy_checked") is True:
        _leave_to_the_owner(c, house, talk, memory)
        return ()
    if needs_its_own(talk, memory, taken):
        begin_fresh(c, house, talk, memory)
        taken = _step(c, house, talk, memory, event, facts, word)
    elif clashes.begins_over(talk, memory, taken):
        begin_fresh(c, house, talk, memory, "may_be_two", clashes.urgency(memory))
        taken = _step(c, house, talk, memory, event, facts, word)
    clashes.note(c, house, talk, memory, taken)
    memory["bot"] = taken.state.to_json()
    acting = Acting(c, house, talk, memory, word, facts.fresh_code, inbound_id)
    for effect in taken.effects:
        EFFECTS[type(effect)](acting, effect)
    return taken.effects


def _leave_to_the_owner(c: Connection, house: House, talk: Talk, memory: dict[str, Any]) -> None:
    """The opening questions are through, and a practitioner owns the talk: one bland line, and not a word more."""
    for key in ("opened", NEUTRAL):  # whoever it is handed back to begins with the opening words
        memory.pop(key, None)
    say(c, house, talk, "utter_person_waiting")


def opens(memory: Mapping[str, Any]) -> bool:
    """Whether the engine's next step is the first of this session."""
    return "opened" not in memory


def _step(
    c: Connection, house: House, talk: Talk, memory: dict[str, Any], event: Event, facts: Facts, word: bytes | None
) -> Step:
    before = State.from_json(memory["bot"]) if "bot" in memory else new_state(house.flows)
    before = use_first_words(before, memory)
    if isinstance(event, Said) and open_slot(house.flows, before) in WORD_SLOTS:
        facts = replace(facts, word_fault=word_fault(c, house, talk, memory, event.text, word))
    return step(house.flows, before, event, facts, house.clock())


def fire_timer(c: Connection, house: House, talk: Talk, name: str, fence: str) -> None:
    """A timer that the engine asked for has come due. One of an earlier session does nothing."""
    memory = talk.memory()
    if opens(memory):
        return
    run_engine(c, house, talk, memory, TimerFired(name, fence))
    talk.remember(memory)
    talk.save(c)


def say(c: Connection, house: House, talk: Talk, response: str) -> None:
    """Queue one line of the catalogue that the house itself says, as an answer in this talk (R30)."""
    said = render(house.flows, response, {}, facts_for(house, talk, new_session=False))
    _say(Acting(c, house, talk), said)


def set_timer(c: Connection, house: House, talk: Talk, name: str, fence: str, due: datetime) -> None:
    """Let something fall due in this talk at `due`; a timer of the same name is moved."""
    row = {"id": house.new_id(), "kind": "talk", "subject_id": talk.id, "name": name, "fence": fence, "due_at": due}
    c.execute(statements.SET_TIMER[c.dialect.name], row)


def _say(acting: Acting, effect: Say) -> None:
    kind = Kind.DANGER if effect.lane == "danger" else Kind.REPLY
    queue_words(
        acting.c,
        acting.house,
        acting.talk,
        kind,
        Words(effect.text, tuple(choice.title for choice in effect.choices)),
        effect.response,
    )


def _act(acting: Acting, effect: Act) -> None:
    action = ACTIONS.get(effect.name)
    if action is None:
        acting.house.trouble("unknown_action", effect.name)
        return
    action(acting, effect.slots)


def _hand_over(acting: Acting, effect: HandOver) -> None:
    """A person is asked for: the talk waits for one, and they are woken."""
    acting.talk["waiting_since"] = acting.talk["waiting_since"] or acting.house.clock()
    raise_alert(acting.c, acting.house, acting.talk.id, effect.reason, effect.urgency)


def _set_timer(acting: Acting, effect: SetTimer) -> None:
    due = acting.house.clock() + max(effect.after, timedelta(seconds=1))
    set_timer(acting.c, acting.house, acting.talk, effect.name, effect.fence, due)


def _cancel_timer(acting: Acting, effect: CancelTimer) -> None:
    acting.c.execute(
        delete(Timer).where(Timer.kind == "talk", Timer.subject_id == acting.talk.id, Timer.name == effect.name)
    )


def _end_session(acting: Acting, _effect: EndSession) -> None:
    """Nothing more is said in this session; no timer of it may wake the phone."""
    acting.talk["session_ended_at"] = acting.house.clock()
    acting.c.execute(delete(Timer).where(Timer.kind == "talk", Timer.subject_id == acting.talk.id))


def _trouble(acting: Acting, effect: Trouble) -> None:
    acting.house.trouble(effect.code, effect.where)


EFFECTS: dict[type[Any], Callable[[Acting, Any], None]] = {
    Say: _say,
    Act: _act,
    HandOver: _hand_over,
    SetTimer: _set_timer,
    CancelTimer: _cancel_timer,
    EndSession: _end_session,
    Trouble: _trouble,
}
