"""Whether words at an open question are said to us, as a question is, or tell of somebody else."""

import re

from bot.understanding.text import plain

_OPENING = r"(?:(?:and|so|but|ok|hi|hello|please) )*"
_ASKS = (
    r"(?:who|what|why|how|when|where|which|can|could|is|are|am|do|does|did|will|would|should|may|has|have you)"
    r"(?:s|re|d|ll|nt)?\b"
)
_QUESTION = re.compile(rf"{_OPENING}{_ASKS}|.*\?\W*$", re.DOTALL)
_TALE = re.compile(rf"{_OPENING}(?:he|she|they|it|my|our|his|her|things|someone|somebody|everyone)(?:s|re|ve|d|ll)?\b")


def is_question(text: str) -> bool:
    """Whether the text begins as a question does, or ends in a question mark."""
    return _QUESTION.match(_said(text)) is not None


def is_tale(text: str) -> bool:
    """Whether the text tells of somebody else: `he checks my phone` is no wish to hear about phones."""
    return _TALE.match(_said(text)) is not None


def _said(text: str) -> str:
    return plain(text).replace("'", "").strip()
