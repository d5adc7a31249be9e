"""By when practitioners have to do what (domain B1, C1-C4, C14, C19)."""

from pydantic import Field

from backend.settings.section import Section


class ClockSettings(Section):
    """By when practitioners have to do what (domain B1, C1-C4, C14, C19)."""

    title = "Clocks of the work"

    first_success_working_days: int = Field(
        5, ge=1, le=60, description="Working days within which somebody should be reached (G6).", examples=["5"]
    )
    assessment_review_days: int = Field(
        21, ge=1, le=365, description="Days after which the joint review of an assessment is due (C1).", examples=["21"]
    )
    assessment_days: int = Field(
        28,
        ge=1,
        le=365,
        description="Days that an assessment takes, with the first case review (C1, C3).",
        examples=["28"],
    )
    young_assessment_days: int = Field(
        14, ge=1, le=365, description="The same for children and young people (C4).", examples=["14"]
    )
    review_months: int = Field(2, ge=1, le=12, description="Months between case reviews (C3).", examples=["2"])
    support_months: int = Field(
        6,
        ge=1,
        le=60,
        description="Months after which support is expected to end, and is talked over (C19).",
        examples=["6"],
    )
    phone_check_in_days: int = Field(
        14, ge=1, le=60, description="Days between phone check-ins by a practitioner (C14, G3).", examples=["14"]
    )
