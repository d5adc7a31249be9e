"""Tables of the talk: who can be reached where, what was said, what waits to be said, and what is due."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.base import Base, id_column


def _where_set(name: str, column: str) -> Index:
    """An index over the few rows in which a column has a value."""
    return _where(name, f"{column} IS NOT NULL", column)


def _where(name: str, condition: str, *columns: str) -> Index:
    """An index over the rows that meet a condition."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


class DataKey(Base):
    """A wrapped data key; destroying it makes all that it sealed unreadable (R40)."""

    __tablename__ = "data_key"
    id: Mapped[int] = id_column()
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None] = mapped_column(default=None)


class ContactPoint(Base):
    """One address on one channel. It is never an identity: several people may share it (R15)."""

    __tablename__ = "contact_point"
    __table_args__ = (UniqueConstraint("channel", "address_index"),)
    id: Mapped[int] = id_column()
    key_id: Mapped[int] = mapped_column(ForeignKey("data_key.id"))
    channel: Mapped[str] = mapped_column(String(16))
    address_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(16), default="unknown")
    contact: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """The sealed safe-contact profile; NULL: nothing was agreed."""
    version: Mapped[int] = mapped_column(default=0)
    mobile: Mapped[bool] = mapped_column(default=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    opted_out_at: Mapped[datetime | None] = mapped_column(default=None)
    paused_at: Mapped[datetime | None] = mapped_column(default=None)
    free_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the next message may go here, for the pace of one chat (R25)."""
    conversation_id: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """The conversation that is going on here now."""
    created_at: Mapped[datetime]


class Conversation(Base):
    """What one person and we say to each other over one contact point, and where in the flows it stands."""

    __tablename__ = "conversation"
    __table_args__ = (
        _where_set("ix_conversation_owner", "owner_id"),
        _where_set("ix_conversation_waiting", "waiting_since"),
    )
    id: Mapped[int] = id_column()
    contact_point_id: Mapped[int] = mapped_column(ForeignKey("contact_point.id"), index=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("data_key.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None, index=True)
    state: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """The engine's sealed state; NULL: it has not begun."""
    session_started_at: Mapped[datetime | None] = mapped_column(default=None)
    session_ended_at: Mapped[datetime | None] = mapped_column(default=None)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the agreed word, or the return code, was given in the session that is open (R12)."""
    code_word: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """The slow hash of the word that opens this conversation. Each person on a shared phone has their own (R15)."""
    duress_word: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    exit_word: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """The slow hash of the word, or emoji, that only leaves."""
    doubted_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when somebody writes who is unlike the person (M4); NULL once the agreed word, or a practitioner, says who
    it is."""
    last_inbound_at: Mapped[datetime | None] = mapped_column(default=None)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    waiting_since: Mapped[datetime | None] = mapped_column(default=None)
    """Since when the person waits for a practitioner."""
    return_code_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), default=None, unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    """When an enquiry without a referral is destroyed (R36); NULL: a referral or case holds it."""
    created_at: Mapped[datetime]


class InboundMessage(Base):
    """One thing that a person sent. The unique key is what makes a provider's retry a duplicate (R23)."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_inbound_talk", "conversation_id", "id"),
        _where_set("ix_inbound_redact", "redact_at"),
    )
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(80))
    text: Mapped[bytes] = mapped_column(LargeBinary)
    course: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16), default="none")
    kind: Mapped[str] = mapped_column(String(16), default="message", server_default="message")
    """message, edit, reaction, or unproven: a mail that did not come from where it says."""
    received_at: Mapped[datetime]
    redact_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the provider is to be asked next to blank its copy (R27); NULL: never, or it is done."""


class OutboundMessage(Base):
    """One message to a person, or an alert to a practitioner: queued in the turn, sent by the dispatcher."""

    __tablename__ = "outbound"
    __table_args__ = (
        _where_set("ix_outbound_due", "due_at"),
        _where_set("ix_outbound_alert", "alert_id"),
        _where_set("ix_outbound_about", "about_id"),
        Index("ix_outbound_talk", "conversation_id", "id"),
        _where("ix_outbound_sent", "sent_at IS NOT NULL", "channel", "sent_at"),
    )
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversation.id"), default=None)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    """Whom an alert is for; NULL: the message is for the person at the conversation's contact point."""
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id"), default=None)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    about_id: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """The appointment or the due time of a plan that it is about, so that it can be taken back at once (R9)."""
    channel: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    lane: Mapped[int]
    """0 danger and alerts, 1 the rest: what goes first when much is due."""
    response: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """Sealed words and button titles; NULL for alerts, whose words are a closed catalogue."""
    state: Mapped[str] = mapped_column(String(16), default="queued")
    """queued, held, sending, sent, delivered, read, failed, dropped, cancelled."""
    reason: Mapped[str] = mapped_column(String(40), default="")
    due_at: Mapped[datetime | None]
    """When the dispatcher is to look at it next; NULL: nothing more is to be done."""
    not_after: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    lease: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """The attempt that is under way; its due_at is then the lease's end."""
    shown: Mapped[int | None] = mapped_column(BigInteger, default=None)
    """Its place in the thread as it came into sight: the id of its first attempt. A page that has seen later lines must
    not miss one that was queued before them and sent after them."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)


class Attempt(Base):
    """One offer of one message to a provider, written as `sending` before it is made (STYLE 10)."""

    __tablename__ = "attempt"
    __table_args__ = (
        _where_set("ix_attempt_redact", "redact_at"),
        _where("ix_attempt_troubled", "state IN ('failed', 'unknown')", "started_at"),
    )
    id: Mapped[int] = id_column()
    outbound_id: Mapped[int] = mapped_column(ForeignKey("outbound.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    """sending, sent, refused (the message, by a provider that works), failed, unknown."""
    provider_id: Mapped[str | None] = mapped_column(String(80), default=None, index=True)
    code: Mapped[str] = mapped_column(String(40), default="")
    point_version: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    redact_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the provider is to be asked next to blank its copy (R27); NULL: never, or it is done."""


class Pace(Base):
    """How far the messages of one channel have used up what may leave in a second (R25)."""

    __tablename__ = "pace"
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    free_at: Mapped[datetime]
    """When all that has left would have left at the allowed pace."""


class Timer(Base):
    """Something that is due at an instant. A stale fence makes it a quiet no-op (STYLE 11)."""

    __tablename__ = "timer"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "name"),)
    id: Mapped[int] = id_column()
    kind: Mapped[str] = mapped_column(String(16))
    """talk (subject: conversation), alert (subject: alert)."""
    subject_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80), default="")
    fence: Mapped[str] = mapped_column(String(160), default="")
    due_at: Mapped[datetime] = mapped_column(index=True)


class WebSession(Base):
    """One visit by browser. The cookie's token is only here as a keyed hash; leaving ends the row before the page goes
    (R17)."""

    __tablename__ = "web_session"
    id: Mapped[int] = id_column()
    token_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    began_after: Mapped[int] = mapped_column(BigInteger, default=0)
    """Only messages with a greater id are shown: an earlier visit's words never come back to a screen (R12)."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
