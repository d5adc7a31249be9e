"""What the engine is told of a talk and of the house."""

from backend.conversations.talk import Talk
from backend.house import House
from backend.settings import Settings
from backend.staffing import is_staffed
from bot.contract import Facts, Json


def facts_for(house: House, talk: Talk, *, new_session: bool, fresh_code: str = "") -> Facts:
    """What the engine may know about this talk and the house in this step."""
    settings = house.settings
    return Facts(
        channel=talk.channel,
        naming=talk.contact().naming,
        verified=talk["verified_at"] is not None,
        new_session=new_session,
        staffed=is_staffed(settings, house.clock()),
        fresh_code=fresh_code,
        word_agreed=talk["code_word"] is not None,
        service=service_facts(settings),
    )


def service_facts(settings: Settings) -> dict[str, Json]:
    """The settings that words may use."""
    return {
        "name": settings.service_name,
        "hours": settings.service_hours,
        "working_days": settings.service_working_days,
        "enquiry_days": settings.enquiry_days,
    }
