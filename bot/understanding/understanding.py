"""The one part of the house that knows what typed words mean: answers, commands and intents."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from bot.understanding.commands import Commands
from bot.understanding.intents import Intents
from bot.understanding.menu import numbers_named
from bot.understanding.readers import READERS
from bot.understanding.readers.choice import option_chosen
from bot.understanding.text import LONGEST, plain
from bot.understanding.types import Asked, Command, Intent, Reading

_BARE_DIGIT = re.compile(r"\W*\d\W*(?:x+)?\W*")


class Understanding:
    """Reads answers, commands and intents; keeps nothing that anybody typed, and reads the same text the same way."""

    def __init__(self, commands: Commands, intents: Intents) -> None:
        self._commands, self._intents = commands, intents

    @classmethod
    def from_nlu(cls, examples: Mapping[str, Sequence[str]], cache: Path | None = None) -> Self:
        """Learn from examples by intent, in Rasa's notation (`change [my name](what)`).

        `cache` is a folder where what was learned is kept from start to start.
        """
        return cls(Commands.from_examples(examples), Intents.from_examples(examples, cache))

    def read(self, asked: Asked, text: str) -> Reading | None:
        """The answer to what was asked; None when it is unclear. Raises KeyError for a reader that does not exist.

        Beside a menu a bare digit is a line of it; words are the reader's own, and only then a line of the menu.
        """
        reader = READERS[asked.reader]
        if len(text) > LONGEST and asked.reader != "free_text":
            return None
        if not asked.options or asked.reader == "choice":
            return reader(asked, text)
        bare_digit = _BARE_DIGIT.fullmatch(plain(text)) is not None
        if bare_digit or (asked.reader != "free_text" and _is_line(asked, text)):
            return self._from_menu(asked, text) or (reader(asked, text) if asked.reader == "free_text" else None)
        return reader(asked, text) or self._from_menu(asked, text, by_name=True)

    def _from_menu(self, asked: Asked, text: str, by_name: bool = False) -> Reading | None:
        """What the option that was picked says to this reader: its value, else its title, else its value as it is.

        By name only where the reader does not know the title: where it does, it has found the words unclear before.
        """
        chosen = option_chosen(asked.options, asked, text)
        if chosen is None:
            return None
        option, picked = chosen
        reader, bare = READERS[asked.reader], replace(asked, options=())
        by_title = reader(bare, option.title)
        if by_name and by_title is not None:
            return None
        said = reader(bare, option.value) or by_title
        return Reading(said.value if said else option.value, picked.confidence, picked.source, picked.rest)

    def command(self, text: str, language: str = "en") -> Command | None:
        """The command that the whole message is; None when it is not one."""
        return self._commands.find(text) if len(text) <= LONGEST else None

    def intent(self, text: str, language: str = "en") -> Intent:
        """The likeliest intent, with an honest confidence."""
        return self._intents.find(text[:LONGEST])

    def is_example(self, text: str) -> bool:
        """Whether the text is an example of an intent, word for word."""
        return self._intents.is_example(text[:LONGEST])


def _is_line(asked: Asked, text: str) -> bool:
    """Whether the text names one line of the menu by its number, as in `option 2` or `the second one`."""
    numbers = numbers_named(plain(text), len(asked.options), many=False)
    return numbers is not None and len(numbers) == 1 and 1 <= numbers[0] <= len(asked.options)
