"""The durable turn: one thing a person sent, and all that follows from it, in one transaction.

1. Find the talk, or begin one.  2. Triage reads the message: danger always, then one visible course.  3. The inbound
row is written; if it was there already, nothing else happens.  4. The course is carried out, by the engine or without
it.  5. What changed is written back. The edge commits; the provider hears 200 only after that (R23).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.checkins import answers
from backend.contact_points import rechecks
from backend.conversations import asking, doubt, redaction, statements
from backend.conversations.agreed_words import Match, lock_person, match
from backend.conversations.blocked import comes_after_stop
from backend.conversations.compartments import enter
from backend.conversations.courses import follow_course
from backend.conversations.hearing import Heard
from backend.conversations.silent import keep_silently, kind_of, may_answer, remember_thread
from backend.conversations.talk import Talk, begin_talk, find_talk, load_talk
from backend.house import House
from backend.store.sealing import context
from bot.contract import Said
from channels.contract import Inbound
from safety import secret_words
from safety.danger import read_signs
from safety.triage import triage
from safety.types import Arrived, Course, Findings, Level, Signs

Memory = dict[str, Any]
Outcome = Literal["written", "duplicate"]
LONGEST_MENU_NUMBER = 2
"""Digits; no menu has a hundred lines."""
NO_WORD = Match()
RECENT = 3
"""How many of the last messages are read together, so that danger in fragments is found."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of an inbound message, in one word (STYLE 3), and the conversation it belongs to."""

    outcome: Outcome
    conversation_id: int


def take_turn(c: Connection, house: House, inbound: Inbound, word: bytes | None, said: Said | None = None) -> Turn:
    """Carry out one turn. Made before the transaction: `word`, the slow hash of the message where it can be an agreed
    word, and `said`, the message with what another understanding made of it."""
    lock_person(c, house, inbound, word)
    here = find_talk(c, house, inbound.channel, inbound.address) or begin_talk(
        c, house, inbound.channel, inbound.address
    )
    known = match(c, house, here, here.memory(), word)
    talk = here if known.opens in (None, here.id) else load_talk(c, house, known.opens)
    now, memory = house.clock(), talk.memory()
    new_session = talk is not here or is_new_session(talk, now, house)
    recent = [] if new_session else memory.get("recent", [])
    asked_to_stop, answerable = comes_after_stop(talk, inbound, now), may_answer(c, house, talk, inbound)
    findings = _read(talk, inbound, known, recent, new_session, opted_out=asked_to_stop, may_answer=answerable)
    inbound_id = write_inbound(c, house, talk, inbound, findings, known)
    if inbound_id is None:
        return Turn("duplicate", talk.id)
    if findings.course is Course.SILENT:
        keep_silently(c, house, talk, inbound, findings, known.conversation_id)
        return Turn("written", talk.id)
    if talk is not here:
        enter(c, house, here, talk)
    new_session = _open_session(c, house, talk, memory, inbound, findings, known, new_session)
    memory["recent"] = _remembered(recent, inbound.text, known)
    remember_thread(memory, inbound)
    is_try = _is_try(talk, inbound, word, known)
    heard = Heard(said or Said(inbound.text), word, inbound_id, int(is_try))
    follow_course(c, house, talk, memory, inbound, findings, heard, known, new_session=new_session)
    _tell(c, house, talk, findings, known)
    talk["last_inbound_at"] = max(talk["last_inbound_at"] or inbound.received_at, min(inbound.received_at, now))
    talk.remember(memory)
    talk.save(c)
    return Turn("written", talk.id)


def _open_session(
    c: Connection,
    house: House,
    talk: Talk,
    memory: Memory,
    inbound: Inbound,
    findings: Findings,
    known: Match,
    new_session: bool,
) -> bool:
    """Begin a session where one is due, or where it is in doubt who writes; whether the opening words are to come.

    They are not, where the dialogue stands at a question of ours and this is the answer to it.
    """
    if new_session:
        doubt.close(memory)
    says_who = bool(known.names) or findings.signs.level is Level.URGENT  # whoever is in danger is not asked for a word
    in_doubt = not says_who and doubt.arises(c, house, talk, memory, inbound.text)
    answers_us = new_session and not in_doubt and _answers_us(c, house, talk, memory) and talk["owner_id"] is None
    if new_session or in_doubt:
        talk.begin_session(memory, house.clock())
    if answers_us:
        memory["opened"] = True
    return (new_session or in_doubt) and not answers_us


