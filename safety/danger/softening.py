"""What makes a grave rule less grave: said not to be so, long past, about somebody else, quoted, a joke."""

from collections.abc import Sequence
from itertools import pairwise

from safety.danger.patterns import COMPANY, around
from safety.danger.tables import Rule, Tables
from safety.types import Level

_LOOK_BACK = 4
_LOWER = {Level.URGENT: Level.CONCERN, Level.CONCERN: Level.DISCLOSURE}


def softened(rule: Rule, tokens: Sequence[str], first: int, last: int, pasts: Sequence[int], tables: Tables) -> Level:
    """The level of a rule that holds from `first` to `last`, given the words around it; `pasts` are where words of the
    past stand.
    """
    company = around(tokens, first, last)
    aside = tables.families["printed" if rule.firm else "not_meant"]
    if _denied(tokens, first, tables) or not aside.isdisjoint(company):
        return Level.NONE
    if rule.firm:
        return rule.level
    is_past = any(first - COMPANY <= place <= last + COMPANY for place in pasts) or any(map(_is_old_year, company))
    if (is_past and tables.families["now_again"].isdisjoint(company)) or _of_another(company, tables):
        return _LOWER.get(rule.level, rule.level)
    return rule.level


def _denied(tokens: Sequence[str], first: int, tables: Tables) -> bool:
    """A denial stands close before, with nothing between that begins a new thought, and it is no "does not stop"."""
    families = tables.families
    if tokens[first] in families["denial"]:
        return False
    if tokens[first] in families["subject"]:
        return _disbelieved(tokens, first, tables)
    for place in range(first - 1, max(first - 1 - _LOOK_BACK, 0), -1):
        word = tokens[place]
        if word in families["denial"]:
            return families["goes_on"].isdisjoint(tokens[place + 1 : first + 1])
        if word in families["new_thought"]:
            return False
    return False


def _disbelieved(tokens: Sequence[str], first: int, tables: Tables) -> bool:
    """`I do not think he would`, `he never said he would`: a word of thinking stands close, and a denial before it."""
    for place in range(max(first - 2, 1), first):
        if tokens[place] in tables.families["thinks"]:
            return not tables.families["denial"].isdisjoint(tokens[max(place - 3, 0) : place])
    return False


def _is_old_year(token: str) -> bool:
    return len(token) == 4 and token.isdigit() and "1950" <= token <= "2024"


def _of_another(tokens: Sequence[str], tables: Tables) -> bool:
    """Somebody tells what a friend, a client, a neighbour has said, and nothing says that it is happening now."""
    families = tables.families
    return (
        any(one in families["my_a"] and other in families["another"] for one, other in pairwise(tokens))
        and not families["reported"].isdisjoint(tokens)
        and families["now_here"].isdisjoint(tokens)
        and families["me"].isdisjoint(tokens)
    )
