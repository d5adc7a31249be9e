"""WhatsApp by Twilio: the sender, the approved templates and the menus."""

import re
from collections.abc import Callable

from pydantic import Field, ValidationInfo, field_validator

from backend.settings.section import Section
from backend.settings.twilio import leave_room_for_two_calls
from safety.types import Kind
from safety.whatsapp import TEMPLATES

CONTENT_SID = re.compile(r"HX[0-9a-fA-F]{32}")
MENU = re.compile(r"buttons_[1-3]|list_(?:[1-9]|10)")


class WhatsAppSection(Section):
    """WhatsApp by Twilio, over the account above."""

    title = "WhatsApp"

    twilio_whatsapp_from: str = Field(
        "",
        description="The WhatsApp sender, as +44...; empty: no WhatsApp. Its display name shows on every phone.",
        examples=["+447700900000"],
    )
    whatsapp_templates: str = Field(
        "",
        description="Approved templates, with commas: practitioner, reminder, check_in, recheck. Without one, nothing "
        "of that kind goes after 24 hours (R26).",
        examples=["practitioner=HX0123456789abcdef0123456789abcdef"],
    )
    whatsapp_menus: str = Field(
        "",
        description="Content with holes for choices: buttons_1 to buttons_3, list_1 to list_10. Without it, numbers.",
        examples=["buttons_2=HX0123456789abcdef0123456789abcdef"],
    )

    @field_validator("whatsapp_templates")
    @classmethod
    def _known_kinds(cls, value: str, info: ValidationInfo) -> str:
        _refuse_unknown(value, lambda name: name in {kind.value for kind in TEMPLATES})
        if value:  # whether a template may go is asked first
            leave_room_for_two_calls(info.data)
        return value

    @field_validator("whatsapp_menus")
    @classmethod
    def _known_menus(cls, value: str) -> str:
        _refuse_unknown(value, lambda name: MENU.fullmatch(name) is not None)
        return value

    @property
    def whatsapp_template_sids(self) -> dict[str, str]:
        """The content id of each template, by kind of message."""
        return _pairs(self.whatsapp_templates)

    @property
    def whatsapp_menu_sids(self) -> dict[str, str]:
        """The content id of each menu, by its name."""
        return _pairs(self.whatsapp_menus)

    @property
    def whatsapp_kinds(self) -> frozenset[Kind]:
        """The kinds of message that have a template."""
        return frozenset(map(Kind, self.whatsapp_template_sids))


def _pairs(value: str) -> dict[str, str]:
    parts = (part.partition("=") for part in value.split(",") if part.strip())
    return {name.strip(): sid.strip() for name, _, sid in parts}


def _refuse_unknown(value: str, known: Callable[[str], object]) -> None:
    for name, sid in _pairs(value).items():
        if not known(name):
            raise ValueError(f"{name!r} is no name for content")
        if not CONTENT_SID.fullmatch(sid):
            raise ValueError(f"the content id of {name!r} is not HX and 32 hex digits")
