"""Names of places: the larger towns of the United Kingdom, near misses of them, and any other name as written."""

import json
from functools import lru_cache
from pathlib import Path

from bot.understanding.mentions import nearest
from bot.understanding.ordinary import ORDINARY
from bot.understanding.text import Word, joined
from bot.understanding.vocabulary import word_set

SMALL = word_set("upon on in under the by le of and")
"""Words inside the names of places that are written small."""

_NEVER = word_set("postcode area town city dont know")
_SHORTEST = 4
"""Letters that a place must have where it is not one of the towns."""
_KNOWN, _MISSPELT, _AS_WRITTEN = 0.95, 0.75, 0.55


@lru_cache(maxsize=1)
def towns() -> dict[str, str]:
    """The larger towns, and short names for them, by their plain name."""
    known: dict[str, str] = json.loads(Path(__file__).with_name("towns.json").read_text(encoding="utf-8"))
    return known


def place_named(name: list[Word]) -> tuple[str, float] | None:
    """The place and the confidence; None for two places, and for words that name none."""
    typed = joined(name)
    if (known := towns().get(typed)) is not None:
        return known, _KNOWN
    parts = typed.split()
    if any(part in ORDINARY - SMALL or not part.isalpha() or part in _NEVER or len(part) == 1 for part in parts):
        return None
    if sum(part in towns() for part in parts) > 1 or len(typed) < _SHORTEST:
        return None
    if (misspelt := nearest(typed, towns())) is not None:
        return misspelt, _MISSPELT
    return " ".join(part if part in SMALL and at else part.capitalize() for at, part in enumerate(parts)), _AS_WRITTEN
