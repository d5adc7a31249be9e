"""A name to use: any name, in any script."""

import re

from bot.understanding.ordinary import ORDINARY
from bot.understanding.text import POLITE, SAYS_MORE, plain
from bot.understanding.types import Asked, Reading

_GREETING = re.compile(r"(?:(?:hi|hiya|hey|hello|ok|yes|yeah|sure|um|er|well)\b[\s,.!]*)+(?=\w)")
_INTRODUCTION = re.compile(
    r"(?P<loose>i'?m|i am|it'?s|it is|this is)\s+(?:just\s+)?"
    r"|(?:(?:my|the)\s+)?(?:first\s+)?names?(?:'s)?(?:\s+is)?\s+"
    r"|(?:(?:u|you)\s+can\s+|just\s+|please\s+|pls\s+)?(?:call me|use|put|say)\s+(?:just\s+)?"
    r"|(?:i go by|known as|everyone calls me|they call me|(?:my )?(?:friends|mates|family) call me|lets say|just)\s+"
)
_ENDING = re.compile(
    r"\s*[(:;].*|\s+i (?:guess|suppose|think)\b.*|\s+(?:is|will|would)\s+(?:be )?(?:fine|ok|okay|good|do|great)\b.*"
    r"|\s+here\b.*",
    re.DOTALL,
)
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?(?:\s+[^\W\d_]+(?:['’-][^\W\d_]+)*)*")
_STATE = re.compile(r"\w{3,}ing|(?!\w*(?:hm|m|y|fr|dr|al)ed$)\w{3,}ed|\w{3,}(?:less|ful)")
_ANOTHER = re.compile(r"\b(?:call|calls) me\b")
_LONGEST = 4
"""Words that a name may have."""


def read_name(asked: Asked, text: str) -> Reading | None:
    """The name with capitals where it has none; None for a refusal, a feeling, or anything longer than a name."""
    plain_text = plain(text)
    start, loose = _start_of_name(plain_text)
    end = len(plain_text) if (ending := _ENDING.search(plain_text, start)) is None else ending.start()
    match = _NAME.match(plain_text, start, end)
    if match is None or plain_text[match.end() : end].strip(" .,!?-\n\t\u200d"):
        return None
    name, rest = _split(text[start : match.end()].rstrip("."))
    source = text[start : match.end()].removesuffix(rest).strip()
    if _ANOTHER.search(rest):
        return None
    parts = [plain(part).replace("'", "") for part in name]
    if not 0 < len(parts) <= _LONGEST or any(part in ORDINARY for part in parts) or "?" in text:
        return None
    if loose and len(parts) == 1 and _STATE.fullmatch(parts[0]):
        return None
    return Reading(" ".join(map(_with_capitals, name)), 0.75 if loose or len(parts) > 2 else 0.9, source, rest)


def _start_of_name(plain_text: str) -> tuple[int, bool]:
    start = len(plain_text) - len(plain_text.lstrip(" \n\t.,!-"))
    if (greeting := _GREETING.match(plain_text, start)) is not None:
        start = greeting.end()
    introduction = _INTRODUCTION.match(plain_text, start)
    if introduction is None:
        return start, False
    return introduction.end(), bool(introduction["loose"])


def _split(words_typed: str) -> tuple[list[str], str]:
    """The words of the name, and what is said after it from a word such as "but" on."""
    typed = words_typed.split()
    turn = next((place for place, word in enumerate(typed) if place and word.lower() in SAYS_MORE), len(typed))
    name = typed[:turn]
    while len(name) > 1 and name[-1].lower() in POLITE:
        name.pop()
    return name, " ".join(typed[turn:])


def _with_capitals(word: str) -> str:
    """`jo` and `JO` -> Jo, `o'neill` -> O'Neill; AJ and McKenzie stay."""
    if word.islower() or (word.isupper() and (len(word) > 2 or (word[-1] in "AEIOU" and len(word) == 2))):
        return re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), word)
    return word
