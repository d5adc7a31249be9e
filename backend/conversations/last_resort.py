"""When a turn breaks: the message is kept, danger is still seen, and a person is woken at once (R23, R29).

A state that does not open, or a fault in a flow, would break every turn of that person from then on, and a provider
does not offer a message for ever. Nothing here reads the talk's state or runs the engine.
"""

from datetime import datetime

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.conversations.blocked import comes_after_stop, stop_starting
from backend.conversations.outbox import Words, queue_words
from backend.conversations.silent import is_proven
from backend.conversations.talk import Talk, begin_talk, find_talk
from backend.conversations.turn import Turn, write_inbound
from backend.house import House
from backend.outage.answers import ANSWERED
from channels.contract import Inbound
from safety.danger import read_signs
from safety.helplines import EMERGENCY_TEXT
from safety.triage import triage
from safety.types import Arrived, Findings


def keep_for_a_person(c: Connection, house: House, inbound: Inbound) -> Turn:
    """Write the message down, raise what triage finds in it, say the words of last resort, and wake somebody."""
    talk = find_talk(c, house, inbound.channel, inbound.address) or begin_talk(
        c, house, inbound.channel, inbound.address
    )
    findings = _read(talk, inbound, house.clock())
    if write_inbound(c, house, talk, inbound, findings) is None:
        return Turn("duplicate", talk.id)
    now = house.clock()
    talk.talks |= {
        "last_inbound_at": min(inbound.received_at, now),
        "session_ended_at": None,
        "waiting_since": talk["waiting_since"] or now,
    }
    if findings.opts_out:
        stop_starting(c, house, talk, "opted_out", inbound.received_at)
    talk.save(c)
    for alert in findings.alerts:
        raise_alert(c, house, talk.id, alert.reason, alert.urgency)
    raise_alert(c, house, talk.id, "trouble", "urgent")
    if kind := ANSWERED.get(findings.course):
        queue_words(c, house, talk, kind, Words(EMERGENCY_TEXT))
    return Turn("written", talk.id)


def _read(talk: Talk, inbound: Inbound, now: datetime) -> Findings:
    owned, opted_out = talk["owner_id"] is not None, comes_after_stop(talk, inbound, now)
    arrived = Arrived(
        inbound.channel,
        inbound.text,
        inbound.payload,
        owned=owned,
        opted_out=opted_out,
        kind=inbound.kind,
        may_answer=is_proven(inbound),
    )
    return triage(arrived, read_signs(inbound.text))
