"""Choices as buttons or a list, where the service has made such content; else the numbers in the text stay.

A menu is a piece of content at Twilio with holes only: {{1}} is the question, {{2}} and on are the titles. In the
window it needs no approval. Limits, verify before use: three buttons of 20 characters, ten lines of 24.
"""

import json
from collections.abc import Mapping, Sequence

MOST_BUTTONS, LONGEST_BUTTON = 3, 20
MOST_LINES, LONGEST_LINE = 10, 24
LONGEST_QUESTION = 1024


def menu_name(choices: Sequence[str]) -> str:
    """The content that these choices need: `buttons_2`, `list_5`; empty: no content can hold them."""
    count, longest = len(choices), max(map(len, choices), default=0)
    if 0 < count <= MOST_BUTTONS and longest <= LONGEST_BUTTON:
        return f"buttons_{count}"
    return f"list_{count}" if 0 < count <= MOST_LINES and longest <= LONGEST_LINE else ""


def menu_fields(text: str, choices: Sequence[str], menus: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a message with a menu; none where there is no content for it, or its words do not fit."""
    question = _without_numbers(text, choices)
    sid = menus.get(menu_name(choices), "")
    # WhatsApp takes no line break inside a hole
    if not sid or "\n" in question or len(question) > LONGEST_QUESTION:
        return {}
    holes = {str(place): words for place, words in enumerate((question, *choices), start=1)}
    return {"content_sid": sid, "content_variables": json.dumps(holes, ensure_ascii=False)}


def _without_numbers(text: str, choices: Sequence[str]) -> str:
    """The question alone, where the numbered lines stand right behind it."""
    lines = "".join(f"\n{place} {title}" for place, title in enumerate(choices, start=1))
    return text.removesuffix(lines)
