"""What the operators of a condition mean. Comparing what cannot be compared raises TypeError: then all is false."""

import operator
import re
from collections.abc import Callable
from typing import Any, Final

from bot.contract import Json


class _Undefined:
    """A name that is not declared. Equal only to itself and to `empty`; false."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "undefined"


class _Empty:
    """Equal to whatever has no length: an empty text, list or set; and to `undefined`; false."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "empty"


UNDEFINED: Final = _Undefined()
EMPTY: Final = _Empty()

Value = Json | _Undefined | _Empty | frozenset[Any]


def equal(left: Value, right: Value) -> bool:
    """`=` and `is`: by value and case-sensitive; numbers are equal whatever their type; a list never equals a set."""
    if left is EMPTY or right is EMPTY:
        other = right if left is EMPTY else left
        return other is EMPTY or other is UNDEFINED or (isinstance(other, str | list | dict | frozenset) and not other)
    return left == right


def unequal(left: Value, right: Value) -> bool:
    """`!=` and `is not`."""
    return not equal(left, right)


def contains(left: Value, right: Value) -> bool:
    """Whether a list, set or text has `right` in it. Raises TypeError for a text and a number."""
    return isinstance(left, str | list | dict | frozenset) and right in left


def _ordered(compare: Callable[[Any, Any], Any]) -> Callable[[Value, Value], bool]:
    def ordered(left: Value, right: Value) -> bool:
        absent = isinstance(left, _Undefined | _Empty) or isinstance(right, _Undefined | _Empty)
        return not absent and bool(compare(left, right))

    return ordered


COMPARE: Final[dict[str, Callable[[Value, Value], bool]]] = {
    "=": equal,
    "==": equal,
    "!=": unequal,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "contains": contains,
}


def matcher(pattern: str) -> Callable[[Value], bool]:
    """A test of whether a text has `pattern` somewhere in it. Raises re.error."""
    search = re.compile(pattern).search
    return lambda value: isinstance(value, str) and search(value) is not None
