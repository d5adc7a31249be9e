"""The readers of typed answers, by name. A reader is a pure function: it never raises, and gives None rather than a guess."""

from collections.abc import Callable, Mapping

from bot.understanding.readers.free_text import read_free_text
from bot.understanding.types import Asked, Reading

Reader = Callable[[Asked, str], Reading | None]

READERS: Mapping[str, Reader] = {
    "free_text": read_free_text,
}
