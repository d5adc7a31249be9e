"""From the words of a message to the signs in it: the rules that hold, what softens them, and what the model says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safety.danger.features import features
from safety.danger.model import WINDOW, Model, Scores
from safety.danger.patterns import BEGINNING, END, spans
from safety.danger.softening import softened
from safety.danger.tables import COVERED, Rule, Tables
from safety.types import Level

UNNAMED = "unnamed"
"""The kind of what only the model found."""
GRAVITY = {Level.NONE: 0, Level.DISCLOSURE: 1, Level.CONCERN: 2, Level.URGENT: 3}


@dataclass(frozen=True, slots=True)
class Holding:
    """A rule that holds from the word `first` to the word `last`; what is left of its level in this message."""

    rule: Rule
    level: Level
    first: int
    last: int


def holding(words: Sequence[str], tables: Tables) -> list[Holding]:
    """Every rule that holds in these words, the softened and covered ones with the level NONE."""
    tokens = [BEGINNING, *words, END]
    found = list(_holding(tokens, tables))
    covers = [set(range(first, last + 1)) for rule, first, last in found if rule.kind == COVERED]
    return [
        Holding(
            rule,
            Level.NONE if _is_covered(rule, first, last, covers) else softened(rule, tokens, first, last, tables),
            max(first - 1, 0),
            min(last - 1, len(words) - 1),
        )
        for rule, first, last in found
    ]


def _is_covered(rule: Rule, first: int, last: int, covers: list[set[int]]) -> bool:
    return not rule.firm and any(not cover.isdisjoint(range(first, last + 1)) for cover in covers)


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


def seen(words: Sequence[str], held: Sequence[Holding], tables: Tables) -> Iterator[tuple[int, str]]:
    """The features of a message: its words and the rules that hold in it."""
    yield from features(words, tables)
    for each in held:
        yield each.first + 1, each.rule.name
        if each.level is not Level.NONE:
            yield each.first + 1, f"!{each.level}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The level of a message and the parts of it that led there, gravest first: kind, first and last word."""

    level: Level
    parts: tuple[tuple[str, int, int], ...] = ()


def judged(words: Sequence[str], tables: Tables, model: Model) -> Judgement:
    """The judgement on these words.

    A rule that holds is believed unless the model doubts it, for the model knows in which company a rule is right; what
    no rule holds for is grave when the model is sure. A firm rule, and one newer than the model, is not doubted.
    """
    held = holding(words, tables)
    by_rules = sorted((each for each in held if each.level is not Level.NONE), key=lambda each: -GRAVITY[each.level])
    scores = model.scores(seen(words, held, tables), words)
    level = max((_believed(by_rules, scores, model), _sure(scores, model)), key=GRAVITY.__getitem__)
    parts = [(each.rule.kind, each.first, each.last) for each in by_rules]
    if GRAVITY[level] > 1 and not parts:
        parts = [(UNNAMED, scores.first, min(scores.first + WINDOW, len(words)) - 1)]
    return Judgement(level, tuple(parts))


def _believed(by_rules: Sequence[Holding], scores: Scores, model: Model) -> Level:
    undoubted = [each.level for each in by_rules if each.rule.firm or not model.knows(each.rule.name)]
    levels = [each.level for each in by_rules]
    if Level.URGENT in undoubted or (Level.URGENT in levels and scores.urgent > model.doubt[0]):
        return Level.URGENT
    grave = GRAVITY[levels[0]] > 1 if levels else False
    if Level.CONCERN in undoubted or (grave and scores.raised > model.doubt[1]):
        return Level.CONCERN
    return Level.DISCLOSURE if levels else Level.NONE


def _sure(scores: Scores, model: Model) -> Level:
    if scores.urgent > model.sure[0]:
        return Level.URGENT
    return Level.CONCERN if scores.raised > model.sure[1] else Level.NONE
