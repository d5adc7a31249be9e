"""The short forms people type, written out, so that `y r u asking` and `why are you asking` are the same."""

from collections.abc import Iterable

from bot.understanding.vocabulary import by_spelling

_SHORTHAND = by_spelling(
    {
        "you": "u ya",
        "your": "ur",
        "are": "r",
        "why": "y",
        "want to": "wanna",
        "got to": "gotta",
        "dont": "dnt",
        "dont know": "dunno",
        "can not": "cant",
        "i would": "id",
        "i will": "ill",
        "i am": "im",
        "i have": "ive",
        "what is": "whats wats",
        "what": "wat",
        "that is": "thats",
        "though": "tho",
        "someone": "somebody sumone",
        "next": "nxt",
        "minute": "min",
        "minutes": "mins",
        "second": "sec",
        "seconds": "secs",
        "one": "1",
        "two": "2",
        "five": "5",
    }
)


def written_out(said: Iterable[str]) -> tuple[str, ...]:
    """The words with every short form written out."""
    return tuple(full for word in said for full in _SHORTHAND.get(word, word).split())
