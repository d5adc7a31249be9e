"""Words to the bot about the talk itself.

A message is a command only as a whole: an answer that holds such a word is an answer.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from rapidfuzz.distance import OSA

from bot.understanding.examples import around_entity
from bot.understanding.shorthand import written_out
from bot.understanding.text import POLITE, Word, plain, squeezed, words
from bot.understanding.types import Command
from bot.understanding.vocabulary import word_set

PREFIX = "command_"
"""Intents whose examples are commands."""
NAMES = word_set("skip unsure why repeat back change leave_it wait later restart help person exit resume")

_LONGEST = 10
"""Words that a command may have."""
_LONGEST_ARGUMENT = 4
_FEWEST_LETTERS = 4
_EMPTY = POLITE | word_set("oh ah ok okay please actually really now right")
# As they stand once politeness is taken out: `is it ok to` has become `is it to`.
_REQUESTS = frozenset(
    {
        *("can i", "can we", "can you", "could i", "could we", "could you", "may i", "can you let me", "is it to"),
        *("i want to", "i would like to", "i need to", "want to", "lets"),
    }
)
_LONGEST_REQUEST = 4
_WISH = re.compile(r"(?:i )?(?:want|need|would like) to")
_NOT_ON_REQUEST = frozenset({"exit", "leave_it"})
_ON_A_WISH = frozenset({"skip", "repeat", "change", "person", "help", "why"})
"""`i want to leave`, `i want to go back` and `i need to start again` may be about a life, not about this talk."""
_LOOSE = word_set("of in to from for at with")
_OWN = word_set("my the that this our")


@dataclass(frozen=True, slots=True)
class _Template:
    """What stands before and after the words that say what to change."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """All ways of saying each command."""

    phrases: Mapping[tuple[str, ...], str] = field(repr=False)
    by_length: Mapping[int, Sequence[tuple[str, ...]]] = field(repr=False)
    by_letters: Mapping[str, str] = field(repr=False)
    """The same without spaces, for `nevermind` and `sk ip`."""
    templates: Sequence[_Template] = field(repr=False)

    @classmethod
    def from_examples(cls, examples: Mapping[str, Sequence[str]]) -> Self:
        """The commands among the intents; names that the engine does not know are passed over."""
        phrases: dict[tuple[str, ...], str] = {}
        templates = []
        for name, line in _lines(examples):
            if (around := around_entity(line)) is not None:
                templates.append(_Template(name, _plain_words(around[0]), _plain_words(around[1])))
            elif said := _plain_words(line):
                phrases.setdefault(said, name)
        templates.sort(key=lambda template: -len(template.before) - len(template.after))
        letters = {"".join(phrase): name for phrase, name in phrases.items() if len("".join(phrase)) >= _FEWEST_LETTERS}
        return cls(phrases, _by_length(phrases), letters, templates)

    def find(self, text: str) -> Command | None:
        """The command that the whole text is; None for everything that is longer, or only holds one."""
        typed = words(plain(text))
        if not 0 < len(typed) <= _LONGEST:
            return None
        said = _content(typed)
        if text.strip().isdigit():
            return self._exact(said)  # a number is 0, for a person, or no command; it is nearly nothing
        for words_said, request in _without_request(said):
            found = self._exact(words_said) or self._near(words_said) or self._with_argument(text, words_said)
            if found is not None and _may_be_asked(found.name, request):
                return found
        return None

    def _exact(self, said: list[Word]) -> Command | None:
        name = self.phrases.get(_key(said))
        return None if name is None else Command(name, "", 0.98)

    def _near(self, said: list[Word]) -> Command | None:
        """The command one slip away; None when slips lead to different commands."""
        typed = _key(said)
        close = {self.phrases[phrase] for phrase in self.by_length.get(len(typed), ()) if _is_slip(typed, phrase)}
        if run_together := self.by_letters.get("".join(typed), ""):
            close = {run_together}
        return Command(close.pop(), "", 0.85) if len(close) == 1 else None

    def _with_argument(self, text: str, said: list[Word]) -> Command | None:
        for template in self.templates:
            argument = _argument(said, template)
            if argument:
                return Command(template.name, text[argument[0].start : argument[-1].end], 0.85)
        return None


def _lines(examples: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Every (command, example)."""
    for intent, lines in examples.items():
        name = intent.removeprefix(PREFIX)
        if intent.startswith(PREFIX) and name in NAMES:
            yield from ((name, line) for line in lines)


def _by_length(phrases: Iterable[tuple[str, ...]]) -> dict[int, list[tuple[str, ...]]]:
    found: dict[int, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        found.setdefault(len(phrase), []).append(phrase)
    return found


def _plain_words(example: str) -> tuple[str, ...]:
    return _key(_content(words(plain(example))))


def _content(typed: list[Word]) -> list[Word]:
    """The words without politeness, unless nothing else was said."""
    return [word for word in typed if word.text not in _EMPTY] or typed


def _key(said: Sequence[Word]) -> tuple[str, ...]:
    """The words written out; a lone letter is left as it is, for `y` alone is a yes."""
    if len(said) == 1 and len(said[0].text) == 1:
        return (said[0].text,)
    return written_out(word.text for word in said)


def _may_be_asked(name: str, request: str) -> bool:
    if _WISH.fullmatch(request):
        return name in _ON_A_WISH
    return not request or name not in _NOT_ON_REQUEST


def _without_request(said: list[Word]) -> list[tuple[list[Word], str]]:
    """The words as they are, and without the request that opens them (`can i`, `i want to`)."""
    counts = range(1, min(len(said), _LONGEST_REQUEST + 1))
    openings = [(said[count:], request) for count in counts if (request := " ".join(_key(said[:count]))) in _REQUESTS]
    return [(said, ""), *openings]


def _argument(said: list[Word], template: _Template) -> list[Word]:
    """The words that say what to change; empty when the template does not fit.

    Where they come first (`... is wrong`) they must be somebody's own: `what he did is wrong` changes nothing.
    """
    first = (
        next((count for count in range(len(said)) if _key(said[:count]) == template.before), None)
        if template.before
        else 0
    )
    if first is None and len(template.before) == 1 and _is_slip_of_word(said[0].text, template.before[0]):
        first = 1
    last = next((place for place in range(len(said), 0, -1) if _key(said[place:]) == template.after), None)
    if first is None or last is None:
        return []
    argument = said[first:last]
    if (
        not 0 < len(argument) <= _LONGEST_ARGUMENT
        or argument[0].text in _LOOSE
        or (not template.before and argument[0].text not in _OWN)
    ):
        return []
    return argument


def _is_slip(typed: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Whether just one word of a phrase of the same length is misspelt."""
    wrong = [(word, known) for word, known in zip(typed, phrase, strict=True) if word != known]
    return len(wrong) == 1 and _is_slip_of_word(*wrong[0])


def _is_slip_of_word(word: str, known: str) -> bool:
    """Whether two letters are swapped or one is doubled; in longer words also one letter less or more."""
    if len(known) < 4 or not word.isalpha() or word == known + "s":
        return squeezed(word) == known and len(known) == 3
    if OSA.distance(word, known, score_cutoff=1) != 1:
        return squeezed(word) == known
    if sorted(word) == sorted(known):
        return True
    return len(known) >= (6 if len(word) != len(known) else 7)
