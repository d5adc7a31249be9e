"""The name of a model says which examples it was trained on."""

import hashlib
import json
from collections.abc import Mapping, Sequence

PREFIX = "sidedoor-"


def model_name(examples: Mapping[str, Sequence[str]]) -> str:
    """The same for the same examples, and for no others."""
    content = json.dumps(sorted((intent, list(lines)) for intent, lines in examples.items()))
    return PREFIX + hashlib.sha256(content.encode()).hexdigest()[:12]
