"""The clocks of the service: what is due when after which beginning, and which of them begin again.

Days are the calendar's; a due day that is no working day moves to the next one, and the task is due at the end of that
day's working hours, in the service's wall time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from backend.settings import Settings
from backend.tasks.working_days import WorkingDays, england

Reckon = Callable[[Settings, WorkingDays, date], date]


@dataclass(frozen=True, slots=True)
class Clock:
    """`told` is the task in plain words; `again`: when it is done, the next one begins. `source` is the rule's."""

    told: str
    due: Reckon
    source: str
    urgency: str = "routine"
    again: bool = False


CLOCKS: Mapping[str, Clock] = {
    "first_attempt": Clock(
        "Try to reach them for the first time.",
        lambda settings, days, start: days.after(start, settings.service_working_days),
        "B1",
        "soon",
    ),
    "first_success": Clock(
        "Reach them. Trying again by another safe way is never too late.",
        lambda settings, days, start: days.after(start, settings.first_success_working_days),
        "G6",
        "soon",
    ),
    "assessment_review": Clock(
        "Look over the assessment together with them.",
        lambda settings, _days, start: start + timedelta(days=settings.assessment_review_days),
        "C1",
    ),
    "assessment": Clock(
        "The assessment is due, with its first case review.",
        lambda settings, _days, start: start + timedelta(days=settings.assessment_days),
        "C1, C3",
    ),
    "young_assessment": Clock(
        "The young person's assessment is due.",
        lambda settings, _days, start: start + timedelta(days=settings.young_assessment_days),
        "C4",
    ),
    "review": Clock(
        "A case review is due, with a line manager.",
        lambda settings, _days, start: in_months(start, settings.review_months),
        "C3",
        again=True,
    ),
    "phone_check_in": Clock(
        "Ring them, at a safe time, to hear how it goes.",
        lambda settings, _days, start: start + timedelta(days=settings.phone_check_in_days),
        "C14",
        again=True,
    ),
    "expected_end": Clock(
        "Support was expected to end about now. Talk over with them what comes next; nothing ends by itself.",
        lambda settings, _days, start: in_months(start, settings.support_months),
        "C19",
    ),
}
"""Every clock, by the kind of its task."""

OF_A_REFERRAL = ("first_attempt", "first_success")
OF_A_CASE = ("assessment_review", "assessment", "review", "phone_check_in", "expected_end")
OF_A_YOUNG_CASE = ("young_assessment", "review", "phone_check_in", "expected_end")


def due_at(kind: str, settings: Settings, since: datetime, days: WorkingDays | None = None) -> datetime:
    """When (UTC) a task of this kind is due that began at `since` (aware). Raises KeyError for an unknown kind."""
    days, where = days or england(), ZoneInfo(settings.time_zone)
    day = days.on_or_after(CLOCKS[kind].due(settings, days, since.astimezone(where).date()))
    return datetime.combine(day, settings.staffed_to, where).astimezone(UTC)


def in_months(day: date, count: int) -> date:
    """The same day so many months later, or the month's last day where it is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    first = day.replace(year=day.year + years, month=month + 1, day=1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
