"""Tables of check-ins: what was answered to each, and when the service was awake to hear it."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from backend.store.base import Base, id_column


class CheckInAnswer(Base):
    """What was answered to one check-in, so that change over time can be seen (C17)."""

    __tablename__ = "check_in_answer"
    id: Mapped[int] = id_column()
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    plan_due_id: Mapped[int] = mapped_column(ForeignKey("plan_due.id"), unique=True)
    at: Mapped[datetime]
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: each question's code with the score or the choices; what was passed over is not in it."""


class Heartbeat(Base):
    """A minute in which a worker was awake. Where there is none, nobody could have heard an answer (domain T8)."""

    __tablename__ = "heartbeat"
    at: Mapped[datetime] = mapped_column(primary_key=True)
