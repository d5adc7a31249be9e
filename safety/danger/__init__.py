"""Danger signs (R29): what danger a message tells of, how grave it is, and the words that led there.

The one convention here: what counts as danger is said in the files of `data`, never in code; the code only reads them.
"""

from collections.abc import Iterator, Sequence

from safety.danger.model import model
from safety.danger.normal import Plain, plain_words
from safety.danger.reading import GRAVITY, Judgement, judged
from safety.danger.tables import tables
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
    found = _read(plain)
    if found.level is Level.URGENT:
        return found
    return max((found, *_with_fragments(plain, recent)), key=lambda signs: GRAVITY[signs.level])


def _read(plain: Plain) -> Signs:
    judgement: Judgement = judged(plain.words, tables(), model())
    kinds = tuple(dict.fromkeys(kind for kind, _, _ in judgement.parts))
    return Signs(
        judgement.level, kinds, tuple(dict.fromkeys(plain.typed(first, last) for _, first, last in judgement.parts))
    )


def _with_fragments(plain: Plain, recent: Sequence[str]) -> Iterator[Signs]:
    """The signs in the last few messages read as one, unless those before this one already held them."""
    if len(plain.words) > LONGEST_FRAGMENT:
        return
    before = ""
    for earlier in reversed(recent):
        if (
            len(earlier.split()) > LONGEST_FRAGMENT
            or _read(plain_words(earlier, tables().spelling)).level is Level.URGENT
        ):
            return
        before = f"{earlier} {before}"
        alone = _read(plain_words(before, tables().spelling))
        joined = _read(plain_words(before + " ".join(plain.pieces), tables().spelling))
        if GRAVITY[joined.level] > GRAVITY[alone.level]:
            yield joined
