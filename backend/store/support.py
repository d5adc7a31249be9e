"""Tables of support over time: plans of check-ins and daily texts, appointments, and what staff have to do by when."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.base import Base, id_column


class Plan(Base):
    """What a person agreed to get, and when: a daily text, a check-in. Its next time is a timer with its version."""

    __tablename__ = "plan"
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    """check_in, daily_text."""
    rule: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: days, times, pauses, what it says and asks, and what was agreed about silence."""
    state: Mapped[str] = mapped_column(String(16), default="active")
    """active, ended. A pause is part of the rule."""
    version: Mapped[int] = mapped_column(default=0)
    """Grows with every change; a timer of an earlier one does nothing."""
    created_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    """Who made it with the person; NULL: the person by themself."""


class PlanDue(Base):
    """One time at which a plan was due, and what became of it; nothing due is ever left without a row."""

    __tablename__ = "plan_due"
    __table_args__ = (UniqueConstraint("plan_id", "due_at"),)
    id: Mapped[int] = id_column()
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    """queued: its message is in the outbox; not_sent: it never got there, and `reason` says why; answered."""
    reason: Mapped[str] = mapped_column(String(40), default="")
    outbound_id: Mapped[int | None] = mapped_column(BigInteger, default=None, index=True)
    steps: Mapped[str] = mapped_column(String(80), default="")
    """The steps of the missed check-in ladder that were taken, by their codes, with commas."""


class Appointment(Base):
    """A time that a practitioner and a person have agreed to meet, call or go somewhere together."""

    __tablename__ = "appointment"
    __table_args__ = (Index("ix_appointment_staff", "staff_id", "starts_at"),)
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(24))
    """face_to_face, call, online, joint_visit, court, group, drop_in."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """Sealed; a place or a number, which no text holds by default (R5)."""
    reminders: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    """Sealed: the agreed leads and wording, and other times to offer; NULL: no reminders (R9)."""
    state: Mapped[str] = mapped_column(String(16), default="planned")
    """planned, confirmed, cannot, cancelled, attended, missed, not_held."""
    version: Mapped[int] = mapped_column(default=0)
    """Grows with every change; a reminder of an earlier one does nothing."""
    created_at: Mapped[datetime]


class Reminder(Base):
    """One lead of one version of an appointment that came due, and what became of it. The outbox row is about it."""

    __tablename__ = "reminder"
    id: Mapped[int] = id_column()
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    version: Mapped[int]
    lead: Mapped[int]
    """Minutes before the appointment."""
    state: Mapped[str] = mapped_column(String(16))
    """queued: its message is in the outbox; not_sent: it never got there, and `reason` says why; answered."""
    reason: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime]


class CalendarFeed(Base):
    """A secret link by which a practitioner's own calendar program reads when they are busy; only its keyed hash."""

    __tablename__ = "calendar_feed"
    id: Mapped[int] = id_column()
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class Task(Base):
    """Something that a practitioner has to do by an instant. It never closes anything by itself (R35)."""

    __tablename__ = "task"
    __table_args__ = tuple(
        Index(
            f"ix_task_{name}", *columns, sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
        )
        for name, columns in (("open", ("due_at",)), ("open_talk", ("conversation_id",)))
    )
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    kind: Mapped[str] = mapped_column(String(32))
    urgency: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    """Whose it is; NULL: anybody's."""
    escalated_at: Mapped[datetime | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
