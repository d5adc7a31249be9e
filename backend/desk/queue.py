"""What needs somebody: alerts, referrals that wait, people who wait for a person, and what is mine."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from backend.alerts.service import open_alerts
from backend.cases.suggest import PATHWAYS
from backend.conversations.reading import ReferralView, read_address, read_point, read_referral
from backend.desk.contact import readable_address
from backend.desk.words import CHANNELS, alert_words
from backend.house import House
from backend.staff import Actor, Right
from backend.store.sealing import context, open_key
from backend.store.talk import ContactPoint, Conversation, InboundMessage, OutboundMessage
from backend.store.work import Case, Referral, Staff

NO_NAME = "No name given"


@dataclass(frozen=True, slots=True)
class AlertCard:
    """An alert that nobody has acknowledged. `link` is where it leads; empty for a role that may not read."""

    id: int
    urgency: str
    words: str
    since: datetime
    repeats: int
    channel: str
    link: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list. `title` holds a name only for a role that may read."""

    link: str
    title: str = field(repr=False)
    since: datetime
    detail: str = ""
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """The whole of the desk's first page."""

    alerts: tuple[AlertCard, ...]
    referrals: tuple[Item, ...]
    waiting: tuple[Item, ...]
    mine: tuple[Item, ...]
    colleagues: tuple[Item, ...]
    cases: tuple[Item, ...]

    @property
    def pressing(self) -> int:
        """How many things need somebody now."""
        return len(self.alerts) + len(self.referrals) + len(self.waiting)


def read_queue(c: Connection, house: House, actor: Actor) -> Queue:
    """What waits, as far as the role may see it; for a role that may not read, without names and without links."""
    reads = actor.may(Right.READ)
    return Queue(
        alerts=tuple(alert_cards(c, reads=reads)),
        referrals=tuple(_referrals(c, house, reads)),
        waiting=tuple(_waiting(c, house, reads)),
        mine=tuple(_owned(c, house, actor.staff_id, mine=True)) if reads else (),
        colleagues=tuple(_owned(c, house, actor.staff_id, mine=False)) if reads else (),
        cases=tuple(_cases(c, house, actor.staff_id)) if reads else (),
    )


def alert_cards(c: Connection, *, reads: bool, conversation_id: int | None = None) -> list[AlertCard]:
    """Open alerts, gravest first; of one conversation, or of all."""
    alerts = [alert for alert in open_alerts(c) if conversation_id in (None, alert.conversation_id)]
    channels = _channels(c, [alert.conversation_id for alert in alerts])
    referrals = _waiting_referrals(c)
    return [
        AlertCard(
            id=alert.id,
            urgency=alert.urgency,
            words=alert_words(alert.reason),
            since=alert.raised_at,
            repeats=alert.repeats,
            channel=channels.get(alert.conversation_id, ""),
            link=link_to(alert.conversation_id, referrals.get(alert.conversation_id)) if reads else "",
        )
        for alert in alerts
    ]


def link_to(conversation_id: int, referral_id: int | None) -> str:
    """Where a practitioner reads about it: the referral while it waits, else the conversation."""
    return f"/desk/referrals/{referral_id}" if referral_id else f"/desk/conversations/{conversation_id}"


def waiting_referral(c: Connection, conversation_id: int) -> int | None:
    """The referral of a conversation that nobody has accepted yet."""
    where = (Referral.conversation_id == conversation_id, Referral.state == "submitted")
    return c.execute(select(Referral.id).where(*where).order_by(Referral.id.desc())).scalars().first()


def _waiting_referrals(c: Connection) -> dict[int, int]:
    rows = c.execute(select(Referral.conversation_id, Referral.id).where(Referral.state == "submitted"))
    return {row.conversation_id: row.id for row in rows}


def _channels(c: Connection, conversation_ids: Sequence[int]) -> dict[int, str]:
    statement = select(Conversation.id, ContactPoint.channel).join(
        ContactPoint, ContactPoint.id == Conversation.contact_point_id
    )
    rows = c.execute(statement.where(Conversation.id.in_(conversation_ids)))
    return {row.id: CHANNELS.get(row.channel, row.channel) for row in rows}


def _referrals(c: Connection, house: House, reads: bool) -> list[Item]:
    waiting = c.execute(
        select(Referral.id, Referral.conversation_id, Referral.submitted_at)
        .where(Referral.state == "submitted")
        .order_by(Referral.submitted_at, Referral.id)
    ).all()
    channels = _channels(c, [row.conversation_id for row in waiting])
    items = []
    for row in waiting:
        title, detail = "A referral", channels.get(row.conversation_id, "")
        if reads:
            answers = read_referral(c, house, row.id).answers
            title = str(answers.get("name") or NO_NAME)
            detail = " · ".join(filter(None, (detail, "Not safe now" if answers.get("safe_now") == "not_safe" else "")))
        items.append(Item(f"/desk/referrals/{row.id}" if reads else "", title, row.submitted_at, detail))
    return items


