"""Tasks that check-ins make: what each is about, how urgent it is, and by when somebody is to do it.

A task never says how somebody is: it says what was answered, or that nothing was, and leaves the rest to a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from backend.alerts.service import raise_alert
from backend.house import House
from backend.settings import Settings
from backend.tasks.service import make_task, open_tasks
from backend.tasks.working_days import WorkingDays, england


@dataclass(frozen=True, slots=True)
class Kind:
    """`told` is the task in plain words; it is due after so many working days, 0 being today, whatever day it is."""

    told: str
    urgency: str
    working_days: int
    source: str


KINDS: Mapping[str, Kind] = {
    "check_in_low": Kind("They said that the day is not good. Get in touch, as agreed.", "soon", 1, "C14"),
    "low_today": Kind("They gave a low answer about being safe or well treated. Reach them today.", "soon", 0, "1.3"),
    "low_area": Kind("They gave a low answer about one part of their life. Ask how it is.", "routine", 5, "C17"),
    "reassess": Kind("Something in their life has changed. Look at the risk again with them.", "soon", 1, "B8"),
    "not_working": Kind(
        "They say that this does not work for them. Ask, and tell them what changes.", "soon", 3, "D10"
    ),
    "missed_check_in": Kind("A check-in has no right answer. What is known of it is in the alert.", "soon", 0, "T8"),
}
"""Every task that a check-in makes, by its kind."""


def want(c: Connection, house: House, conversation_id: int, kind: str, reason: str, urgency: str = "") -> None:
    """Have somebody do something about an answer, and tell them at once; what is to be done already stays as it is."""
    about = KINDS[kind]
    raise_alert(c, house, conversation_id, reason, urgency or about.urgency)
    if kind not in {task.kind for task in open_tasks(c, house, conversation_id)}:
        due = due_at(house.settings, about.working_days, house.clock())
        make_task(c, house, conversation_id, kind, due, urgency=urgency or about.urgency)


def due_at(settings: Settings, working_days: int, now: datetime, days: WorkingDays | None = None) -> datetime:
    """When (UTC) it is due: at the end of that working day's hours; today: while the day lasts, holiday or not."""
    where = ZoneInfo(settings.time_zone)
    today = now.astimezone(where).date()
    if working_days:
        day = (days or england()).after(today, working_days)
        return datetime.combine(day, settings.staffed_to, where).astimezone(UTC)
    end = datetime.combine(today, settings.staffed_to, where).astimezone(UTC)
    midnight = datetime.combine(today, time(23, 59), where).astimezone(UTC)
    return end if end - now > timedelta(hours=1) else max(midnight, now)
