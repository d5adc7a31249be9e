"""Danger signs (R29): what danger a message tells of, how grave it is, and the words that led there.

The one convention here: what counts as danger is said in the files of `data`, never in code; the code only reads them.
"""

from collections.abc import Sequence

from safety.danger.normal import plain_words
from safety.danger.reading import Hit, hits
from safety.danger.tables import tables
from safety.types import Level, Signs

__all__ = ["read_signs"]

_GRAVITY = {Level.NONE: 0, Level.DISCLOSURE: 1, Level.CONCERN: 2, Level.URGENT: 3}


def read_signs(text: str, recent: Sequence[str] = ()) -> Signs:
    """The signs in `text`; `recent` holds the messages before it, so that danger told in fragments is found.

    1. Put the typing right.  2. See which rules hold in this message.  3. See which rules hold across this message and
    those before it, and end in this one.
    """
    known = tables()
    plain = plain_words(text, known.spelling)
    if not plain.words:
        return Signs()
    found = [(hit, plain.typed(hit.first, hit.last)) for hit in hits(plain.words, known)]
    if recent:
        joined = plain_words(" ".join((*recent, text)), known.spelling)
        begin = len(joined.words) - len(plain.words)
        found += [
            (hit, joined.typed(hit.first, hit.last))
            for hit in hits(joined.words, known)
            if hit.first < begin <= hit.last
        ]
    return _signs(found)


def _signs(found: list[tuple[Hit, str]]) -> Signs:
    ranked = sorted(found, key=lambda each: -_GRAVITY[each[0].level])
    level = ranked[0][0].level if ranked else Level.NONE
    kinds = tuple(dict.fromkeys(hit.rule.kind for hit, _ in ranked))
    return Signs(level, kinds, tuple(dict.fromkeys(words for _, words in ranked)))