def _waiting(c: Connection, house: House, reads: bool) -> list[Item]:
    rows = c.execute(
        _talks(Conversation.waiting_since.label("since"))
        .where(Conversation.waiting_since.is_not(None), Conversation.owner_id.is_(None))
        .order_by(Conversation.waiting_since, Conversation.id)
    )
    return [
        Item(
            f"/desk/conversations/{row.id}" if reads else "",
            called(c, house, row.id) if reads else "Somebody",
            row.since,
            CHANNELS.get(row.channel, row.channel),
        )
        for row in rows
    ]


def _owned(c: Connection, house: House, staff_id: int, *, mine: bool) -> list[Item]:
    """Conversations that this practitioner has, or a colleague; an unanswered message first, then the latest."""
    whose = Conversation.owner_id == staff_id if mine else Conversation.owner_id != staff_id
    last_in = select(func.max(InboundMessage.id)).where(InboundMessage.conversation_id == Conversation.id)
    last_out = select(func.max(OutboundMessage.id)).where(
        OutboundMessage.conversation_id == Conversation.id, OutboundMessage.author_id.is_not(None)
    )
    rows = c.execute(
        _talks(
            Conversation.owner_id,
            func.coalesce(Conversation.last_inbound_at, Conversation.created_at).label("since"),
            func.coalesce(last_in.scalar_subquery(), 0).label("last_in"),
            func.coalesce(last_out.scalar_subquery(), 0).label("last_out"),
        )
        .where(Conversation.owner_id.is_not(None), whose)
        .order_by(Conversation.id)
    ).all()
    names = staff_names(c, house, {row.owner_id for row in rows})
    items = [
        Item(
            link=f"/desk/conversations/{row.id}",
            title=called(c, house, row.id),
            since=row.since,
            detail=CHANNELS.get(row.channel, row.channel) + ("" if mine else f" · {names.get(row.owner_id, '')}"),
            unanswered=row.last_in > row.last_out,
        )
        for row in rows
    ]
    return sorted(items, key=lambda item: (not item.unanswered, -item.since.timestamp()))


def _talks(*columns: Any) -> Select[Any]:
    return select(Conversation.id, ContactPoint.channel, *columns).join(
        ContactPoint, ContactPoint.id == Conversation.contact_point_id
    )


def _cases(c: Connection, house: House, staff_id: int) -> list[Item]:
    rows = c.execute(
        select(Case.referral_id, Case.pathway, Case.opened_at)
        .where(Case.worker_id == staff_id)
        .order_by(Case.opened_at.desc(), Case.id.desc())
    ).all()
    return [
        Item(
            link=f"/desk/referrals/{row.referral_id}",
            title=str(read_referral(c, house, row.referral_id).answers.get("name") or NO_NAME),
            since=row.opened_at,
            detail=PATHWAYS.get(row.pathway, row.pathway),
        )
        for row in rows
    ]


def last_referral(c: Connection, house: House, conversation_id: int) -> ReferralView | None:
    """The newest referral of a conversation, waiting or accepted."""
    newest = select(Referral.id).where(Referral.conversation_id == conversation_id).order_by(Referral.id.desc())
    referral_id = c.execute(newest).scalars().first()
    return read_referral(c, house, referral_id) if referral_id else None


def called(c: Connection, house: House, conversation_id: int) -> str:
    """What a practitioner tells this person by: the name they gave, else where they write from."""
    referral = last_referral(c, house, conversation_id)
    name = str(referral.answers.get("name") or "") if referral else ""
    return name or shown_address(c, house, conversation_id) or NO_NAME


def shown_address(c: Connection, house: House, conversation_id: int) -> str:
    """The address as a practitioner reads it; empty for web chat."""
    channel = read_point(c, house, conversation_id).channel
    return readable_address(channel, read_address(c, house, conversation_id))


def staff_names(c: Connection, house: House, staff_ids: set[int]) -> dict[int, str]:
    """The names of some colleagues, by id."""
    rows = c.execute(select(Staff.id, Staff.key_id, Staff.name).where(Staff.id.in_(staff_ids))).all()
    return {row.id: open_key(c, house, row.key_id).open(row.name, context("staff", "name", row.id)) for row in rows}
