"""Who did what to which record and when, without a word of content (R39)."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from backend.house import House
from backend.store.work import AuditEntry

SAME_READING = timedelta(minutes=5)
"""A page that refreshes itself is one reading, written down again every five minutes for as long as it is open."""


class Did(StrEnum):
    """What was done."""

    LOGGED_IN = "logged_in"
    LOGIN_FAILED = "login_failed"
    LOGGED_OUT = "logged_out"
    REFUSED = "refused"
    """Asked for something that the role may not have."""
    ADDED_STAFF = "added_staff"
    OPENED = "opened"
    ACCEPTED = "accepted"
    TOOK_OVER = "took_over"
    HANDED_BACK = "handed_back"
    WROTE = "wrote"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    MARKED_UNSAFE = "marked_unsafe"
    MARKED_SAFE = "marked_safe"
    LIFTED_PAUSE = "lifted_pause"
    RENEWED_CONTACT = "renewed_contact"
    FAILED_CHECK = "failed_check"
    RISK_RISEN = "risk_risen"
    ACCEPTED_CHANGE = "accepted_change"
    REJECTED_CHANGE = "rejected_change"
    ASKED_BOOKING = "asked_booking"
    MADE_APPOINTMENT = "made_appointment"
    MOVED_APPOINTMENT = "moved_appointment"
    CANCELLED_APPOINTMENT = "cancelled_appointment"
    WROTE_OUTCOME = "wrote_outcome"
    MADE_PLAN = "made_plan"
    CHANGED_PLAN = "changed_plan"
    PAUSED_PLAN = "paused_plan"
    ENDED_PLAN = "ended_plan"
    MADE_LINK = "made_calendar_link"
    ENDED_LINK = "ended_calendar_link"


def record(c: Connection, house: House, staff_id: int | None, did: Did, subject: str, subject_id: int) -> None:
    """Write one row in the transaction of the act itself: an act that is not logged did not happen."""
    c.execute(
        insert(AuditEntry),
        {
            "id": house.new_id(),
            "at": house.clock(),
            "staff_id": staff_id,
            "action": did.value,
            "subject": subject,
            "subject_id": subject_id,
        },
    )


def note_reading(c: Connection, house: House, staff_id: int, subject: str, subject_id: int) -> None:
    """Write down that somebody opened a record, once for SAME_READING.

    It is decided here and not by the page, so that no request can read without leaving a row.
    """
    already = select(AuditEntry.id).where(
        AuditEntry.staff_id == staff_id,
        AuditEntry.action == Did.OPENED.value,
        AuditEntry.subject == subject,
        AuditEntry.subject_id == subject_id,
        AuditEntry.at > house.clock() - SAME_READING,
    )
    if c.execute(already.limit(1)).first() is None:
        record(c, house, staff_id, Did.OPENED, subject, subject_id)
