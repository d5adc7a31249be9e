"""Sealing and opening of fields: which data key a row uses, and its context in the vault.

The context is "table.column.rowid", so a sealed field that is copied to another row or column does not open (R38).
"""

import json
from typing import Any

from sqlalchemy import Connection, insert, select

from backend.house import House
from backend.store.talk import Conversation
from backend.store.talk import DataKey as DataKeyRow
from safety.vault import DataKey


class KeyDestroyedError(Exception):
    """What this key sealed was erased and cannot be read again (R40)."""


def make_key(c: Connection, house: House) -> tuple[int, DataKey]:
    """A new data key, stored wrapped; its row id and itself."""
    wrapped, key = house.vault.new_key()
    key_id = house.new_id()
    c.execute(insert(DataKeyRow), {"id": key_id, "wrapped": wrapped, "created_at": house.clock()})
    return key_id, key


def open_key(c: Connection, house: House, key_id: int) -> DataKey:
    """The data key of that row. Raises KeyDestroyedError after an erasure."""
    wrapped = c.execute(select(DataKeyRow.wrapped).where(DataKeyRow.id == key_id)).scalar_one()
    return unwrap(house, wrapped)


def key_of_talk(c: Connection, house: House, conversation_id: int) -> DataKey:
    """The data key of a conversation. Raises NoResultFound, KeyDestroyedError."""
    key_id = c.execute(select(Conversation.key_id).where(Conversation.id == conversation_id)).scalar_one()
    return open_key(c, house, key_id)


def unwrap(house: House, wrapped: bytes | None) -> DataKey:
    """The data key from its wrapped form. Raises KeyDestroyedError where it is gone."""
    if wrapped is None:
        raise KeyDestroyedError
    return house.vault.unwrap(wrapped)


def context(table: str, column: str, row_id: int) -> str:
    """The name of one field of one row, to which its sealed value is bound."""
    return f"{table}.{column}.{row_id}"


def seal_json(key: DataKey, value: Any, where: str) -> bytes:
    """A sealed JSON value."""
    return key.seal(json.dumps(value, separators=(",", ":"), ensure_ascii=False), where)


def open_json(key: DataKey, sealed: bytes, where: str) -> Any:
    """What `seal_json` sealed. Raises VaultError if it was changed or moved."""
    return json.loads(key.open(sealed, where))
