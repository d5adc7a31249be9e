"""How long a talk, an answer, an agreement and an enquiry last."""

from pydantic import Field

from backend.settings.section import Section


class TalkSettings(Section):
    """How long a talk, an answer, an agreement and an enquiry last."""

    title = "Talks"

    session_minutes: int = Field(
        60, ge=5, le=1440, description="Silence after which a talk by text is a new session (R12).", examples=["60"]
    )
    web_idle_minutes: int = Field(
        15, ge=2, le=120, description="Silence after which a web chat ends (R21).", examples=["15"]
    )
    reply_minutes: int = Field(
        10,
        ge=1,
        le=60,
        description="How long after somebody's message an answer still belongs to it (R2).",
        examples=["10"],
    )
    fragment_seconds: float = Field(
        4,
        ge=0,
        le=30,
        description="How long a text message waits for more of the same answer; 0: each is an answer by itself.",
        examples=["4"],
    )
    enquiry_days: int = Field(
        30, ge=1, le=365, description="Days that a talk without a referral is kept (R36).", examples=["30"]
    )
    safe_contact_days: int = Field(
        28, ge=1, le=365, description="Days that safe-contact answers hold (R10).", examples=["28"]
    )
    pending_days: int = Field(
        14, ge=1, le=60, description="Days that a change waits for its second route (R14).", examples=["14"]
    )
    recheck_times: int = Field(
        1,
        ge=0,
        le=3,
        description="How often we ask by ourselves, once the answers have expired, if contact is still safe (R10).",
        examples=["1"],
    )
    recheck_again_days: int = Field(
        7, ge=1, le=60, description="Days until we ask again when the answer was: another time (R10).", examples=["7"]
    )
    practitioner_message_hours: int = Field(
        96,
        ge=1,
        le=240,
        description="Hours after which an unsent practitioner's message is dropped (R8); a long weekend fits in.",
        examples=["96"],
    )
    exit_url: str = Field(
        "https://www.bbc.co.uk/weather",
        description="Where quick exit goes; an ordinary page that shows nothing personal.",
        examples=["https://www.bbc.co.uk/weather"],
    )
