"""The fixed texts that staff are woken with: that something waits and how urgent, never who or what (R1, R32, R38).

They may lie on the lock screen of a practitioner's own phone, so they name neither the service nor a person.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StaffText:
    """One text of the catalogue. `subject` is for channels that have one."""

    subject: str
    text: str


STAFF_TEXTS = {
    "urgent": StaffText("Urgent: something is waiting", "Something urgent is waiting. Please open the desk now."),
    "soon": StaffText("Something is waiting", "Something new is waiting. Please open the desk soon."),
    "routine": StaffText("Something new", "Something new is on the desk. It can wait for your next working hour."),
    "urgent_again": StaffText(
        "Urgent, still waiting", "Something urgent is still waiting, and nobody has taken it. Please open the desk now."
    ),
    "soon_again": StaffText(
        "Still waiting", "Something is still waiting, and nobody has taken it. Please open the desk soon."
    ),
    "trouble": StaffText("Please check the desk", "Part of the system needs a look. Please open the desk."),
}
"""Every text that a staff alert may have, by a stable code."""

_ALLOWED = frozenset(STAFF_TEXTS.values())


def staff_text(urgency: str, *, again: bool = False) -> StaffText:
    """The text for an urgency (urgent, soon, routine); `again` when nobody has acknowledged it yet. Raises KeyError."""
    return STAFF_TEXTS.get(f"{urgency}_again" if again else urgency) or STAFF_TEXTS[urgency]


def is_staff_text(subject: str, text: str) -> bool:
    """Whether this is a text of the catalogue, to the letter."""
    return StaffText(subject, text) in _ALLOWED or (not subject and any(text == allowed.text for allowed in _ALLOWED))
