"""What the service is called, when its practitioners work, and which clock it lives by."""

from datetime import time
from functools import cache
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from backend.settings.section import Section

_zones = cache(available_timezones)
"""Looked up in the folder of zones once: many hundred files."""


class ServiceSettings(Section):
    """What the service is called, when its practitioners work, and which clock it lives by."""

    title = "The service"

    service_name: str = Field(
        "", description="The service's name, shown only where a person chose naming (R1).", examples=["Harbour Project"]
    )
    service_naming_words: str = Field(
        "",
        description="More words, with commas, that must not go out where naming is off (R1).",
        examples=["harbour project,harbour"],
    )
    service_hours: str = Field(
        "Mon to Fri, 9am to 5pm",
        max_length=24,
        description="When practitioners work, as told to people (R30); 24 characters, or texts need a second segment.",
        examples=["Mon to Fri, 9am to 5pm"],
    )
    staffed_days: frozenset[int] = Field(
        frozenset(range(5)),
        description="Days on which practitioners work, 0 is Monday; must agree with SERVICE_HOURS.",
        examples=["[0,1,2,3,4]"],
    )
    staffed_from: time = Field(
        time(9), description="When their day begins, wall time of the service.", examples=["09:00"]
    )
    staffed_to: time = Field(time(17), description="When it ends.", examples=["17:00"])
    service_working_days: int = Field(
        5, ge=1, le=30, description="Working days within which we try to make contact (B1).", examples=["5"]
    )
    time_zone: str = Field(
        "Europe/London", description="Wall time of people who did not name another.", examples=["Europe/London"]
    )

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in _zones():
            raise ValueError("must be the name of a time zone")
        return value
