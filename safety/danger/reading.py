"""From the words of a message to the signs in it: the rules that hold, what softens them, and what the model says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from safety.danger.features import features
from safety.danger.model import WINDOW, Model, Scores
from safety.danger.network import Network
from safety.danger.patterns import BEGINNING, END, ENDS, spans
from safety.danger.softening import softened
from safety.danger.tables import COVERED, PAST, Rule, Tables
from safety.danger.thresholds import Thresholds
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
    pasts = [first for rule, first, _ in found if rule.kind == PAST]
    return [
        Holding(
            rule,
            Level.NONE
            if _is_covered(rule, first, last, covers)
            else softened(rule, tokens, first, last, pasts, tables),
            *_within(tokens, first, last, tables),
        )
        for rule, first, last in found
    ]


def _within(tokens: Sequence[str], first: int, last: int, tables: Tables) -> tuple[int, int]:
    """The stretch without the ends of the message and the small words beside them, counted from the first word."""
    aside = tables.talk.filler | ENDS
    if tokens[last] == END:
        last = next((at for at in range(last, first, -1) if tokens[at] not in aside), first)
    if tokens[first] == BEGINNING:
        first = next((at for at in range(first, last) if tokens[at] not in aside), last)
    return max(first - 1, 0), max(min(last, len(tokens) - 2) - 1, 0)


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


class Part(NamedTuple):
    """A stretch of a message that is a sign: from the word `first` to the word `last`."""

    kind: str
    level: Level
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """The level of a message and the parts of it that led there, gravest first."""

    level: Level
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Judge:
    """What was learned from labelled messages, and where the lines lie."""

    model: Model
    network: Network
    lines: Thresholds

    def scores(self, words: Sequence[str], held: Sequence[Holding], tables: Tables) -> Scores:
        """The scores of the model and of the network added."""
        return self.model.scores(seen(words, held, tables), words).with_more(*self.network.scores(words))

    def doubts(self, rule: Rule, urgent: float) -> bool:
        """Whether this rule is not simply believed.

        A firm rule and one newer than the model always are; one that was never wrong is unless the score speaks
        clearly against it.
        """
        if rule.firm or not self.model.knows(rule.name):
            return False
        return rule.name not in self.model.trusted or urgent < self.lines.trusted

    def sure(self, scores: Scores) -> Level:
        """The level that the scores alone give."""
        if scores.urgent > self.lines.sure[0]:
            return Level.URGENT
        return Level.CONCERN if scores.raised > self.lines.sure[1] else Level.NONE

    def believed(self, by_rules: Sequence[Holding], scores: Scores) -> Level:
        """The level that the rules give, the gravest first, as far as they are believed."""
        undoubted = {each.level for each in by_rules if not self.doubts(each.rule, scores.urgent)}
        levels = [each.level for each in by_rules]
        if Level.URGENT in undoubted or (Level.URGENT in levels and scores.urgent > self.lines.doubt[0]):
            return Level.URGENT
        lenience = self.lines.lenience if Level.CONCERN in levels else 0.0
        grave = GRAVITY[levels[0]] > 1 if levels else False
        if Level.CONCERN in undoubted or (grave and scores.raised > self.lines.doubt[1] - lenience):
            return Level.CONCERN
        return Level.DISCLOSURE if levels else Level.NONE


def judged(words: Sequence[str], tables: Tables, judge: Judge) -> Judgement:
    """The judgement on these words.

    A rule that holds is believed unless the scores doubt it, for they know in which company a rule is right; what no
    rule holds for is grave when they are sure.
    """
    held = holding(words, tables)
    by_rules = sorted((each for each in held if each.level is not Level.NONE), key=lambda each: -GRAVITY[each.level])
    scores = judge.scores(words, held, tables)
    alone = Level.NONE if _is_softened(by_rules) else judge.sure(scores)
    level = max((judge.believed(by_rules, scores), alone), key=GRAVITY.__getitem__)
    parts = [Part(each.rule.kind, each.level, each.first, each.last) for each in by_rules]
    if GRAVITY[level] > 1 and not parts:
        parts = [Part(UNNAMED, level, scores.first, min(scores.first + WINDOW, len(words)) - 1)]
    return Judgement(level, tuple(parts))


def _is_softened(by_rules: Sequence[Holding]) -> bool:
    """Whether an urgent rule holds and was lowered to a concern; the model knows nothing of the past, nor of others."""
    return bool(by_rules) and by_rules[0].level is Level.CONCERN and by_rules[0].rule.level is not Level.CONCERN
