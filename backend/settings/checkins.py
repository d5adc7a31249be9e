"""Check-ins, daily texts, appointments and their reminders."""

from pydantic import Field, field_validator

from backend.settings.section import Section


class CheckInSettings(Section):
    """Check-ins, daily texts, appointments and their reminders."""

    title = "Check-ins, appointments and reminders"

    check_in_minutes: int = Field(
        120,
        ge=1,
        le=1440,
        description="Minutes after its time in which a check-in or daily text may still go; later it is dropped (R8).",
        examples=["120"],
    )
    check_in_grace_minutes: int = Field(
        60,
        ge=5,
        le=10080,
        description="Minutes that somebody has to answer a check-in before an agreed step, where none was agreed (T8).",
        examples=["60"],
    )
    reminder_leads: tuple[int, ...] = Field(
        (1440, 120),
        description="Minutes before an appointment at which a reminder is proposed; whole days keep the wall time.",
        examples=["[1440,120]"],
    )
    call_ahead_minutes: int = Field(
        15,
        ge=5,
        le=120,
        description="Minutes before a call at which a text asks whether it suits (D1).",
        examples=["15"],
    )
    reminder_minutes: int = Field(
        720,
        ge=1,
        le=2880,
        description="Minutes for which a reminder may wait for safe hours; after that it is dropped (R7, R8).",
        examples=["720"],
    )
    travel_minutes: int = Field(
        30,
        ge=0,
        le=240,
        description="Minutes that a practitioner needs between two places; with less the desk warns.",
        examples=["30"],
    )
    calendar_title: str = Field(
        "Appointment",
        max_length=40,
        description="What every entry of a calendar feed is called; it holds nothing else about anybody.",
        examples=["Busy"],
    )

    @field_validator("reminder_leads")
    @classmethod
    def _are_leads(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(value)) != len(value) or not all(5 <= lead <= 20160 for lead in value):
            raise ValueError("must be minutes from 5 to 20160, none twice")
        return tuple(sorted(value, reverse=True))
