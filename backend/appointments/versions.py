"""Whether a reminder that is about to go is still of the appointment as it stands."""

from sqlalchemy import Connection, select

from backend.appointments.rules import AHEAD
from backend.store.support import Appointment, Reminder

MOVED = "appointment_changed"
"""The reason on a reminder that did not go because its appointment was moved, cancelled or answered."""


def is_of_an_earlier_version(c: Connection, reminder_id: int | None) -> bool:
    """Whether the appointment of a reminder is another one by now, or will not be held.

    To be asked with the conversation locked, as whoever changes an appointment has: then nothing can slip between.
    """
    row = c.execute(
        select(Reminder.version, Appointment.version.label("newest"), Appointment.state)
        .join(Appointment, Appointment.id == Reminder.appointment_id)
        .where(Reminder.id == reminder_id)
    ).one_or_none()
    return row is not None and (row.version != row.newest or row.state not in AHEAD)
