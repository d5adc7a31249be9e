"""Practitioners' accounts, what each role may do, log-in, sessions, and the log of who did what.

The one convention here: nothing answers "who is this?" differently for an account that exists and one that does not,
neither in words nor in time, and every act of a person leaves a row in the audit (R39). There is no second factor yet.
"""

from backend.staff.accounts import add_staff, has_demo_staff, list_staff
from backend.staff.audit import Did, note_reading, record
from backend.staff.login import log_in
from backend.staff.roles import Right, Role, may
from backend.staff.sessions import Actor, end_session

__all__ = [
    "Actor", "Did", "Right", "Role",
    "add_staff", "end_session", "has_demo_staff", "list_staff", "log_in", "may", "note_reading", "record",
]  # fmt: skip
