"""What is kept and told, and not answered: an edit, a reaction, and a mail that an answer might send to somebody else.

An answer to a mail goes to whoever it says it is from. Where our own mail server found that it is not from there, or
mails come as only machines send them, the words are read for danger and a practitioner is told, and nothing goes back.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from backend.alerts.service import raise_alert
from backend.contact_points import pending
from backend.conversations import tightening
from backend.conversations.blocked import stop_starting
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.talk import InboundMessage
from channels.contract import Inbound
from safety.types import Findings

MOST_MAILS = 30
"""Mails of one person in an hour from which on none is answered: two machines that answer each other."""
THREAD = "mail"
"""In the memory: the id of the mail that an answer belongs under."""
UNPROVEN = "unproven"


def is_proven(inbound: Inbound) -> bool:
    """Whether nothing speaks against a message being from where it says."""
    return inbound.payload.get("Proof") != "fail"


def may_answer(c: Connection, house: House, talk: Talk, inbound: Inbound) -> bool:
    """Whether an answer would reach the one who wrote, and would not be answered by a machine for ever."""
    if inbound.channel != "email":
        return True
    lately = (
        InboundMessage.conversation_id == talk.id,
        InboundMessage.received_at > house.clock() - timedelta(hours=1),
    )
    count = c.execute(select(func.count()).select_from(InboundMessage).where(*lately)).scalar_one()
    return is_proven(inbound) and count < MOST_MAILS


def kind_of(inbound: Inbound) -> str:
    """What the row says that it was."""
    return inbound.kind if is_proven(inbound) else UNPROVEN


def keep_silently(
    c: Connection, house: House, talk: Talk, inbound: Inbound, findings: Findings, whose: int | None = None
) -> None:
    """Tell who must know, and say nothing. It opens no session, for it may not be the person's; but what tightens
    counts, whoever wrote it (R14). `whose` is the conversation that an agreed word belongs to."""
    found = {alert.reason for alert in findings.alerts}
    for alert in findings.alerts:
        told = whose if alert.reason == "duress" else None
        raise_alert(c, house, told or talk.id, alert.reason, alert.urgency)
    if "duress" in found:
        tightening.duress(c, house, talk, whose or talk.id)
        tightening.void_after_duress(c, house, talk, whose or talk.id)
    if "somebody_else" in found:
        tightening.somebody_else(c, talk)
    if findings.opts_out or "somebody_else" in found:
        pending.void_at_point(c, house, talk.point_id, "somebody_else" if "somebody_else" in found else "opt_out")
    if findings.opts_out:
        stop_starting(c, house, talk, "opted_out", inbound.received_at)
    if talk["owner_id"] is not None:
        raise_alert(c, house, talk.id, "new_message", "soon")
    talk.save(c)


def remember_thread(memory: dict[str, Any], inbound: Inbound) -> None:
    """Which mail an answer belongs under."""
    if message_id := inbound.payload.get("MessageID"):
        memory[THREAD] = message_id


def thread_of(talk: Talk) -> str:
    """The id of the mail that an answer in this talk belongs under; empty on other channels."""
    return str(talk.memory().get(THREAD, "")) if talk.channel == "email" else ""
