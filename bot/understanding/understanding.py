"""The one part of the house that knows what typed words mean: answers, commands and intents."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from bot.understanding.commands import Commands
from bot.understanding.intents import Intents
from bot.understanding.readers import READERS
from bot.understanding.readers.choice import option_chosen
from bot.understanding.text import LONGEST, plain
from bot.understanding.types import Asked, Command, Intent, Reading

_WITHOUT_MENU = frozenset({"choice", "free_text"})
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
        """The answer to what was asked; None when it is unclear. Raises KeyError for a reader that does not exist."""
        reader = READERS[asked.reader]
        if len(text) > LONGEST and asked.reader != "free_text":
            return None
        if not asked.options or asked.reader in _WITHOUT_MENU:
            return reader(asked, text)
        return self._from_menu(asked, text) or (None if _BARE_DIGIT.fullmatch(plain(text)) else reader(asked, text))

    def _from_menu(self, asked: Asked, text: str) -> Reading | None:
        """What the option that was picked says to this reader: its value, else its title, else its value as it is."""
        chosen = option_chosen(asked.options, asked, text)
        if chosen is None:
            return None
        option, picked = chosen
        bare = replace(asked, options=())
        said = READERS[asked.reader](bare, option.value) or READERS[asked.reader](bare, option.title)
        return Reading(said.value if said else option.value, picked.confidence, picked.source, picked.rest)

    def command(self, text: str, language: str = "en") -> Command | None:
        """The command that the whole message is; None when it is not one."""
        return self._commands.find(text) if len(text) <= LONGEST else None

    def intent(self, text: str, language: str = "en") -> Intent:
        """The likeliest intent, with an honest confidence."""
        return self._intents.find(text[:LONGEST])
