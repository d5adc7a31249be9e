"""From the words of a message to the signs in it: rules that hold, and what softens them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safety.danger.patterns import BEGINNING, END, spans
from safety.danger.softening import softened
from safety.danger.tables import COVERED, Rule, Tables
from safety.types import Level


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds from the word `first` to the word `last`, and the level that is left after softening."""

    rule: Rule
    level: Level
    first: int
    last: int


def hits(words: Sequence[str], tables: Tables) -> list[Hit]:
    """The rules that hold in these words and are not put aside."""
    tokens = [BEGINNING, *words, END]
    found = list(_holding(tokens, tables))
    covers = [set(range(first, last + 1)) for rule, first, last in found if rule.kind == COVERED]
    return [
        Hit(rule, level, max(first - 1, 0), min(last - 1, len(words) - 1))
        for rule, first, last in found
        if rule.kind != COVERED
        and (rule.firm or not any(cover.intersection(range(first, last + 1)) for cover in covers))
        and (level := softened(rule, tokens, first, last, tables)) is not Level.NONE
    ]


def _holding(tokens: list[str], tables: Tables) -> Iterator[tuple[Rule, int, int]]:
    places: dict[int, list[int]] = {}
    rules: dict[int, Rule] = {}
    for place, token in enumerate(tokens):
        for rule in tables.rules.get(token, ()):
            rules[id(rule)] = rule
            places.setdefault(id(rule), []).append(place)
    for key, rule in rules.items():
        for first, last in spans(rule.pattern, tokens, places[key], tables.talk):
            yield rule, first, last
