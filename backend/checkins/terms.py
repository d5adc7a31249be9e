"""What was agreed about a plan beside its times: what it says and asks, and what is done when no answer comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backend.checkins.topics import ASKS, THEMES
from safety.outcomes import AgreedLadder


@dataclass(frozen=True, slots=True)
class Terms:
    """`ladder` None: what the safe-contact profile says about silence holds, and no more (domain T8)."""

    themes: tuple[str, ...] = THEMES
    asks: tuple[str, ...] = ASKS
    ladder: AgreedLadder | None = None


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """The terms as plain JSON values; a grace is in minutes."""
    ladder = terms.ladder
    steps = ladder and {
        "grace": ladder.grace // timedelta(minutes=1),
        "try_once_more": ladder.try_once_more,
        "tell_worker": ladder.tell_worker,
        "trusted_contact": ladder.trusted_contact,
        "police": ladder.police,
    }
    return {"themes": [*terms.themes], "asks": [*terms.asks], "ladder": steps}


def terms_from_json(value: Mapping[str, Any]) -> Terms:
    """The terms that were written; of a plan that has none, the ones that promise least. Raises ValueError, KeyError
    or TypeError if they are damaged."""
    steps = value.get("ladder")
    ladder = steps and AgreedLadder(**{**steps, "grace": timedelta(minutes=steps["grace"])})
    themes, asks = value.get("themes", THEMES), value.get("asks", ASKS)
    return Terms(tuple(themes), tuple(asks), ladder or None)
