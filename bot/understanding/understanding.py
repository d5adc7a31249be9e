"""The one part of the house that knows what typed words mean: answers, commands and intents."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from bot.understanding.readers import READERS
from bot.understanding.types import Asked, Command, Intent, Reading


class Understanding:
    """Reads answers, commands and intents. Holds nothing about anybody; the same text is always read the same way."""

    @classmethod
    def from_nlu(cls, examples: Mapping[str, Sequence[str]], cache: Path | None = None) -> Self:
        """Learn from examples by intent, in Rasa's notation (`change [my name](what)`); `cache` is a folder for what was learned."""
        return cls()

    def read(self, asked: Asked, text: str) -> Reading | None:
        """The answer to what was asked; None when it is unclear. Raises KeyError for a reader that does not exist."""
        return READERS[asked.reader](asked, text)

    def command(self, text: str, language: str = "en") -> Command | None:
        """The command that the whole message is; None when it is not one."""
        return None

    def intent(self, text: str, language: str = "en") -> Intent:
        """The likeliest intent, with an honest confidence."""
        return Intent("", 0.0)
