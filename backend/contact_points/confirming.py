"""Confirming what waits: by a practitioner who has made sure, or by the person on their second route (R14)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, update

from backend.alerts.service import raise_alert
from backend.cases.service import person_of
from backend.checkins import wishes
from backend.contact_points import checks
from backend.contact_points.agreeing import agree, may_wait, state_for
from backend.contact_points.pending import WISHES, Waiting, still_waits, waiting
from backend.conversations import statements
from backend.conversations.agreed_words import means_another
from backend.conversations.talk import Talk, address_index, begin_talk, load_talk
from backend.house import House
from backend.store.contact_points import PendingChange
from backend.store.work import Consent
from safety import profile
from safety.types import PointState, SafeContact

CHANNEL_OF = {"text": "sms", "email": "email"}
"""The channel that a wished-for way becomes; a phone call is made by a person and has none."""


OPENS = frozenset({"windows", "may_start"})
"""Parts that say that we may start something at all; the others say how."""


class NotWaitingError(Exception):
    """This change no longer waits: it was confirmed, rejected, void or too old."""


class NotSafeNowError(Exception):
    """The contact point that asked is not safe now, so nothing may be loosened there."""


class WordInUseError(Exception):
    """Since it was asked for, the same word was agreed for something else; one word cannot mean two things (R13)."""


class NumberInUseError(Exception):
    """The new address is known here already; two people may share it, so nothing is joined (R15)."""


@dataclass(frozen=True, slots=True)
class By:
    """Who confirms: a practitioner, with how they made sure, or the person in a conversation on another route."""

    how: str
    staff_id: int | None = None
    conversation_id: int | None = None


def confirm(c: Connection, house: House, talk: Talk, change_id: int, by: By) -> None:
    """Let one change count. `talk` is the locked conversation that asked; it is saved.

    Raises NotWaitingError, NotSafeNowError, NumberInUseError, WordInUseError.
    """
    change = find(c, house, talk, change_id)
    with c.begin_nested():  # ended first, so that of two who confirm at once only one applies it
        _end(c, house, change_id, "confirmed", by)
        APPLY.get(change.what, _part)(c, house, talk, change, by)
    checks.write(c, house, talk, checks.CONFIRMED, how=by.how, staff_id=by.staff_id, note=change.what)
    if by.staff_id is None:
        raise_alert(c, house, talk.id, "changes_confirmed", "soon" if change.what in WISHES else "routine")
    talk.save(c)


def reject(c: Connection, house: House, talk: Talk, change_id: int, by: By) -> None:
    """Let one change fall; what was asked is not kept. Raises NotWaitingError."""
    change = find(c, house, talk, change_id)
    _end(c, house, change_id, "rejected", by, value=None)
    checks.write(c, house, talk, checks.REJECTED, how=by.how, staff_id=by.staff_id, note=change.what)


def find(c: Connection, house: House, talk: Talk, change_id: int) -> Waiting:
    """One change of this conversation that waits. Raises NotWaitingError."""
    for change in waiting(c, house, talk):
        if change.id == change_id:
            return change
    raise NotWaitingError


def _end(c: Connection, house: House, change_id: int, state: str, by: By, **more: Any) -> None:
    """Of two who confirm at once, one gets it."""
    ended = {"state": state, "reason": by.how, "ended_at": house.clock(), "ended_by": by.staff_id}
    statement = update(PendingChange).where(PendingChange.id == change_id, *still_waits(house.clock()))
    if c.execute(statement.values(ended | {"ended_in": by.conversation_id} | more)).rowcount != 1:
        raise NotWaitingError


def _part(c: Connection, house: House, talk: Talk, change: Waiting, by: By) -> None:
    """One part of the profile."""
    _write(c, house, talk, profile.with_part(talk.contact(), change.what, change.value), by, change.what in OPENS)


def _plan(c: Connection, house: House, talk: Talk, change: Waiting, by: By) -> None:
    """Texts at set times, with room for them in the hours that were agreed."""
    _check_safe(c, talk)
    _write(c, house, talk, wishes.confirmed(c, house, talk, change.value), by, opens=True)


def _check_safe(c: Connection, talk: Talk) -> None:
    """After a risk nothing is loosened. Raises NotSafeNowError."""
    if not may_wait(talk) or checks.worker_must_look(c, talk.point_id):
        raise NotSafeNowError


def _write(c: Connection, house: House, talk: Talk, contact: SafeContact, by: By, opens: bool) -> None:
    """Only a practitioner's check renews the answers too. `opens`: it lets us start something at all."""
    _check_safe(c, talk)
    if by.staff_id is not None:
        agree(c, house, talk, contact)
        return
    state = talk.point().state
    talk.write_contact(contact)
    talk.set_point_state(state_for(contact) if opens and state is PointState.UNKNOWN else state)


def _word(c: Connection, house: House, talk: Talk, change: Waiting, by: By) -> None:
    """The word that was typed then counts from now on; all we ever had of it is its slow hash (R15).

    Since then it may have become the word for leaving, or the one that calls for help in silence. Raises
    WordInUseError.
    """
    word = bytes.fromhex(str(change.value))
    if means_another(c, talk, word, change.what):
        raise WordInUseError
    talk[change.what] = word


def _sharing(c: Connection, house: House, talk: Talk, change: Waiting, by: By) -> None:
    """Whom we may talk to, purpose by purpose, as if it had been agreed now."""
    value: Any = change.value
    row = {"conversation_id": talk.id, "agreed": True, "words_version": value["words"], "channel": change.channel}
    rows = [row | {"id": house.new_id(), "purpose": purpose, "at": house.clock()} for purpose in value["purposes"]]
    c.execute(insert(Consent), rows)


def _new_point(c: Connection, house: House, talk: Talk, change: Waiting, by: By) -> None:
    """Another number or address becomes a contact point of the same person, with a conversation of its own.

    It is safe only if a practitioner has reached them there. Nothing about it is ever said on the old one.
    """
    value: Any = change.value
    channel = CHANNEL_OF.get(value["way"])
    if channel is None:
        return
    where = {"channel": channel, "address_index": address_index(house, channel, value["address"])}
    if c.execute(statements.FIND_POINT, where).first() is not None:
        raise NumberInUseError
    there = begin_talk(c, house, channel, value["address"])
    there.talks |= {"person_id": person_of(c, house, talk.id), "expires_at": None}
    state = None if by.staff_id is not None else PointState.UNKNOWN
    agree(c, house, there, profile.contact_from_json(value["contact"]), state)
    checks.write(c, house, there, checks.RENEWED if by.staff_id else checks.CONFIRMED, how=by.how, staff_id=by.staff_id)
    there.save(c)
    if by.staff_id is None:
        raise_alert(c, house, there.id, "new_contact_point", "soon")


def _wish(c: Connection, house: House, talk: Talk, change: Waiting, by: By) -> None:
    """It is now known that they want it; a person carries it out (R31, R35, R40)."""


APPLY: Mapping[str, Callable[[Connection, House, Talk, Waiting, By], None]] = {
    "code_word": _word,
    "duress_word": _word,
    "exit_word": _word,
    "sharing": _sharing,
    "new_point": _new_point,
    wishes.WISH: _plan,
    **dict.fromkeys(WISHES, _wish),
}
"""What confirming does; everything else is a part of the safe-contact profile."""

__all__ = [
    "By",
    "NotSafeNowError",
    "NotWaitingError",
    "NumberInUseError",
    "WordInUseError",
    "confirm",
    "find",
    "load_talk",
    "reject",
]
