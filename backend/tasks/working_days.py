"""Working days in England: Monday to Friday without bank holidays, by GOV.UK's own list."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from backend.settings import Settings

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """`known_until` is the last day of the list; after it only weekends are left out, and `doctor` says so."""

    holidays: frozenset[date]
    known_until: date

    def is_one(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day.weekday() < 5 and day not in self.holidays

    def after(self, day: date, count: int) -> date:
        """The working day that is so many after `day`; a day that is none counts as the last one before it."""
        while count > 0:
            day += DAY
            count -= self.is_one(day)
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return day if self.is_one(day) else self.after(day, 1)


@lru_cache(maxsize=1)
def england() -> WorkingDays:
    """The list that came with the package; nothing is asked of the network."""
    from govuk_bank_holidays.bank_holidays import BankHolidays  # brings a client for the network, which costs 17 MB

    listed = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    days = frozenset(holiday["date"] for holiday in listed)
    return WorkingDays(days, date(max(days).year, 12, 31))


def next_working_end(settings: Settings, now: datetime) -> datetime:
    """The end (UTC) of the working hours of the next working day after `now` (aware), in the service's wall time."""
    where = ZoneInfo(settings.time_zone)
    day = england().after(now.astimezone(where).date(), 1)
    return datetime.combine(day, settings.staffed_to, where).astimezone(UTC)
