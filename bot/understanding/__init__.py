"""Reads what people type: answers, commands and intents.

Words that somebody wrote are never logged, kept, raised in an exception or shown in a repr.
"""

from bot.understanding.readers import READERS
from bot.understanding.types import Asked, Command, Intent, Option, Reading
from bot.understanding.understanding import Understanding

__all__ = ["READERS", "Asked", "Command", "Intent", "Option", "Reading", "Understanding"]
