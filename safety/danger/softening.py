"""What makes a grave rule less grave: said not to be so, long past, about somebody else, quoted, a joke."""

from collections.abc import Sequence
from itertools import pairwise

from safety.danger.patterns import Words, around
from safety.danger.tables import Rule, Tables
from safety.types import Level

_LOOK_BACK = 4
_LOWER = {Level.URGENT: Level.CONCERN, Level.CONCERN: Level.DISCLOSURE}


def softened(rule: Rule, tokens: Sequence[str], first: int, last: int, tables: Tables) -> Level:
    """The level of a rule that holds from `first` to `last`, given the words around it."""
    if rule.firm:
        return rule.level
    company = around(tokens, first, last)
    if _denied(tokens, first, tables) or not tables.families["not_meant"].isdisjoint(company):
        return Level.NONE
    if _past(company, tables) or (_of_another(company, tables) and rule.level is Level.URGENT):
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


def _past(tokens: Sequence[str], tables: Tables) -> bool:
    if not tables.families["now_again"].isdisjoint(tokens):
        return False
    return _runs(tokens, tables.families["ago_a"], tables.families["ago_b"]) or any(
        len(token) == 4 and token.isdigit() and "1950" <= token <= "2024" for token in tokens
    )


def _of_another(tokens: Sequence[str], tables: Tables) -> bool:
    """It is about a friend, a client, a neighbour, and nothing says that it is happening now."""
    return (
        _runs(tokens, tables.families["my_a"], tables.families["another"])
        and tables.families["now_here"].isdisjoint(tokens)
        and tables.families["me"].isdisjoint(tokens)
    )


def _runs(tokens: Sequence[str], left: Words, right: Words) -> bool:
    return any(one in left and other in right for one, other in pairwise(tokens))
