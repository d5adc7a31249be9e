"""The little language the danger rules are written in, and how a rule is matched against the words of a message.

@he @hold ~ @blade          families (words.toml) and plain words, one after the other, over small words between
~   ~~                      up to two, up to six other words between; never over a "not"
a|b|@c   word?              one of several; may be missing
^ help $                    the beginning, the end; small words may stand between, but no gap reaches so far
... unless @errand          not when one of these words is near
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

BEGINNING, END = "^", "$"
"""The words that stand at both ends of every list of words that is matched."""
ENDS = frozenset((BEGINNING, END))

Words = frozenset[str]
Families = Mapping[str, Words]

GAPS = {"~": 2, "~~": 6}
COMPANY = 12
"""What a rule makes an exception for, and what softens it, stands no more than so many words away."""
SMALL_STEPS = 3
"""So many small words may be stepped over between two words of a rule."""


class Step(NamedTuple):
    """One word of a rule, reached over at most `gap` other words."""

    words: Words
    gap: int
    optional: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rule, split at its anchor, the rarest word it cannot do without: matching begins there and runs both ways."""

    text: str
    anchor: Words
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    unless: Words


@dataclass(frozen=True, slots=True)
class Talk:
    """The word lists every match needs: small words are stepped over, `filler` too on the way to the beginning or the
    end, and no gap runs over a `denial`."""

    small: Words
    filler: Words
    denial: Words


def words_of(item: str, families: Families) -> Words:
    """The words that `a|@b` stands for. Raises KeyError for a family that does not exist."""
    found: set[str] = set()
    for part in item.split("|"):
        found |= families[part[1:]] if part.startswith("@") else {part}
    return frozenset(found)


def read_pattern(text: str, words: Callable[[str], Words], common: Words) -> Pattern:
    """The rule that this line says; `words` gives those of an item, and `common` ones make a poor anchor."""
    body, _, exceptions = text.partition(" unless ")
    steps = list(_steps(body.split(), words))
    needed = [index for index, step in enumerate(steps) if not step.optional]
    at = min(needed, key=lambda index: _plainness(steps[index].words, common))
    unless = frozenset().union(*map(words, exceptions.split()))
    return Pattern(
        text,
        steps[at].words,
        tuple(_turned(steps[: at + 1])),
        tuple(steps[at + 1 :]),
        unless,
    )


def _steps(items: Sequence[str], words: Callable[[str], Words]) -> Iterator[Step]:
    gap = 0
    for item in items:
        if item in GAPS:
            gap = GAPS[item]
            continue
        yield Step(words(item.removesuffix("?")), gap, item.endswith("?"))
        gap = 0


def _turned(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps before the anchor, read from it backwards: a gap belongs to the word on its far side."""
    for index in range(len(steps) - 2, -1, -1):
        yield Step(steps[index].words, steps[index + 1].gap, steps[index].optional)


def _plainness(words: Words, common: Words) -> int:
    return len(words & common) * 1000 + len(words)


def spans(pattern: Pattern, tokens: Sequence[str], places: Iterable[int], talk: Talk) -> Iterator[tuple[int, int]]:
    """Where the rule holds, as first and last word; `places` are where words of its anchor stand."""
    for place in places:
        last = _walk(pattern.after, 0, tokens, place, 1, talk)
        first = None if last is None else _walk(pattern.before, 0, tokens, place, -1, talk)
        if last is not None and first is not None and pattern.unless.isdisjoint(around(tokens, first, last)):
            yield first, last


def around(tokens: Sequence[str], first: int, last: int) -> Sequence[str]:
    """The company of a stretch of words: itself and `COMPANY` words on either side."""
    return tokens[max(first - COMPANY, 0) : last + COMPANY + 1]


def _walk(steps: tuple[Step, ...], index: int, tokens: Sequence[str], at: int, way: int, talk: Talk) -> int | None:
    """The place of the last word when all steps from `index` on are found going one way from `at`, else None."""
    if index == len(steps):
        return at
    step, place, others, small = steps[index], at + way, 0, 0
    to_the_end = not ENDS.isdisjoint(step.words)
    while 0 <= place < len(tokens):
        word = tokens[place]
        if word in step.words and (others == 0 or word not in ENDS):
            end = _walk(steps, index + 1, tokens, place, way, talk)
            if end is not None:
                return end
        if to_the_end and word in talk.filler and word not in talk.denial:
            pass
        elif word in talk.small and small < SMALL_STEPS:
            small += 1
        elif others < step.gap and word not in talk.denial:
            others += 1
        else:
            break
        place += way
    return _walk(steps, index + 1, tokens, at, way, talk) if step.optional else None
