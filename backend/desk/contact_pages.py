"""The page of one contact point: what waits for a check, what a practitioner may do, and what was done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from backend.contact_points import checks
from backend.contact_points.confirming import find
from backend.contact_points.pending import still_waits, waiting
from backend.conversations.talk import Talk, look_at_talk
from backend.desk.changes import NAMES, Change, done_in_words, in_words, known_by
from backend.desk.contact_acts import ACTS, Act
from backend.desk.queue import Item, called, staff_names
from backend.desk.records import Contact, contact_of, cover_words
from backend.house import House
from backend.staff import Actor, note_reading
from backend.store.contact_points import PendingChange
from backend.store.talk import Conversation


@dataclass(frozen=True, slots=True)
class Done:
    """One line of what was done, by whom."""

    at: datetime
    words: str
    how: str
    who: str = field(repr=False)
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ContactPage:
    """All that the page shows. `acts` are those that make sense now, by name."""

    id: int
    called: str = field(repr=False)
    contact: Contact
    changes: tuple[Change, ...]
    acts: Mapping[str, Act]
    done: tuple[Done, ...]


def open_contact(c: Connection, house: House, actor: Actor, conversation_id: int) -> ContactPage:
    """Read how a person may be reached. Raises NoResultFound, and KeyDestroyedError after an erasure."""
    note_reading(c, house, actor.staff_id, "conversation", conversation_id)
    talk = look_at_talk(c, house, conversation_id)
    agreed, point = talk.row["point_contact"] is not None, talk.point()
    return ContactPage(
        id=conversation_id,
        called=called(c, house, conversation_id),
        contact=contact_of(c, house, conversation_id),
        changes=tuple(in_words(one, talk.contact(), _cover(house, talk)) for one in waiting(c, house, talk)),
        acts={name: act for name, act in ACTS.items() if act.possible(point, agreed)},
        done=_done(c, house, talk),
    )


def open_change(c: Connection, house: House, actor: Actor, conversation_id: int, change_id: int) -> Change:
    """Read one change that waits. Raises NoResultFound, NotWaitingError."""
    note_reading(c, house, actor.staff_id, "conversation", conversation_id)
    talk = look_at_talk(c, house, conversation_id)
    return in_words(find(c, house, talk, change_id), talk.contact(), _cover(house, talk))


def waiting_items(c: Connection, house: House) -> list[Item]:
    """For the first page: whose changes wait, the longest first.

    A number that somebody gave in a referral they have not sent yet is no practitioner's business.
    """
    rows = c.execute(
        select(
            PendingChange.conversation_id, func.min(PendingChange.asked_at).label("since"), func.count().label("many")
        )
        .join(Conversation, Conversation.id == PendingChange.conversation_id)
        .where(*still_waits(house.clock()))
        .where((PendingChange.what != "new_point") | Conversation.expires_at.is_(None))
        .group_by(PendingChange.conversation_id)
        .order_by("since", PendingChange.conversation_id)
    )
    return [
        Item(
            f"/desk/conversations/{row.conversation_id}/contact",
            called(c, house, row.conversation_id),
            row.since,
            "One change" if row.many == 1 else f"{row.many} changes",
        )
        for row in rows
    ]


def _cover(house: House, talk: Talk) -> Callable[[str], str]:
    return lambda response: cover_words(house.flows, response, talk.channel)


def _done(c: Connection, house: House, talk: Talk) -> tuple[Done, ...]:
    log = checks.read(c, talk)
    names = staff_names(c, house, {check.staff_id for check in log if check.staff_id})
    return tuple(
        Done(
            check.at,
            done_in_words(check.what),
            known_by(check.how),
            names.get(check.staff_id or 0, ""),
            NAMES.get(check.note, check.note),
        )
        for check in log
    )
