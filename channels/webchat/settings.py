"""What a service may set about its web chat."""

from dataclasses import dataclass
from typing import Literal

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})
"""Languages whose usual script runs from right to left."""


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """The defaults suit a service in the United Kingdom behind HTTPS."""

    exit_url: str = "https://www.bbc.co.uk/weather"
    """Where leaving leads: an ordinary page that shows nothing of the person who opens it (domain 2.2)."""
    cookie_secure: bool = True
    """False only where there is no HTTPS, on the developer's own machine; the cookie then loses its `__Host-` name."""
    public_origin: str = ""
    """Such as `https://chat.example.org`, for a proxy that changes the Host header; empty: the Host header is right."""
    idle_minutes: int = 15
    """A chat ends after this many minutes without the person (R21); they are warned two minutes before."""
    keep_days: int = 30
    """How long an enquiry that became nothing is kept (R36); told on the page."""
    demo: bool = False
    """Say on every page that this is a try-out."""
    language: str = "en"
    """Of the words on the page, as in `lang`; its direction follows."""

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the page runs."""
        return "rtl" if self.language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"

    @property
    def cookie_name(self) -> str:
        """A name that means nothing; `__Host-` binds it to this host, to HTTPS and to the whole path."""
        return "__Host-s" if self.cookie_secure else "s"
