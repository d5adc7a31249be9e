"""The words of a condition: what a predicate is cut into before it is parsed."""

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["word", "text", "number", "operator", "reserved", "end"]

RESERVED: Final = frozenset(
    {"is", "and", "or", "not", "contains", "matches", "true", "false", "undefined", "null", "empty"}
)

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<word>[\w_\-.:;]+)
      | (?P<operator>>=|<=|!=|==|[<>=(){}])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """One token: its kind, its text (reserved words in lower case, quoted text without quotes) and where it starts."""

    kind: Kind
    text: str
    at: int


class ConditionError(Exception):
    """A predicate that does not parse. `at` is the offset in it, `instead` what to write."""

    def __init__(self, what: str, at: int, instead: str = "") -> None:
        super().__init__(what)
        self.what, self.at, self.instead = what, at, instead


def cut(source: str) -> list[Word]:
    """The tokens of `source`, closed by one of kind `end`. Raises ConditionError."""
    words: list[Word] = []
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            raise ConditionError(f"`{source[at]}` has no meaning in a condition", at, 'quote text as "like this"')
        if found.lastgroup != "space":
            words.append(_word(found))
        at = found.end()
    words.append(Word("end", "", len(source)))
    return words


def _word(found: re.Match[str]) -> Word:
    text, at = found.group(), found.start()
    match found.lastgroup:
        case "number":
            return Word("number", text, at)
        case "text":
            return Word("text", text[1:-1], at)
        case "operator":
            return Word("operator", text, at)
    lowered = text.lower()
    return Word("reserved", lowered, at) if lowered in RESERVED else Word("word", text, at)
