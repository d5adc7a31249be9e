"""What the model looks at: the words of a message one, two and three at a time, as they are and by their family."""

from collections.abc import Iterator, Sequence

from safety.danger.patterns import BEGINNING, END
from safety.danger.tables import Tables

PIECE = 4
"""Letters in a piece of a word that the model does not know."""


def features(words: Sequence[str], tables: Tables) -> Iterator[tuple[int, str]]:
    """Each feature with the place of the word where it begins, counted from the mark before the first word."""
    tokens = [BEGINNING, *words, END]
    yield from _runs(tokens, range(len(tokens)), "")
    small = tables.talk.small
    kept = [place for place, token in enumerate(tokens) if token not in small]
    classes = tables.classes
    yield from _runs([classes.get(tokens[place], tokens[place]) for place in kept], kept, "~")


def _runs(tokens: Sequence[str], places: Sequence[int], mark: str) -> Iterator[tuple[int, str]]:
    """Runs of one, two and three; by family also pairs with one and with two words left out."""
    last = len(tokens)
    for at, token in enumerate(tokens):
        place = places[at]
        yield place, mark + token
        if at + 1 == last:
            return
        two = f"{mark}{token} {tokens[at + 1]}"
        yield place, two
        if at + 2 < last:
            yield place, f"{two} {tokens[at + 2]}"
            if mark:
                yield place, f"{mark}{token} _ {tokens[at + 2]}"
                if at + 3 < last:
                    yield place, f"{mark}{token} __ {tokens[at + 3]}"


def pieces(word: str) -> Iterator[str]:
    """The pieces of a word that the model does not know as a whole."""
    whole = f"<{word}>"
    return (f"#{whole[at : at + PIECE]}" for at in range(len(whole) - PIECE + 1))
