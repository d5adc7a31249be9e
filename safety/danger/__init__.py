"""Danger signs (R29): what danger a message tells of, how grave it is, and the words that led there.

The one convention here: what counts as danger is said in the files of `data`, never in code; the code only reads them.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from safety.danger.model import model
from safety.danger.network import network
from safety.danger.normal import Plain, plain_words
from safety.danger.reading import GRAVITY, Judge, Judgement, judged
from safety.danger.tables import tables
from safety.danger.thresholds import thresholds
from safety.types import Level, Signs

__all__ = ["read_signs"]

LONGEST_FRAGMENT = 4
"""Words. Only short messages are read as pieces of one sentence; a longer one speaks for itself."""


def read_signs(text: str, recent: Sequence[str] = ()) -> Signs:
    """The signs in `text`; `recent` holds the messages before it, so that danger told in fragments is found.

    1. Put the typing right.  2. Judge this message.  3. Judge it with the short messages before it, one more at a
    time: danger counts that only shows when they are read together.
    """
    plain = plain_words(text, tables().spelling)
    if not plain.words:
        return Signs()
    found = _signs(plain, _judged(plain))
    if found.level is Level.URGENT:
        return found
    return max((found, *_with_fragments(plain, recent)), key=lambda signs: GRAVITY[signs.level])


@lru_cache(maxsize=1)
def judge() -> Judge:
    """What was learned, read on first use."""
    return Judge(model(), network(), thresholds())


def _judged(plain: Plain) -> Judgement:
    return judged(plain.words, tables(), judge())


def _signs(plain: Plain, judgement: Judgement) -> Signs:
    kinds = tuple(dict.fromkeys(part.kind for part in judgement.parts))
    typed = (plain.typed(part.first, part.last) for part in judgement.parts)
    return Signs(judgement.level, kinds, tuple(dict.fromkeys(typed)))


def _with_fragments(plain: Plain, recent: Sequence[str]) -> Iterator[Signs]:
    """The signs in this message and the ones before it, as far back as they are short."""
    before: list[str] = []
    for earlier in reversed(recent if len(plain.words) <= LONGEST_FRAGMENT else ()):
        if len(earlier.split()) > LONGEST_FRAGMENT:
            return
        before.insert(0, earlier)
        together = plain_words(" ".join((*before, *plain.pieces)), tables().spelling)
        judgement = _judged(together)
        if _is_news(judgement, len(together.words) - len(plain.words), before):
            yield _signs(together, judgement)


def _is_news(judgement: Judgement, begin: int, before: Sequence[str]) -> bool:
    """Whether the gravity comes from reading on into the last message, which begins at the word `begin`."""
    if any(part.level is judgement.level and part.first < begin <= part.last for part in judgement.parts):
        return True
    alone = _judged(plain_words(" ".join(before), tables().spelling))
    return GRAVITY[judgement.level] > GRAVITY[alone.level]
