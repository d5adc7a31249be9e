"""Tables of the work: referrals, people and cases, alerts, and the staff who do it."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.base import Base, id_column


class Person(Base):
    """Somebody a practitioner has linked conversations to; their data key seals what belongs to them."""

    __tablename__ = "person"
    id: Mapped[int] = id_column()
    key_id: Mapped[int] = mapped_column(ForeignKey("data_key.id"))
    created_at: Mapped[datetime]


class Referral(Base):
    """What a person sent off: their answers, sealed, and a pathway that is a suggestion only (A10, R31)."""

    __tablename__ = "referral"
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    suggested: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(16), default="submitted", index=True)
    """submitted, accepted."""
    submitted_at: Mapped[datetime]


class Consent(Base):
    """One answer to one purpose, with the words' version and when and where it was given (J2, R36)."""

    __tablename__ = "consent"
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    agreed: Mapped[bool]
    words_version: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class Case(Base):
    """A person being supported. No timer, silence or missed visit ever closes one (R35)."""

    __tablename__ = "case_file"
    id: Mapped[int] = id_column()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), unique=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    pathway: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime]


class Alert(Base):
    """Something that a practitioner must see. It repeats until somebody acknowledges it (R32)."""

    __tablename__ = "alert"
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    urgency: Mapped[str] = mapped_column(String(16))
    raised_at: Mapped[datetime]
    repeats: Mapped[int] = mapped_column(default=0)
    acknowledged_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)


class Staff(Base):
    """A practitioner's account."""

    __tablename__ = "staff"
    id: Mapped[int] = id_column()
    key_id: Mapped[int] = mapped_column(ForeignKey("data_key.id"))
    login_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[bytes] = mapped_column(LargeBinary)
    email: Mapped[bytes] = mapped_column(LargeBinary)
    password: Mapped[str] = mapped_column(String(200))
    """An Argon2id hash."""
    role: Mapped[str] = mapped_column(String(40))
    demo: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]


class StaffSession(Base):
    """One log-in at the desk; the cookie's token is only here as a keyed hash."""

    __tablename__ = "staff_session"
    id: Mapped[int] = id_column()
    token_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class AuditEntry(Base):
    """Who did what to which record, without content (R39)."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_id", "at"),)
    id: Mapped[int] = id_column()
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
