"""How practitioners are woken, and how they log in."""

from datetime import timedelta

from pydantic import Field

from backend.settings.section import Section


class DeskSettings(Section):
    """How practitioners are woken, and how they log in."""

    title = "The desk and its alerts"

    alert_repeat_urgent_minutes: int = Field(
        2, ge=1, le=60, description="Minutes between urgent alerts until somebody acknowledges (R32).", examples=["2"]
    )
    alert_repeat_soon_minutes: int = Field(
        15, ge=1, le=240, description="The same for what is to be read soon.", examples=["15"]
    )
    alert_repeat_routine_minutes: int = Field(
        240, ge=5, le=1440, description="The same for what can wait.", examples=["240"]
    )
    dead_channel_minutes: int = Field(
        2,
        ge=1,
        le=30,
        description="Minutes within which the desk shows that messages of a channel do not go out (R32).",
        examples=["2"],
    )
    staff_idle_minutes: int = Field(
        30,
        ge=5,
        le=240,
        description="Minutes without a press after which the desk asks for the password again.",
        examples=["30"],
    )
    staff_session_hours: int = Field(
        12, ge=1, le=24, description="Hours after which it asks in any case.", examples=["12"]
    )
    staff_login_tries: int = Field(
        5,
        ge=3,
        le=20,
        description="Wrong passwords in a row before an account is locked, one minute at first.",
        examples=["5"],
    )
    staff_lock_minutes: int = Field(
        15,
        ge=1,
        le=240,
        description="The longest that wrong passwords lock an account; each further one doubles the time.",
        examples=["15"],
    )

    def alert_repeat(self, urgency: str) -> timedelta:
        """How long an alert of that urgency waits for an acknowledgement before it is sent again (R32)."""
        minutes = {"urgent": self.alert_repeat_urgent_minutes, "soon": self.alert_repeat_soon_minutes}
        return timedelta(minutes=minutes.get(urgency, self.alert_repeat_routine_minutes))
