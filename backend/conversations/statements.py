"""The handful of statements that every turn runs, built once: building one costs as much as running it.

They speak of tables and not of mapped classes, which would make each of them an ORM query.
"""

from typing import Any, cast

from sqlalchemy import Select, Table, and_, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.store.talk import (
    Attempt,
    ContactPoint,
    Conversation,
    DataKey,
    InboundMessage,
    OutboundMessage,
    Pace,
    Timer,
)

point = cast(Table, ContactPoint.__table__)
talk = cast(Table, Conversation.__table__)
attempt = cast(Table, Attempt.__table__)
inbound = cast(Table, InboundMessage.__table__)
outbound = cast(Table, OutboundMessage.__table__)
timer = cast(Table, Timer.__table__)
pace = cast(Table, Pace.__table__)
point_key, talk_key = (cast(Table, DataKey.__table__).alias(name) for name in ("point_key", "talk_key"))

POINT_COLUMNS = """
    id address state contact version mobile confirmed_at expires_at opted_out_at paused_at free_at conversation_id
""".split()  # noqa: SIM905 - a list of names reads better so
TALK_COLUMNS = """
    id state person_id session_started_at session_ended_at verified_at last_inbound_at owner_id waiting_since expires_at
    code_word duress_word exit_word doubted_at
""".split()  # noqa: SIM905 - a list of names reads better so

_SELECT: Select[Any] = (
    select(
        point.c.channel,
        *(point.c[name].label(f"point_{name}") for name in POINT_COLUMNS),
        *(talk.c[name].label(f"talk_{name}") for name in TALK_COLUMNS),
        point_key.c.wrapped.label("key_point"),
        talk_key.c.wrapped.label("key_talk"),
    )
    .select_from(talk.join(point, talk.c.contact_point_id == point.c.id))
    .join(point_key, point_key.c.id == point.c.key_id)
    .join(talk_key, talk_key.c.id == talk.c.key_id)
)
_AT_ADDRESS = (point.c.channel == bindparam("channel"), point.c.address_index == bindparam("address_index"))

