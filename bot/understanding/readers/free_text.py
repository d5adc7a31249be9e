"""Anything at all, as it was written."""

from bot.understanding.types import Asked, Reading


def read_free_text(asked: Asked, text: str) -> Reading | None:
    """The text without the space around it; None when nothing is left."""
    words = text.strip()
    return Reading(words, 1.0, words) if words else None