def _is_try(talk: Talk, inbound: Inbound, word: bytes | None, known: Match) -> bool:
    """Whether a message may have been a guess at an agreed word (R12)."""
    may_be_one = word is not None and secret_words.may_be_guess(inbound.text)
    return may_be_one and not known.names and talk["verified_at"] is None


def _tell(c: Connection, house: House, talk: Talk, findings: Findings, known: Match) -> None:
    """Wake whoever is to know. Duress is about the conversation whose word it was."""
    for alert in findings.alerts:
        whose = known.conversation_id if alert.reason == "duress" else None
        raise_alert(c, house, whose or talk.id, alert.reason, alert.urgency)
    if not talk.contact_is_readable():
        raise_alert(c, house, talk.id, "contact_unreadable", "soon")


def _answers_us(c: Connection, house: House, talk: Talk, memory: Memory) -> bool:
    """Whether what opens a session answers something that we began with: a re-check, a check-in, a daily text.

    Only the last of them, for that is where the dialogue stands.
    """
    if rechecks.KEY in memory and asking.KEY in memory:
        del memory[min(rechecks.KEY, asking.KEY, key=lambda kept: int(memory[kept]["row"]))]
    return rechecks.is_answer(c, house, talk, memory) or answers.is_answer(c, house, talk, memory)


def _remembered(recent: list[str], text: str, known: Match) -> list[str]:
    """The last messages, for danger in fragments: without agreed words, and without numbers off a menu."""
    return recent if known.names or is_menu_number(text) else [*recent, text[:200]][-RECENT:]


def is_new_session(talk: Talk, now: datetime, house: House) -> bool:
    """Whether what comes now opens a session (R3, R12): none yet, the last one ended, or it has been quiet for too
    long."""
    last: datetime | None = talk["last_inbound_at"]
    if last is None or talk["session_started_at"] is None or talk["session_ended_at"] is not None:
        return True
    return talk.channel != "webchat" and now - last > timedelta(minutes=house.settings.session_minutes)


def _read(
    talk: Talk,
    inbound: Inbound,
    known: Match,
    recent: list[str],
    new_session: bool,
    *,
    opted_out: bool,
    may_answer: bool,
) -> Findings:
    arrived = Arrived(
        channel=inbound.channel,
        text=inbound.text,
        payload=inbound.payload,
        owned=talk["owner_id"] is not None,
        opted_out=opted_out,
        verified=not new_session and talk["verified_at"] is not None,
        in_session=not new_session,
        age_known=talk.memory().get("bot", {}).get("slots", {}).get("age_band") in ("16_17", "18_over"),
        word_matches=known.names,
        kind=inbound.kind,
        may_answer=may_answer,
    )
    signs = Signs() if is_menu_number(inbound.text) else read_signs(inbound.text, recent)
    return triage(arrived, signs)


def is_menu_number(text: str) -> bool:
    """Whether a message is a number off a menu and nothing else, so says nothing of danger; 999 is no such number."""
    return len(text) <= LONGEST_MENU_NUMBER and text.strip().isdigit()


def write_inbound(
    c: Connection, house: House, talk: Talk, inbound: Inbound, findings: Findings, known: Match = NO_WORD
) -> int | None:
    """Insert the inbound row; its id, or None if a row with the provider's id was there already. An agreed word is not
    kept: what stays is its course (R15)."""
    row_id = house.new_id()
    text = "" if known.names else inbound.text
    row: dict[str, Any] = {
        "id": row_id,
        "conversation_id": talk.id,
        "channel": inbound.channel,
        "external_id": inbound.external_id,
        "text": talk.key.seal(text, context("inbound", "text", row_id)),
        "course": findings.course.value,
        "level": findings.signs.level.value,
        "kind": kind_of(inbound),
        "received_at": inbound.received_at,
        "redact_at": house.clock() if redaction.can_be_asked(house, inbound.channel) else None,
    }
    written = c.execute(statements.INSERT_INBOUND[c.dialect.name], row).first()
    return None if written is None else row_id
