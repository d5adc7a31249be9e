"""Check-ins, daily texts and reminders."""

from pydantic import Field

from backend.settings.section import Section


class CheckInSettings(Section):
    """Check-ins, daily texts and reminders."""

    title = "Check-ins and reminders"

    check_in_minutes: int = Field(
        120,
        ge=1,
        le=1440,
        description="Minutes after its time in which a check-in or daily text may still go; later it is dropped (R8).",
        examples=["120"],
    )
