"""Signs of risk: they end the safe-contact answers at once, whatever their date (R10). The table is safety/risk.py."""

from sqlalchemy import Connection, select

from backend.alerts.service import raise_alert
from backend.contact_points import checks, pending
from backend.contact_points.agreeing import plan_recheck, talks_at
from backend.conversations.outbox import cancel_queued
from backend.conversations.talk import Talk, load_talk
from backend.house import House
from backend.store.talk import Attempt, OutboundMessage
from safety.risk import PROVIDER_CODES, RISKS, Left, Risk, after
from safety.types import PointState


def note_risk(
    c: Connection, house: House, talk: Talk, risk: Risk, *, how: str = "", staff_id: int | None = None, note: str = ""
) -> None:
    """Carry out what the table says, on a talk that is locked; the caller saves it.

    What waits to go there is cancelled, unless one bland question may still be asked; whoever was not there when it
    happened is told.
    """
    talk.set_point_state(after(talk.point(), risk).state)
    checks.write(c, house, talk, risk.value, how=how, staff_id=staff_id, note=note)
    if RISKS[risk] is Left.ASK_AGAIN:
        plan_recheck(c, house, talk, house.clock())
    cancel_at_point(c, talk.point_id, "risk")
    if RISKS[risk] is Left.UNSAFE:
        pending.void_at_point(c, house, talk.point_id, "somebody_else")
    if staff_id is None:
        raise_alert(c, house, talk.id, "answers_ended", "soon")


def mark_unsafe(
    c: Connection, house: House, talk: Talk, *, how: str = "", staff_id: int | None = None, note: str = ""
) -> None:
    """Nothing is started here any more, what waited is gone, and so is what was asked for from here (R2, R14)."""
    talk.set_point_state(PointState.UNSAFE)
    checks.write(c, house, talk, checks.MARKED_UNSAFE, how=how, staff_id=staff_id, note=note)
    cancel_at_point(c, talk.point_id, "unsafe")
    pending.void_at_point(c, house, talk.point_id, "unsafe")


def cancel_at_point(c: Connection, point_id: int, reason: str) -> None:
    """What waits for a contact point does not go, whoever of those who share it it was for."""
    for conversation_id in talks_at(c, point_id):
        cancel_queued(c, conversation_id, reason)


def note_provider_code(c: Connection, house: House, outbound_id: int, code: str) -> None:
    """A provider said why a message did not arrive; what that says of the phone behind it counts at once.

    To be called before the message's own row is touched: a turn locks the contact point first. A code that this
    message has brought before, in a receipt that came twice, says nothing new.
    """
    risk = PROVIDER_CODES.get(code.removeprefix("twilio-"))
    if risk is None:
        return
    heard = select(Attempt.id).where(Attempt.outbound_id == outbound_id, Attempt.code == code)
    whose = select(OutboundMessage.conversation_id).where(OutboundMessage.id == outbound_id)
    conversation_id = c.execute(whose).scalar_one_or_none()
    if conversation_id is None or c.execute(heard.limit(1)).first() is not None:
        return
    talk = load_talk(c, house, conversation_id)
    note_risk(c, house, talk, risk, how=code[:24])
    talk.save(c)


def note_missed_appointment(c: Connection, house: House, conversation_id: int, staff_id: int | None = None) -> None:
    """They did not come, and nobody knows why: the answers no longer hold. It closes nothing (R35)."""
    talk = load_talk(c, house, conversation_id)
    note_risk(c, house, talk, Risk.MISSED_APPOINTMENT, staff_id=staff_id)
    talk.save(c)
