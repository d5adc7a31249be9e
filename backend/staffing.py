"""Whether practitioners are working at an instant, so that what a person is told about waiting is true (R30, R32)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from backend.settings import Settings


def is_staffed(settings: Settings, now: datetime) -> bool:
    """Whether `now` (UTC) falls into the service's working hours, in its wall time."""
    local = now.astimezone(ZoneInfo(settings.time_zone))
    return local.weekday() in settings.staffed_days and settings.staffed_from <= local.time() < settings.staffed_to
