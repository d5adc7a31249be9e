"""One talk as a turn sees it: a contact point, its conversation, their keys, and what of them changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, update

from backend.conversations import statements
from backend.house import House
from backend.store.sealing import context, make_key, open_json, seal_json, unwrap
from backend.store.talk import ContactPoint, Conversation
from safety import numbers
from safety.profile import ProfileError, contact_from_json, contact_to_json
from safety.types import Point, PointState, SafeContact
from safety.vault import DataKey

OF_ONE_SESSION = ("opened", "word_chosen", "fragments", "first_profile", "media", "first", "neutral")
"""What of the memory ends with its session: whether the engine has opened it, whether an agreed word was chosen in it,
the fragments of an answer, whether a first safe-contact profile was given in it, how many pictures were refused, what
the first message told, and whether the machine asks the opening questions in a talk that a practitioner owns."""


@dataclass(slots=True)
class Talk:
    """A contact point and the conversation that goes on there. `points` and `talks` hold what is to be written back."""

    row: Mapping[str, Any]
    point_key: DataKey
    key: DataKey
    points: dict[str, Any] = field(default_factory=dict)
    talks: dict[str, Any] = field(default_factory=dict)

    @property
    def point_id(self) -> int:
        """The contact point's row id."""
        return int(self.row["point_id"])

    @property
    def id(self) -> int:
        """The conversation's row id."""
        return int(self.row["talk_id"])

    @property
    def channel(self) -> str:
        """The channel's name."""
        return str(self.row["channel"])

    @property
    def another_began(self) -> bool:
        """Whether another talk goes on at this contact point by now, perhaps with somebody else (R15)."""
        return self.row["point_conversation_id"] not in (None, self.id)

    def __getitem__(self, column: str) -> Any:
        """A column of the conversation, as this turn has left it."""
        return self.talks.get(column, self.row.get("talk_" + column))

    def __setitem__(self, column: str, value: Any) -> None:
        self.talks[column] = value

    def become(self, other: "Talk") -> None:
        """From here on this is another conversation on the same contact point; what belongs to the point stays."""
        self.row, self.key, self.talks = other.row, other.key, other.talks

    def memory(self) -> dict[str, Any]:
        """What is remembered between turns: the engine's state, and the last words, for danger in fragments."""
        sealed = self.row["talk_state"]
        if sealed is None:
            return {}
        return dict(open_json(self.key, sealed, context("conversation", "state", self.id)))

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Seal what the next turn needs."""
        self.talks["state"] = seal_json(self.key, dict(memory), context("conversation", "state", self.id))

    def begin_session(self, memory: dict[str, Any], now: datetime) -> None:
        """Nobody is verified yet, the opening words are still to come, and nothing of an earlier session waits."""
        self.talks |= {"session_started_at": now, "session_ended_at": None, "verified_at": None}
        for key in OF_ONE_SESSION:
            memory.pop(key, None)

    def contact(self) -> SafeContact:
        """The safe-contact profile; with nothing agreed, or nothing that can be read, the one that allows nothing
        (R2)."""
        return self._contact() or SafeContact()

    def contact_is_readable(self) -> bool:
        """Whether what was agreed here can be read; what a newer version wrote may not be."""
        return self._contact() is not None

    def _contact(self) -> SafeContact | None:
        sealed = self.points.get("contact", self.row["point_contact"])
        if sealed is None:
            return SafeContact()
        try:
            return contact_from_json(open_json(self.point_key, sealed, self._contact_context()))
        except ProfileError:
            return None

    def agree(self, contact: SafeContact, state: PointState, now: datetime, lasts: timedelta) -> None:
        """Write a new profile; its version grows, so that whatever the gate saw before no longer counts."""
        self.write_contact(contact)
        self.points |= {"confirmed_at": now, "expires_at": now + lasts}
        self.set_point_state(state)

    def write_contact(self, contact: SafeContact) -> None:
        """Seal a profile without new dates; whoever calls this also sets the state, so that the version grows."""
        self.points["contact"] = seal_json(self.point_key, contact_to_json(contact), self._contact_context())

    def set_point_state(self, state: PointState) -> None:
        """Mark the contact point; a change that the gate must see."""
        self.points |= {"state": state.value, "version": self.row["point_version"] + 1}

    def point(self, *, answering: bool = False) -> Point:
        """The contact point as the gate and triage see it.

        Once the person has left, the talk is over and nothing may be started in it. `answering`: what is asked about
        was said in the turn that ended the talk, such as the bland line of the way out, and still belongs to it.
        """
        over = self["session_ended_at"] is not None and not answering
        columns = {
            name.removeprefix("point_"): value for name, value in self.row.items() if name.startswith("point_")
        } | self.points
        return Point(
            channel=self.channel,
            state=PointState(columns["state"]),
            contact=self.contact(),
            version=columns["version"],
            confirmed_at=columns["confirmed_at"],
            expires_at=columns["expires_at"],
            opted_out=columns["opted_out_at"] is not None,
            paused=columns["paused_at"] is not None,
            in_doubt=self["doubted_at"] is not None,
            mobile=columns["mobile"],
            last_inbound_at=None if over else self["last_inbound_at"],
            last_heard_at=self["last_inbound_at"],
        )

    def address(self) -> str:
        """The address, in the channel's canonical form."""
        return self.point_key.open(self.row["point_address"], context("contact_point", "address", self.point_id))

    def save(self, c: Connection) -> None:
        """Write back what this turn changed."""
        if self.talks:
            c.execute(statements.SAVE_TALK, {**self.talks, "row_id": self.id})
        if self.points:
            c.execute(statements.SAVE_POINT, {**self.points, "row_id": self.point_id})

    def _contact_context(self) -> str:
        return context("contact_point", "contact", self.point_id)


