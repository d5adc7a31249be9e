"""Tables of who may be reached where: changes that wait for a second route, and what was found out about a point."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.base import Base, id_column

_WAITS = text("state = 'pending'")


class PendingChange(Base):
    """Something that loosens, or may have been forced, as it was asked for; nothing of it holds yet (R14)."""

    __tablename__ = "pending_change"
    __table_args__ = (
        Index("ix_pending_change_waits", "conversation_id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_pending_change_conversation", "conversation_id"),
    )
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    """Where it was asked for; its key seals what was asked."""
    what: Mapped[str] = mapped_column(String(24))
    """A part of the safe-contact profile, or new_point, code_word, duress_word, sharing, deletion, copy, closure."""
    value: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """Sealed; NULL once it is rejected, void or too old, for then nobody needs it."""
    channel: Mapped[str] = mapped_column(String(16))
    verified: Mapped[bool]
    """Whether the agreed word had been given in the session that asked."""
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default="pending")
    """pending, confirmed, rejected, void, expired."""
    reason: Mapped[str] = mapped_column(String(24), default="")
    """How it was checked, or why it is void: a code."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    """The practitioner; NULL: the person by their second route, or the house."""
    ended_in: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """The conversation on the second route, where the person confirmed it there."""


class ContactCheck(Base):
    """One thing that was found out about a contact point, or done with it: a sign of risk, a check (R6, R10)."""

    __tablename__ = "contact_check"
    __table_args__ = (Index("ix_contact_check_point", "contact_point_id", "id"),)
    id: Mapped[int] = id_column()
    contact_point_id: Mapped[int] = mapped_column(ForeignKey("contact_point.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(24))
    how: Mapped[str] = mapped_column(String(24), default="")
    """How it is known: from a closed list, or a provider's code."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    note: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """A practitioner's own words, sealed with the contact point's key."""
