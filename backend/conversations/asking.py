"""Questions that we begin a session with, as it was agreed: a check-in, a daily text.

Before the words go out the dialogue stands at its question, so that a bare number is heard as the answer to it. If
something comes before they have gone, they do not go, and that is an ordinary first message.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from backend.conversations.facts import facts_for
from backend.conversations.outbox import Words, cancel_queued, queue_words
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.talk import OutboundMessage
from bot import State, new_state, step
from bot.contract import Facts, Json, Opened, Say
from safety.types import Kind

KEY = "asked"
"""In the memory: the outbox row of a question that may be answered, and until when."""
ABOUT = "about"
"""In the memory: what the question that was answered is about, as long as that session lasts."""
TOLD = "told"
"""In the memory: what the words of that session may say beside the settings, such as when something is."""

Memory = dict[str, Any]


def ask(
    c: Connection,
    house: House,
    talk: Talk,
    starts: str,
    turn: int,
    kind: Kind,
    not_after: datetime,
    about_id: int,
    about: str = "",
    told: Mapping[str, Json] | None = None,
    until: datetime | None = None,
) -> int | None:
    """Let the dialogue come to the question of the flow `starts`, and queue the words, which hold nothing of an earlier
    session; the outbox row, or None where the flow does not say exactly one thing. `about` is the code of what it is
    about this time, which the flow may read in all of the session; so may its words `told`, as `service_<key>`. It may
    be answered `until` then (UTC), or as long as it may go."""
    memory = talk.memory()
    talk.begin_session(memory, house.clock())
    memory[TOLD] = dict(told or {})
    facts = replace(facts_for(house, talk, new_session=True), starts=starts, round=turn, about=about)
    question = come_to_question(house, memory, with_told(facts, memory), starts)
    if question is None:
        return None
    row_id = queue_words(
        c, house, talk, kind, words_of(question), question.response, not_after=not_after, about_id=about_id
    )
    memory[ABOUT] = about
    memory[KEY] = {"row": row_id, "about": about_id, "until": (until or not_after).isoformat()}
    talk.remember(memory)
    talk.save(c)
    return row_id


def come_to_question(house: House, memory: Memory, facts: Facts, where: str) -> Say | None:
    """Let the dialogue stand at the one question that opens a session, and remember it there; None, where the flows do
    not say exactly one thing."""
    before = State.from_json(memory["bot"]) if "bot" in memory else new_state(house.flows)
    taken = step(house.flows, before, Opened(), facts, house.clock())
    says = [effect for effect in taken.effects if isinstance(effect, Say)]
    if len(says) != 1:
        house.trouble("not_one_question", where)
        return None
    memory |= {"bot": taken.state.to_json(), "opened": True}
    return says[0]


def words_of(said: Say) -> Words:
    """What is said, as it is queued."""
    return Words(said.text, tuple(choice.title for choice in said.choices))


def has_gone(c: Connection, talk: Talk, row_id: int) -> bool:
    """Whether a question of ours went out before something came; one that still waits does not go any more."""
    state = c.execute(select(OutboundMessage.state).where(OutboundMessage.id == row_id)).scalar_one_or_none()
    if state in ("queued", "held"):
        cancel_queued(c, talk.id, "wrote_first")
    return state in ("sending", "sent", "delivered", "read")


def answered(c: Connection, house: House, talk: Talk, memory: Memory) -> int | None:
    """What a message that opens a session answers: the id of what we asked about; then the dialogue goes on at its
    question. None: it answers nothing."""
    asked = memory.pop(KEY, None)
    if asked is None:
        _forget(memory)
        return None
    went = has_gone(c, talk, asked["row"])
    if went and house.clock() <= datetime.fromisoformat(asked["until"]):
        return int(asked["about"])
    _forget(memory)
    return None


def with_told(facts: Facts, memory: Memory) -> Facts:
    """The facts with what the words of this session may say."""
    return replace(facts, service={**facts.service, **memory.get(TOLD, {})})


def _forget(memory: Memory) -> None:
    """An ordinary first message: nothing of what was asked may be said in its session."""
    memory.pop(ABOUT, None)
    memory.pop(TOLD, None)