LOOK_AT_TALK = _SELECT.where(talk.c.id == bindparam("talk_id"))
FIND_TALK = _SELECT.where(*_AT_ADDRESS, talk.c.id == point.c.conversation_id)
# One turn at a time on a contact point (STYLE 12). The lock is a statement of its own, for under READ COMMITTED a
# statement that had to wait for one gives back the other tables' rows as they were before it waited.
LOCK_ADDRESS = select(point.c.id).where(*_AT_ADDRESS).with_for_update()
_point_of_talk = (
    select(point.c.id).join(talk, talk.c.contact_point_id == point.c.id).where(talk.c.id == bindparam("talk_id"))
)
LOCK_TALK = _point_of_talk.with_for_update(of=point)
LOCK_TALK_IF_FREE = _point_of_talk.with_for_update(of=point, skip_locked=True)
"""Finds nothing while another transaction has a turn on the contact point."""
FIND_POINT = select(point.c.id).where(*_AT_ADDRESS)
WORDS_HERE = select(talk.c.id, talk.c.code_word, talk.c.duress_word, talk.c.exit_word).where(
    talk.c.contact_point_id == bindparam("point_id"),
    or_(talk.c.code_word.is_not(None), talk.c.duress_word.is_not(None), talk.c.exit_word.is_not(None)),
)
"""Every word that was agreed at a contact point, whoever agreed it."""
_there, _its_talk, _theirs = point.alias("there"), talk.alias("its_talk"), talk.alias("theirs")
_whose = (
    select(_its_talk.c.person_id)
    .join(_there, _its_talk.c.contact_point_id == _there.c.id)
    .where(_there.c.channel == bindparam("channel"), _there.c.address_index == bindparam("address_index"))
    .where(_its_talk.c.duress_word == bindparam("word"), _its_talk.c.person_id.is_not(None))
)
_of_theirs = select(_theirs.c.contact_point_id).where(_theirs.c.person_id.in_(_whose))
LOCK_PERSON = select(point.c.id).where(point.c.id.in_(_of_theirs)).order_by(point.c.id).with_for_update()
"""Locks every contact point of the person whose word for bad times was given, in one order wherever it was given."""
_person = talk.alias("person")
_POINTS_OF_PERSON = (
    select(talk.c.contact_point_id)
    .join(_person, talk.c.person_id == _person.c.person_id)
    .where(_person.c.id == bindparam("talk_id"))
)
PAUSE_PERSON = (
    update(point)
    .where(point.c.id.in_(_POINTS_OF_PERSON))
    .values(paused_at=bindparam("now"), version=point.c.version + 1)
)
"""Pauses every contact point of the person whom a practitioner has linked a conversation to."""
SAVE_TALK = update(talk).where(talk.c.id == bindparam("row_id"))
SAVE_POINT = update(point).where(point.c.id == bindparam("row_id"))
SAVE_INBOUND = update(inbound).where(inbound.c.id == bindparam("row_id"))
INSERT_OUTBOUND = insert(outbound)
SAVE_OUTBOUND = update(outbound).where(outbound.c.id == bindparam("row_id"))
INSERT_ATTEMPT = insert(attempt)
SAVE_ATTEMPT = update(attempt).where(attempt.c.id == bindparam("row_id"))
SETTLE_OUTBOUND = SAVE_OUTBOUND.where(outbound.c.lease == bindparam("fence"))
"""Writes what became of an attempt, only while that attempt holds the row."""
_DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}
INSERT_INBOUND = {
    name: dialect.insert(inbound).on_conflict_do_nothing().returning(inbound.c.id)
    for name, dialect in _DIALECTS.items()
}
"""Gives back the id only if this call inserted the row (STYLE 7)."""
_TIMER_KEY = [timer.c.kind, timer.c.subject_id, timer.c.name]
SET_TIMER = {
    name: (made := dialect.insert(timer)).on_conflict_do_update(
        index_elements=_TIMER_KEY, set_={"fence": made.excluded.fence, "due_at": made.excluded.due_at}
    )
    for name, dialect in _DIALECTS.items()
}
"""A timer of the same name is moved and gets the new fence."""
TAKE_TIMER = delete(timer).where(timer.c.id == bindparam("row_id"), timer.c.due_at <= bindparam("now"))
"""Takes a timer that is due; it takes nothing when somebody else has, or has moved it."""

SAVE_PACE = {
    name: (moved := dialect.insert(pace)).on_conflict_do_update(
        index_elements=[pace.c.channel], set_={"free_at": moved.excluded.free_at}
    )
    for name, dialect in _DIALECTS.items()
}

_earlier = outbound.alias("earlier")
# A message waits for the earlier ones of its conversation that are on their way; danger waits for nothing, and a held
# message (a reminder for tonight) keeps nobody waiting until its own time has come.
KEPT_WAITING = exists().where(
    _earlier.c.conversation_id == outbound.c.conversation_id,
    _earlier.c.id < outbound.c.id,
    _earlier.c.due_at.is_not(None),
    or_(
        _earlier.c.state.in_(("queued", "sending")),
        and_(_earlier.c.state == "held", _earlier.c.due_at <= bindparam("now")),
    ),
)
CLAIMED_AT_ONCE = 32
_WITH_ROOM: Any = bindparam("with_room", expanding=True)
_ON_CHANNELS = outbound.c.channel.in_(bindparam("channels", expanding=True))
NEXT_DUE = select(outbound.c.due_at).where(outbound.c.due_at.is_not(None), _ON_CHANNELS).order_by("due_at").limit(1)
DUE = (
    select(outbound)
    .where(outbound.c.due_at <= bindparam("now"), _ON_CHANNELS)
    .where(or_(outbound.c.lane == 0, and_(~KEPT_WAITING, outbound.c.channel.in_(_WITH_ROOM))))
    .order_by(outbound.c.lane, outbound.c.due_at, outbound.c.id)
    .limit(CLAIMED_AT_ONCE)
    .with_for_update(skip_locked=True, of=outbound)
)
"""What the dispatcher is to look at now, on these channels: danger and alerts first, the rest where there is room."""
