"""Writing a safe-contact profile: a first one counts, what tightens counts, what loosens waits (R10, R14)."""

from collections.abc import Collection, MutableMapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from backend.alerts.service import raise_alert
from backend.contact_points import checks, pending
from backend.conversations import statements
from backend.conversations.talk import Talk
from backend.house import House
from backend.store.talk import Conversation
from safety import profile
from safety.types import PointState, SafeContact

FIRST = "first_profile"
"""In the memory of the session that gave a first profile: the version of the contact point that it made."""
RECHECK = "recheck"
"""The kind of timer that asks whether contact is still safe."""
USABLE = (PointState.SAFE, PointState.STALE)

Memory = MutableMapping[str, Any]


def save_profile(
    c: Connection, house: House, talk: Talk, memory: Memory, new: SafeContact, asked: Collection[str]
) -> None:
    """Write what somebody answered about being reached; `asked` are the parts that they spoke of.

    1. A first profile counts at once, and so does a change of mind in the session that gave it. 2. Of any other,
    what tightens counts at once. 3. What loosens waits for a second route or a practitioner (R14). 4. The answers are
    good for longer only where it is known who gave them (R12).
    """
    if is_first(c, talk, memory):
        agree(c, house, talk, new)
        memory[FIRST] = talk.points["version"]
        return
    old = talk.contact()
    if may_wait(talk):
        _keep_wishes(c, house, talk, old, new, asked)
    elif profile.loosens(old, new) or new.may_start:
        raise_alert(c, house, talk.id, "wants_looser_contact", "soon")
    tighten(c, house, talk, profile.tightened(old, new))


def is_first(c: Connection, talk: Talk, memory: Memory) -> bool:
    """Whether nothing is agreed here yet, or only in this session and by nobody else since."""
    if talk.points.get("version", talk.row["point_version"]) == memory.get(FIRST):
        return True
    unknown = talk.point().state is PointState.UNKNOWN
    return unknown and talk.row["point_confirmed_at"] is None and not checks.worker_must_look(c, talk.point_id)


def may_wait(talk: Talk) -> bool:
    """Whether a wish from here is kept: not from where somebody else reads, or where everything has stopped."""
    point = talk.point()
    return point.state is not PointState.UNSAFE and not point.paused and not point.opted_out


def _keep_wishes(
    c: Connection, house: House, talk: Talk, old: SafeContact, new: SafeContact, asked: Collection[str]
) -> None:
    """What loosens waits; an answer that loosens nothing takes the place of a wish about the same part."""
    looser = [part for part in profile.loosens(old, new) if part in asked]
    for part in looser:
        pending.ask(c, house, talk, part, profile.part_to_json(new, part))
    settled = (set(asked) - set(looser)) | set(profile.tightens(old, new)) - set(looser)
    if settled:
        pending.drop(c, house, talk.id, sorted(settled), "answered_anew")


def tighten(c: Connection, house: House, talk: Talk, contact: SafeContact) -> None:
    """Write a profile that allows no more than before; with it, the answers are renewed if that may be."""
    usable = state_for(contact) is PointState.SAFE
    state = talk.point().state
    if state in USABLE and not usable:
        state = PointState.UNKNOWN
    talk.write_contact(contact)
    talk.set_point_state(state)
    if state in USABLE and may_renew(c, talk):
        renew(c, house, talk)


def may_renew(c: Connection, talk: Talk) -> bool:
    """Whether whoever writes now may say that the old answers still hold: with an agreed word here, only with it."""
    if talk.point().state not in USABLE or not may_wait(talk):
        return False
    return talk["verified_at"] is not None or not c.execute(statements.WORDS_HERE, {"point_id": talk.point_id}).all()


def renew(c: Connection, house: House, talk: Talk) -> None:
    """The answers hold as long again as new ones, unchanged (R10)."""
    agree(c, house, talk, talk.contact())


def renew_by_text(c: Connection, house: House, talk: Talk) -> None:
    """They say that it is still safe: the same answers hold again, if nothing but time spoke against them."""
    if checks.worker_must_look(c, talk.point_id) or not may_renew(c, talk):
        raise_alert(c, house, talk.id, "answers_expired", "routine")
        return
    renew(c, house, talk)
    checks.write(c, house, talk, checks.RENEWED_BY_TEXT)


def ask_later(c: Connection, house: House, talk: Talk) -> None:
    """Another time: somebody was there, so we may ask once more, after some days."""
    checks.write(c, house, talk, checks.RECHECK_LATER)
    if talk.point().state is not PointState.UNSAFE:
        plan_recheck(c, house, talk, house.clock() + timedelta(days=house.settings.recheck_again_days))


def agree(c: Connection, house: House, talk: Talk, contact: SafeContact, state: PointState | None = None) -> None:
    """Write a profile that counts from now on, and let the re-check fall due when it expires."""
    lasts = timedelta(days=house.settings.safe_contact_days)
    talk.agree(contact, state or state_for(contact), house.clock(), lasts)
    plan_recheck(c, house, talk, house.clock() + lasts)


def state_for(contact: SafeContact) -> PointState:
    """Where nothing may be started, nobody has called the contact point safe for that (R2)."""
    return PointState.SAFE if contact.may_start or contact.windows else PointState.UNKNOWN


def plan_recheck(c: Connection, house: House, talk: Talk, due: datetime) -> None:
    """Let the re-check of a contact point fall due; an earlier plan for it is moved."""
    row = {"id": house.new_id(), "kind": RECHECK, "subject_id": talk.id, "name": "", "fence": "", "due_at": due}
    c.execute(statements.SET_TIMER[c.dialect.name], row)


def talks_at(c: Connection, point_id: int) -> list[int]:
    """Every conversation at a contact point, whoever's it is, the oldest first."""
    there = select(Conversation.id).where(Conversation.contact_point_id == point_id).order_by(Conversation.id)
    return list(c.execute(there).scalars())
