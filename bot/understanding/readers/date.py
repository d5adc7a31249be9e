"""One day of the calendar."""

from bot.understanding.dates import Mention, dates_in
from bot.understanding.text import head_is, plain, tail
from bot.understanding.types import Asked, Reading
from bot.understanding.vocabulary import word_set

_BEFORE = word_set("on the its it is was about around maybe say for i born dob date my birthday can do")

_AFTER = word_set("would could be is are good fine ok best works if possible poss for me suits")


def read_date(asked: Asked, text: str) -> Reading | None:
    """YYYY-MM-DD; a weekday and a date that agree are one day, and two different days are unclear."""
    plain_text = plain(text)
    found = list(dates_in(plain_text, asked.now.date()))
    day = _one_day(found)
    if day is None or day.day is None or not head_is(plain_text, found[0].start, _BEFORE):
        return None
    rest = tail(text, plain_text, found[-1].end, _AFTER)
    if rest is None:
        return None
    return Reading(day.day.isoformat(), 0.95 if day.certain else 0.6, text[found[0].start : found[-1].end], rest)


def _one_day(found: list[Mention]) -> Mention | None:
    """The one day that all mentions agree on; a bare weekday agrees with a full date on that weekday."""
    if not found or any(mention.day is None for mention in found):
        return None
    last = found[-1]
    agree = all(
        mention.day is not None and last.day is not None and mention.day.weekday() == last.day.weekday()
        for mention in found
    )
    return (
        last
        if len(found) == 1 or (agree and len(found) == 2 and found[1].start - found[0].end <= len(", the "))
        else None
    )
