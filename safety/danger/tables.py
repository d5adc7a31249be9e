"""Reads the word lists, the spelling and the rules of safety/danger/data, once."""

import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable

from safety.danger.normal import folded
from safety.danger.patterns import BEGINNING, END, Families, Pattern, Talk, Words, read_pattern, words_of
from safety.danger.spelling import Spelling
from safety.types import Level

_DATA = files("safety.danger").joinpath("data")
_NAME = re.compile(r"([a-z_]+): ")
COVERED, PAST = "covered", "past"
"""The kinds of rules that are no sign themselves: what they cover is in play; what stands near them is long over."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a rule file: what it says when it holds."""

    kind: str
    level: Level
    pattern: Pattern
    firm: bool
    """A rule marked ! is put aside neither by a joke or the past nor by the model."""
    name: str
    """How the model calls it: it stays the same for as long as the line does."""


@dataclass(frozen=True, slots=True)
class Tables:
    """All that reading needs, in memory."""

    families: Families
    talk: Talk
    classes: Mapping[str, str]
    """Words to the family that the model sees in their place."""
    spelling: Spelling
    rules: Mapping[str, tuple[Rule, ...]]
    """Each word that a rule can be anchored at, to the rules it anchors."""


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables, read on first use."""
    lists, ordinary = _toml("words.toml"), _toml("ordinary.toml")
    families = _families(ordinary["families"] + lists["families"])
    rules = [
        rule for path in _rule_files() for rule in _rules(tomllib.loads(folded(path.read_text("utf-8"))), families)
    ]
    talk = Talk(families["small"], families["filler"], families["denial"])
    order = (lists["classes"] + " " + ordinary["classes"]).split()
    classes = {word: f"@{name}" for name in reversed(order) for word in families[name]}
    return Tables(families, talk, classes, _spelling(families, rules), _by_anchor(rules))


def _toml(name: str) -> dict[str, str]:
    return tomllib.loads(_DATA.joinpath(name).read_text("utf-8"))


def _rule_files() -> list[Traversable]:
    return sorted(_DATA.joinpath("rules").iterdir(), key=lambda path: path.name)


def _families(text: str) -> Families:
    families: dict[str, Words] = {}
    for name, items in _lines(text):
        families[name] = frozenset().union(*(words_of(item, families) for item in items.split()))
    return families


def _rules(content: dict[str, str], families: Families) -> Iterator[Rule]:
    kind = content.pop("kind")
    words = lru_cache(maxsize=None)(partial(words_of, families=families))
    for level, lines in content.items():
        for line in lines.splitlines():
            if line and not line.startswith("#"):
                pattern = read_pattern(line.removeprefix("! "), words, families["common"])
                name = f"!{zlib.crc32(f'{kind} {level} {line}'.encode()):x}"
                yield Rule(kind, Level(level), pattern, line.startswith("! "), name)


def _by_anchor(rules: list[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for word in rule.pattern.anchor:
            found.setdefault(word, []).append(rule)
    return {word: tuple(each) for word, each in found.items()}


def _spelling(families: Families, rules: list[Rule]) -> Spelling:
    content = _toml("spelling.toml")
    table = {typed: tuple(meant.split()) for meant, each in _lines(content["words"]) for typed in each.split()}
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for left, right in _lines(content["phrases"]):
        first, *rest = left.split()
        phrases.setdefault(first, []).append((tuple(rest), tuple(right.split())))
    emoji = {sign: meant for meant, signs in _lines(content["emoji"]) for sign in signs.split()}
    keys = frozenset(content["keys"].split())
    known = frozenset(content["real"].split()).union(keys, *families.values(), *(_all_words(rule) for rule in rules))
    return Spelling(
        table,
        {first: tuple(sorted(each, key=lambda pair: -len(pair[0]))) for first, each in phrases.items()},
        emoji,
        re.compile("|".join(map(re.escape, emoji))),
        known - {BEGINNING, END},
        keys,
        dict(_shortened(keys)),
    )


def _all_words(rule: Rule) -> Words:
    pattern = rule.pattern
    return pattern.anchor.union(pattern.unless, *(step.words for step in (*pattern.before, *pattern.after)))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """What stands before and after the first colon of each line; an indented line goes on with the one before."""
    for line in text.replace("\n  ", " ").splitlines():
        left, mark, right = line.partition(": ")
        if mark:
            yield left, right


def _shortened(keys: Words) -> Iterator[tuple[str, str]]:
    for key in sorted(keys):
        yield from ((key[:at] + key[at + 1 :], key) for at in range(1, len(key)))
    yield from ((key, key) for key in keys)