def find_talk(c: Connection, house: House, channel: str, address: str) -> Talk | None:
    """The conversation that goes on at an address, locked for this transaction; None: nobody wrote from there yet."""
    where = {"channel": channel, "address_index": address_index(house, channel, address)}
    _lock(c, statements.LOCK_ADDRESS, where)
    row = c.execute(statements.FIND_TALK, where).one_or_none()
    return None if row is None else _talk(house, row)


def load_talk(c: Connection, house: House, conversation_id: int) -> Talk:
    """One conversation, locked for this transaction. Raises NoResultFound."""
    _lock(c, statements.LOCK_TALK, {"talk_id": conversation_id})
    return look_at_talk(c, house, conversation_id)


def load_talk_if_free(c: Connection, house: House, conversation_id: int) -> Talk | None:
    """One conversation, locked for this transaction; None while another one has a turn on its contact point, or when it
    is gone."""
    where = {"talk_id": conversation_id}
    if not _lock(c, statements.LOCK_TALK_IF_FREE, where):
        return None
    row = c.execute(statements.LOOK_AT_TALK, where).one_or_none()
    return None if row is None else _talk(house, row)


def lock_talk(c: Connection, conversation_id: int) -> None:
    """Lock the contact point of a conversation, as a turn does, where nothing of the talk is to be read."""
    _lock(c, statements.LOCK_TALK, {"talk_id": conversation_id})


def lock_talk_if_free(c: Connection, conversation_id: int) -> bool:
    """The same, without waiting; False while another transaction has it."""
    return _lock(c, statements.LOCK_TALK_IF_FREE, {"talk_id": conversation_id})


def _lock(c: Connection, lock: Select[Any], where: Mapping[str, Any]) -> bool:
    """Lock a contact point; whether that could be done. SQLite has one writer, who has locked everything."""
    return c.dialect.name == "sqlite" or c.execute(lock, where).first() is not None


def look_at_talk(c: Connection, house: House, conversation_id: int) -> Talk:
    """One conversation, only to be read. Raises NoResultFound."""
    return _talk(house, c.execute(statements.LOOK_AT_TALK, {"talk_id": conversation_id}).one())


def _talk(house: House, row: Row[Any]) -> Talk:
    columns = row._asdict()
    return Talk(columns, unwrap(house, columns["key_point"]), unwrap(house, columns["key_talk"]))


def address_index(house: House, channel: str, address: str) -> bytes:
    """The keyed hash by which an address is found; of a mail address, in whatever letters it was typed."""
    return house.vault.index("address", f"{channel}:{address.casefold() if channel == 'email' else address}")


def begin_talk(c: Connection, house: House, channel: str, address: str) -> Talk:
    """A first conversation at an address: an enquiry, which expires unless it becomes a referral (R36); or the one that
    another turn has begun since this one looked."""
    where = {"channel": channel, "address_index": address_index(house, channel, address)}
    point_id = c.execute(statements.FIND_POINT, where).scalar_one_or_none()
    if point_id is not None and (begun := find_talk(c, house, channel, address)) is not None:
        return begun
    return load_talk(c, house, begin_conversation(c, house, point_id or _begin_point(c, house, channel, address)))


def _begin_point(c: Connection, house: House, channel: str, address: str) -> int:
    now, point_id = house.clock(), house.new_id()
    key_id, key = make_key(c, house)
    point = {
        "id": point_id,
        "key_id": key_id,
        "channel": channel,
        "address_index": address_index(house, channel, address),
        "address": key.seal(address, context("contact_point", "address", point_id)),
        "created_at": now,
        "state": "unknown",
        "version": 0,
        "mobile": channel != "sms" or numbers.may_text(address, demo=house.settings.drama_numbers),
    }
    c.execute(insert(ContactPoint), point)
    return point_id


def begin_conversation(c: Connection, house: House, point_id: int) -> int:
    """A fresh conversation at a contact point, with a data key of its own; it becomes the one that goes on there."""
    now, talk_id = house.clock(), house.new_id()
    key_id, _key = make_key(c, house)
    expires = now + timedelta(days=house.settings.enquiry_days)
    row = {"id": talk_id, "contact_point_id": point_id, "key_id": key_id, "created_at": now, "expires_at": expires}
    c.execute(insert(Conversation), row)
    c.execute(update(ContactPoint).where(ContactPoint.id == point_id).values(conversation_id=talk_id))
    return talk_id
