"""What somebody answers to a check-in or a daily text: kept, and read by a person (C14, C17, D10).

Each answer is written down as it is given, so that what is said before somebody stops counts too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from backend.alerts.service import raise_alert
from backend.checkins.kinds import want
from backend.checkins.topics import AREA, CHANGES, FEEDBACK, SETTLED
from backend.conversations import asking
from backend.conversations.acting import Acting, Slots
from backend.conversations.asking import ABOUT
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.checkins import CheckInAnswer
from backend.store.sealing import context, key_of_talk, open_json, seal_json
from backend.store.support import Plan, PlanDue

DAY = "day"
"""The code of the first question, how the day is going."""
DAYS: Mapping[str, int] = {"very_good": 5, "good": 4, "so_so": 3, "not_good": 2, "very_low": 1}
"""Its answers on the scale: 5 is best, as on every scale that is kept."""
LOW = 2
"""An answer at or below this is low."""
NOTHING_CHANGED = "nothing"


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to one check-in. `at` is UTC; `answers` has each question's code."""

    at: datetime
    answers: Mapping[str, Any] = field(repr=False)


def is_answer(c: Connection, house: House, talk: Talk, memory: dict[str, Any]) -> bool:
    """Whether what opens a session now answers a check-in or a daily text, which is then written down as answered."""
    due_id = asking.answered(c, house, talk, memory)
    if due_id is not None:
        c.execute(update(PlanDue).where(PlanDue.id == due_id).values(state="answered"))
    return due_id is not None


def record_check_in(a: Acting, slots: Slots) -> None:
    """Keep what was answered so far, and have a person act on what is new in it and low, or has changed (B8)."""
    due_id = _answered_due(a.c, a.talk.id)
    if due_id is None:
        return
    now = _answers(slots, str(a.memory.get(ABOUT, "")))
    before = _keep(a, due_id, now)
    for code in now:
        if before.get(code) != now[code]:
            _act_on(a, code, now[code])


def record_daily_reply(a: Acting, _slots: Slots) -> None:
    """A reply to a daily text; a person reads every one (C14)."""
    raise_alert(a.c, a.house, a.talk.id, "daily_reply", "routine")


def read_answers(c: Connection, house: House, conversation_id: int, most: int = 60) -> list[Answered]:
    """What was answered over time, newest first (C17). Raises KeyDestroyedError after an erasure."""
    mine = select(CheckInAnswer.__table__).where(CheckInAnswer.conversation_id == conversation_id)
    rows = c.execute(mine.order_by(CheckInAnswer.id.desc()).limit(most)).all()
    if not rows:
        return []
    key = key_of_talk(c, house, conversation_id)
    return [Answered(row.at, open_json(key, row.answers, _where(row.id))) for row in rows]


def _answers(slots: Slots, about: str) -> dict[str, Any]:
    """Each question that was answered; what was passed over, and what was not asked this time, is not in it."""
    found: dict[str, Any] = {DAY: DAYS.get(str(slots.get("how_it_goes")))}
    if about == SETTLED or about in AREA:
        found[about] = slots.get("how_true")
    elif about == CHANGES:
        found[about] = slots.get("what_changed")
    elif about == FEEDBACK:
        found[about] = slots.get("how_we_do")
    return {code: value for code, value in found.items() if value is not None}


def _keep(a: Acting, due_id: int, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write the answers of one check-in; what had been written of it before."""
    there = select(CheckInAnswer.__table__).where(CheckInAnswer.plan_due_id == due_id)
    row = a.c.execute(there).one_or_none()
    row_id = a.house.new_id() if row is None else row.id
    sealed = seal_json(a.talk.key, answers, context("check_in_answer", "answers", row_id))
    if row is not None:
        a.c.execute(update(CheckInAnswer).where(CheckInAnswer.id == row_id).values(answers=sealed))
        return dict(open_json(a.talk.key, row.answers, _where(row_id)))
    values = {"id": row_id, "conversation_id": a.talk.id, "plan_due_id": due_id, "at": a.house.clock()}
    a.c.execute(insert(CheckInAnswer), values | {"answers": sealed})
    return {}


def _act_on(a: Acting, code: str, value: Any) -> None:
    """Have the right person's task made of one answer; what is well makes none."""
    if code == CHANGES:
        if set(value) - {NOTHING_CHANGED}:
            want(a.c, a.house, a.talk.id, "reassess", "life_changed")
    elif code == FEEDBACK:
        if value == "does_not_help":
            want(a.c, a.house, a.talk.id, "not_working", "not_working")
    elif value > LOW:
        if code == DAY and value == DAYS["so_so"]:
            raise_alert(a.c, a.house, a.talk.id, "check_in_answered", "routine")
    elif code == DAY:
        want(a.c, a.house, a.talk.id, "check_in_low", "check_in_low")
    else:
        kind = "low_today" if AREA[code].same_day else "low_area"
        want(a.c, a.house, a.talk.id, kind, kind)


def _answered_due(c: Connection, conversation_id: int) -> int | None:
    """The check-in that was answered last."""
    mine = (Plan.conversation_id == conversation_id, Plan.purpose == "check_in", PlanDue.state == "answered")
    found = select(PlanDue.id).join(Plan, Plan.id == PlanDue.plan_id).where(*mine)
    return c.execute(found.order_by(PlanDue.due_at.desc(), PlanDue.id.desc()).limit(1)).scalar_one_or_none()


def _where(row_id: int) -> str:
    return context("check_in_answer", "answers", row_id)
