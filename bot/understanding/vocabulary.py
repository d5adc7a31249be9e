"""Word lists as they are easiest to read and to add to: words with a space between them."""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def word_list(text: str) -> tuple[str, ...]:
    """The words of a text, in order."""
    return tuple(text.split())


def by_spelling(spellings: Mapping[T, str]) -> dict[str, T]:
    """What each word stands for, from the words for each thing."""
    return {word: thing for thing, text in spellings.items() for word in text.split()}
