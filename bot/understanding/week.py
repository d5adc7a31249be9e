"""Days of the week as people text them, 0 = Monday."""

import re

from rapidfuzz.distance import OSA

from bot.understanding.vocabulary import by_spelling, word_set

FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALL = frozenset(range(7))
WEEK = frozenset(range(5))
WEEKEND = frozenset({5, 6})

_SHORT = by_spelling(
    {
        0: "mon mo",
        1: "tue tues teus tu",
        2: "wed weds wednes",
        3: "thu thur thurs thus",
        4: "fri frid",
        5: "sat satur satday",
        6: "sun",
    }
)
_SETS = by_spelling(
    {
        WEEK: "weekday weekdays wkday wkdays",
        WEEKEND: "weekend weekends wkend wkends wknd",
        ALL: "everyday daily",
    }
)
_NOT_DAYS = word_set(
    "today payday holiday birthday someday midday workday yesterday day days noday monthly sundry funday doomsday"
)
SETS_OF_WORDS = re.compile(
    r"(?P<week>\b(?:in|during|thru|through) the week\b(?! ?end)|\bweek days?\b)|(?P<weekend>\bweek ends?\b)"
    r"|(?P<all>\b(?:every|any|all|each) (?:single )?(?:day|days|week|the days)\b(?! of the week)"
    r"|\ball(?= (?:but|except|apart)\b)|\banyday\b"
    r"|\b(?:all|any) day of the week\b)"
)
"""Sets of days in several words."""


def days_of_phrase(match: re.Match[str]) -> frozenset[int]:
    """The days of a SETS_OF_WORDS match."""
    return WEEK if match["week"] else WEEKEND if match["weekend"] else ALL


def days_of_word(word: str) -> frozenset[int]:
    """The days that one plain word names, misspelt or not; empty when it names none."""
    if word in _SETS:
        return _SETS[word]
    if (day := _SHORT.get(word)) is None:
        day = _full_or_near(word)
    return frozenset() if day is None else frozenset({day})


def _full_or_near(word: str) -> int | None:
    """Near: at most two letters off, ending like a day, and nearer to one day than to any other."""
    name = word[:-1] if word.endswith("s") and word not in FULL else word
    if name in FULL:
        return FULL.index(name)
    if len(name) < 5 or name in _NOT_DAYS or not name.endswith(("day", "dy", "ay", "dya")):
        return None
    distances = sorted((OSA.distance(name, day), index) for index, day in enumerate(FULL))
    (best, day), (second, _) = distances[0], distances[1]
    slips = 2 if len(name) > 6 else 1
    return day if best <= slips and best < second and name[0] == FULL[day][0] else None
