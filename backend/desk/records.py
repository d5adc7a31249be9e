"""One referral or one conversation, opened for a practitioner, with the reading written down (R39)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from backend.cases.service import PATHWAYS, Suggestion, suggest_pathway
from backend.contact_points.pending import count_waiting
from backend.conversations.ownership import preview_practitioner
from backend.conversations.reading import ReferralView, ThreadLine, read_address, read_point, read_referral, read_thread
from backend.desk.answers import Answer, answer_lines, safe_now
from backend.desk.compose import Preview, preview
from backend.desk.contact import Line, Verdict, contact_lines, verdict
from backend.desk.queue import NO_NAME, AlertCard, alert_cards, called, last_referral, staff_names
from backend.desk.words import CAME_AS, CHANNELS, LEVELS, fate_words, unkept_words
from backend.exposed import called_on
from backend.house import House
from backend.staff import Actor, note_reading
from backend.store.talk import Conversation
from backend.store.work import Case
from bot import Flows, render
from bot.contract import Facts
from safety.gate import Case as GateCase
from safety.types import Kind, Outgoing, Point

HARMLESS = "Hello."
"""What the verdict on top of a page is asked about."""
GRAVE = frozenset({"urgent", "concern"})
"""Levels of signs that a referral shows next to what the person said about being safe."""
ARRIVED = frozenset({"sending", "sent", "delivered"})
"""States of a message that may lie unread on a phone."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How this person may be reached: the verdict of the gate, then the profile."""

    verdict: Verdict
    lines: tuple[Line, ...]
    link: str
    """Where it can be changed."""
    changes: int
    """How many changes wait for a check (R14)."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One message as the page shows it. `who`: they, machine, or a practitioner's name."""

    id: int
    mine: bool
    who: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime
    fate: str
    failed: bool
    level: str
    level_words: str


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """All that the page of a conversation shows."""

    id: int
    channel: str
    contact: Contact
    alerts: tuple[AlertCard, ...]
    lines: tuple[ShownLine, ...]
    owner_id: int | None
    owner: str = field(repr=False)
    referral_id: int | None
    called: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """All that the page of a referral shows."""

    referral: ReferralView
    called: str = field(repr=False)
    contact: Contact
    alerts: tuple[AlertCard, ...]
    danger: tuple[str, str]
    signs: tuple[ShownLine, ...]
    answers: tuple[Answer, ...]
    lines: tuple[ShownLine, ...]
    suggestion: Suggestion
    case_worker: str = field(repr=False)
    case_pathway: str


def open_conversation(c: Connection, house: House, actor: Actor, conversation_id: int) -> ConversationPage:
    """Read a conversation. Raises NoResultFound, and KeyDestroyedError after an erasure."""
    note_reading(c, house, actor.staff_id, "conversation", conversation_id)
    columns = select(Conversation.owner_id).where(Conversation.id == conversation_id)
    owner_id = c.execute(columns).scalar_one()
    referral = last_referral(c, house, conversation_id)
    answers = referral.answers if referral else {}
    point = read_point(c, house, conversation_id)
    return ConversationPage(
        id=conversation_id,
        channel=CHANNELS.get(point.channel, point.channel),
        contact=_contact(c, house, conversation_id, point, answers),
        alerts=tuple(alert_cards(c, reads=True, conversation_id=conversation_id)),
        lines=_lines(c, house, conversation_id),
        owner_id=owner_id,
        owner=staff_names(c, house, {owner_id}).get(owner_id, "") if owner_id else "",
        referral_id=referral.id if referral else None,
        called=called(c, house, conversation_id),
    )


def open_referral(c: Connection, house: House, actor: Actor, referral_id: int) -> ReferralPage:
    """Read a referral. Raises NoResultFound, and KeyDestroyedError after an erasure."""
    note_reading(c, house, actor.staff_id, "referral", referral_id)
    referral = read_referral(c, house, referral_id)
    point = read_point(c, house, referral.conversation_id)
    lines = _lines(c, house, referral.conversation_id)
    case = c.execute(select(Case.worker_id, Case.pathway).where(Case.referral_id == referral_id)).one_or_none()
    return ReferralPage(
        referral=referral,
        called=str(referral.answers.get("name") or NO_NAME),
        contact=_contact(c, house, referral.conversation_id, point, referral.answers),
        alerts=tuple(alert_cards(c, reads=True, conversation_id=referral.conversation_id)),
        danger=safe_now(referral.answers),
        signs=tuple(line for line in lines if line.level in GRAVE),
        answers=tuple(answer_lines(referral.answers)),
        lines=lines,
        suggestion=suggest_pathway(referral.answers),
        case_worker=staff_names(c, house, {case.worker_id}).get(case.worker_id, "") if case else "",
        case_pathway=PATHWAYS.get(case.pathway, case.pathway) if case else "",
    )


def preview_draft(c: Connection, house: House, conversation_id: int, text: str) -> Preview:
    """What would become of a draft now. Raises NoResultFound."""
    decision = preview_practitioner(c, house, conversation_id, text)
    point = read_point(c, house, conversation_id)
    unread = _unread(read_thread(c, house, conversation_id))
    called_here = called_on(point.channel, house.settings)
    return preview(text, decision, point, house.clock(), house.rules.naming_words, unread=unread, called=called_here)


def _unread(lines: Sequence[ThreadLine]) -> list[str]:
    """What reached them since they last wrote."""
    last = max((place for place, line in enumerate(lines) if line.mine), default=-1)
    return [line.text for line in lines[last + 1 :] if line.state in ARRIVED]


def contact_of(c: Connection, house: House, conversation_id: int) -> Contact:
    """How the person of a conversation may be reached."""
    referral = last_referral(c, house, conversation_id)
    point = read_point(c, house, conversation_id)
    return _contact(c, house, conversation_id, point, referral.answers if referral else {})


def _contact(c: Connection, house: House, conversation_id: int, point: Point, answers: Mapping[str, Any]) -> Contact:
    now = house.clock()
    decision = preview_practitioner(c, house, conversation_id, HARMLESS)
    case = GateCase(Outgoing(Kind.PRACTITIONER, HARMLESS, now), point, house.rules, now)
    cover = cover_words(house.flows, point.contact.cover, point.channel)
    lines = contact_lines(point, read_address(c, house, conversation_id), cover, answers, now)
    return Contact(
        verdict(decision, point, now, in_talk=case.in_talk),
        tuple(lines),
        f"/desk/conversations/{conversation_id}/contact",
        count_waiting(c, house, conversation_id),
    )


def cover_words(flows: Flows, response: str, channel: str) -> str:
    """An agreed cover line in full; empty where silence was agreed, or a line that the catalogue no longer has."""
    if not response.startswith("utter_"):
        return ""
    return render(flows, response, {}, Facts(channel=channel)).text


def _lines(c: Connection, house: House, conversation_id: int) -> tuple[ShownLine, ...]:
    lines = read_thread(c, house, conversation_id)
    names = staff_names(c, house, {line.author_id for line in lines if line.author_id})
    return tuple(_shown(line, names) for line in lines)


def _shown(line: ThreadLine, names: Mapping[int, str]) -> ShownLine:
    who = "They" if line.mine else names.get(line.author_id or 0, "The machine")
    return ShownLine(
        id=line.id,
        mine=line.mine,
        who=who,
        text=line.text or unkept_words(line.course),
        at=line.at,
        fate=CAME_AS.get(line.came_as, "") if line.mine else fate_words(line.state, line.reason),
        failed=line.state in {"failed", "dropped"},
        level=line.level if line.level in LEVELS else "",
        level_words=LEVELS.get(line.level, ""),
    )
