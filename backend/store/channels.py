"""Tables of the channels' own bookkeeping: how far a mailbox or queue is read, and which chats are to be cleared."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.base import Base, id_column


class Bookmark(Base):
    """How far we have read where we have to ask. Moved only after what came before it is durable (R23)."""

    __tablename__ = "bookmark"
    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    place: Mapped[str] = mapped_column(String(80), default="")
    holder: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """The process that reads there now; two at once would only be in each other's way."""
    held_until: Mapped[datetime | None] = mapped_column(default=None)


class Clearing(Base):
    """A chat whose messages, of both sides and up to this row's id, are taken away at the provider (R27)."""

    __tablename__ = "clearing"
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    due_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    """When the provider is to be asked next; NULL: it was done, as far as it could be."""
    tries: Mapped[int] = mapped_column(default=0)
