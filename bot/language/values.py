"""What a slot takes: every value passes here before it is kept, wherever it comes from."""

from typing import Final

from bot.contract import Json
from bot.language.models import Slot

_TRUE: Final = frozenset({"true", "yes", "1", "1.0"})
_FALSE: Final = frozenset({"false", "no", "0", "0.0"})


class WrongValueError(Exception):
    """The slot does not take this value; the text says what it takes and holds nothing that somebody wrote."""


def coerce(slot: Slot, value: Json) -> Json:
    """`value` in the slot's type; null always passes. Raises WrongValueError."""
    if value is None:
        return None
    match slot.kind:
        case "bool":
            return _flag(value)
        case "float":
            return _number(slot, value)
        case "categorical" | "strict_categorical":
            return _member(slot, value)
        case "text":
            return _text(value)
        case "list":
            return _list(slot, value)
    return value


def _text(value: Json) -> str:
    if isinstance(value, list | dict):
        raise WrongValueError("it takes text")
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else f"{value:g}"


def _flag(value: Json) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value == 1
    written = str(value).strip().lower()
    if written in _TRUE:
        return True
    if written in _FALSE:
        return False
    raise WrongValueError("it takes true or false")


def _number(slot: Slot, value: Json) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # lists and maps raise TypeError, which is caught
    except (TypeError, ValueError):
        raise WrongValueError("it takes a number") from None
    low, high = slot.minimum, slot.maximum
    if number != number or (low is not None and number < low) or (high is not None and number > high):
        raise WrongValueError(f"it takes a number from {low} to {high}")
    return number


def _member(slot: Slot, value: Json) -> Json:
    written = str(value).strip().casefold()
    for allowed in slot.values:
        if str(allowed).casefold() == written:
            return allowed
    raise WrongValueError(f"it takes one of {', '.join(map(str, slot.values))}")


def _list(slot: Slot, value: Json) -> list[Json]:
    items: list[Json] = value if isinstance(value, list) else [value]
    return [_member(slot, item) for item in items] if slot.values else items
