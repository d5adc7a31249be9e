"""Questions that we begin a session with, as it was agreed: a check-in, a daily text.

Before the words go out the dialogue stands at its question, so that a bare number is heard as the answer to it. If
something comes before they have gone, they do not go, and that is an ordinary first message.
"""

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
from bot.contract import Opened, Say
from safety.types import Kind

KEY = "asked"
"""In the memory: the outbox row of a question that may be answered, and until when."""
ABOUT = "about"
"""In the memory: what the question that was answered is about, as long as that session lasts."""

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
) -> int | None:
    """Let the dialogue come to the question of the flow `starts`, and queue the words, which hold nothing of an earlier
    session; the outbox row, or None where the flow does not say exactly one thing. `about` is the code of what it is
    about this time, which the flow may read in all of the session."""
    memory, now = talk.memory(), house.clock()
    talk.begin_session(memory, now)
    before = State.from_json(memory["bot"]) if "bot" in memory else new_state(house.flows)
    facts = replace(facts_for(house, talk, new_session=True), starts=starts, round=turn, about=about)
    taken = step(house.flows, before, Opened(), facts, now)
    says = [effect for effect in taken.effects if isinstance(effect, Say)]
    if len(says) != 1:
        house.trouble("not_one_question", starts)
        return None
    words = Words(says[0].text, tuple(choice.title for choice in says[0].choices))
    row_id = queue_words(c, house, talk, kind, words, says[0].response, not_after=not_after, about_id=about_id)
    memory |= {"bot": taken.state.to_json(), "opened": True, ABOUT: about}
    memory[KEY] = {"row": row_id, "about": about_id, "until": not_after.isoformat()}
    talk.remember(memory)
    talk.save(c)
    return row_id


def answered(c: Connection, house: House, talk: Talk, memory: Memory) -> int | None:
    """What a message that opens a session answers: the id of what we asked about; then the dialogue goes on at its
    question. None: it answers nothing."""
    asked = memory.pop(KEY, None)
    if asked is None:
        memory.pop(ABOUT, None)
        return None
    state = c.execute(select(OutboundMessage.state).where(OutboundMessage.id == asked["row"])).scalar_one_or_none()
    if state in ("queued", "held"):
        cancel_queued(c, talk.id, "wrote_first")
    in_time = house.clock() <= datetime.fromisoformat(asked["until"])
    if in_time and state in ("sending", "sent", "delivered", "read"):
        return int(asked["about"])
    memory.pop(ABOUT, None)
    return None
