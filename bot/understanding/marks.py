"""The words of an answer about days and hours, each with what it stands for."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.understanding.clock import TIME_IN_RANGES, Moment, moment_of
from bot.understanding.text import POLITE
from bot.understanding.vocabulary import by_spelling, word_set
from bot.understanding.week import SETS_OF_WORDS, days_of_phrase, days_of_word


class Is(StrEnum):
    """What a mark stands for."""

    DAYS = "days"
    TIME = "time"
    PART = "part"
    TO = "to"
    ONWARDS = "onwards"
    BETWEEN = "between"
    FROM = "from"
    AFTER = "after"
    BEFORE = "before"
    AND = "and"
    NOT = "not"
    BUT = "but"
    ANY_TIME = "any_time"
    OTHER = "other"


PARTS = {
    "early morning": (7 * 60, 9 * 60),
    "school hours": (9 * 60 + 30, 14 * 60 + 30),
    "school time": (9 * 60 + 30, 14 * 60 + 30),
    "office hours": (9 * 60, 17 * 60),
    "work hours": (9 * 60, 17 * 60),
    "working hours": (9 * 60, 17 * 60),
    "daytime": (9 * 60, 17 * 60),
    "day time": (9 * 60, 17 * 60),
    "during the day": (9 * 60, 17 * 60),
    "in the day": (9 * 60, 17 * 60),
    "lunch time": (12 * 60, 14 * 60),
    "morning": (9 * 60, 12 * 60),
    "lunch": (12 * 60, 14 * 60),
    "afternoon": (12 * 60, 17 * 60),
    "evening": (17 * 60, 21 * 60),
    "night": (19 * 60, 22 * 60),
}
"""Parts of a day as (start, end) in minutes after midnight: never the widest that could be meant."""

_PART_WORDS = by_spelling(
    {
        "morning": "morning mornings mornin morn morns mornign moring am",
        "lunch": "lunch lunchtime lunchtimes",
        "afternoon": "afternoon afternoons arvo afternoo afternon pm",
        "evening": "evening evenings eve eves evning",
        "night": "night nights",
        "daytime": "daytime daytimes",
    }
)
_SIGNS = by_spelling(
    {
        Is.TO: "to til till until untill thru through -",
        Is.BETWEEN: "between btwn btw",
        Is.FROM: "from since",
        Is.AFTER: "after aftr afta past",
        Is.BEFORE: "before b4 by",
        Is.AND: "and n or & + , /",
        Is.BUT: "but",
        Is.NOT: "not except never excluding bar no apart without",
        Is.ONWARDS: "onwards onward",
        Is.ANY_TIME: "anytime whenever",
    }
)
_FILLER = POLITE | word_set(
    "on at in the a an of about around approx roughly maybe is best good ok okay fine for me i im free can do "
    "would be prefer please only any every each usually normally mostly works round bout during r are abt tho"
)
_ANY_TIME = re.compile(r"\bany ?time\b(?: of (?:the )?day)?|\bwhenever\b|\ball day\b")
_OR_LATER = re.compile(r"\b(?:or|and) (?:later|onwards?|after)\b(?! \w)")
_PHRASES = re.compile(rf"{_ANY_TIME.pattern}|\b(?:{'|'.join(part for part in PARTS if ' ' in part)})\b")
_WORD = re.compile(r"b4|[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[-&+,/]")


@dataclass(frozen=True, slots=True)
class Mark:
    """One token: what it is, where it stands, and its days, moment or part of the day (minutes)."""

    kind: Is
    start: int
    end: int
    days: frozenset[int] = frozenset()
    moment: Moment = field(default=Moment(0, False))
    part: tuple[int, int] = (0, 0)


def marks_of(plain_text: str, now: datetime) -> list[Mark]:
    """The tokens of a plain text, filler left out; what is not understood is OTHER."""
    found: list[Mark] = []
    place = 0
    while (word := _WORD.search(plain_text, place)) is not None:
        mark, place = _mark_at(plain_text, word, now)
        if mark is not None:
            found.append(mark)
    return found


def _mark_at(plain_text: str, word: re.Match[str], now: datetime) -> tuple[Mark | None, int]:
    start = word.start()
    if (phrase := SETS_OF_WORDS.match(plain_text, start)) is not None:
        return Mark(Is.DAYS, start, phrase.end(), days=days_of_phrase(phrase)), phrase.end()
    if (phrase := _PHRASES.match(plain_text, start)) is not None:
        part = PARTS.get(phrase[0])
        return Mark(Is.PART if part else Is.ANY_TIME, start, phrase.end(), part=part or (0, 0)), phrase.end()
    if (phrase := _OR_LATER.match(plain_text, start)) is not None:
        return Mark(Is.ONWARDS, start, phrase.end()), phrase.end()
    if (time := TIME_IN_RANGES.match(plain_text, start)) is not None and (moment := moment_of(time)) is not None:
        return Mark(Is.TIME, start, time.end(), moment=moment), time.end()
    return _mark_of_word(word[0].replace("'", ""), start, word.end(), now), word.end()


def _mark_of_word(word: str, start: int, end: int, now: datetime) -> Mark | None:
    if word in _SIGNS:
        return Mark(_SIGNS[word], start, end)
    if days := _relative_day(word, now) or days_of_word(word):
        return Mark(Is.DAYS, start, end, days=days)
    if (part := PARTS.get(_PART_WORDS.get(word, ""))) is not None:
        return Mark(Is.PART, start, end, part=part)
    return None if word in _FILLER else Mark(Is.OTHER, start, end)


TODAY = word_set("today 2day tonight")
TOMORROW = word_set(
    "tomorrow tomorow tommorow tommorrow tomorro tomoz tmrw tmw tmrow tmr tmoro 2moro 2morrow 2mrw tomo moz"
)


def _relative_day(word: str, now: datetime) -> frozenset[int]:
    if word in TODAY - {"tonight"}:
        return frozenset({now.weekday()})
    return frozenset({(now.weekday() + 1) % 7}) if word in TOMORROW else frozenset()
