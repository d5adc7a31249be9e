"""One time of day."""

from bot.understanding.clock import TIME, hh_mm, moment_of
from bot.understanding.text import head_is, plain, tail
from bot.understanding.types import Asked, Reading
from bot.understanding.vocabulary import word_set

_BEFORE = word_set("at about around approx roughly maybe say is its it best abt bout round id i the think")


def read_time(asked: Asked, text: str) -> Reading | None:
    """HH:MM of the person's wall time; None for a range, for two times, and for a time inside a story."""
    plain_text = plain(text)
    found = list(TIME.finditer(plain_text))
    if len(found) != 1 or not head_is(plain_text, found[0].start(), _BEFORE):
        return None
    moment = moment_of(found[0])
    rest = tail(text, plain_text, found[0].end())
    if moment is None or rest is None:
        return None
    return Reading(
        hh_mm(moment.minutes), 0.95 if moment.certain else 0.75, text[found[0].start() : found[0].end()].strip(), rest
    )
