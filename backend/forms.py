"""What the desk's forms about one person share: why one cannot be read, and what stands in its fields."""

from datetime import date


class FormError(Exception):
    """A form cannot be read, or a press cannot be carried out; its text is a code of the page's own PROBLEMS."""


def read_day(text: str) -> date | None:
    """A day as a browser sends it, such as 2026-03-04; None: the field is empty. Raises ValueError."""
    return date.fromisoformat(text) if text else None
