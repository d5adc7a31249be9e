"""Training sentences in Rasa's notation, with entities marked in place: `change [my name](what)`."""

import re

_ENTITY = re.compile(
    r"\[(?P<text>[^\]]+)\](?:\((?P<name>[^)]+)\)|\{[^}]*?\"entity\"\s*:\s*\"(?P<long>[^\"]+)\"[^}]*\})"
)


def without_marks(example: str) -> str:
    """The sentence as somebody would type it: `change my name`."""
    return _ENTITY.sub(lambda match: match["text"], example)


def entities_of(example: str) -> list[tuple[str, str]]:
    """The (entity, words) pairs that are marked in an example."""
    return [(match["name"] or match["long"], match["text"]) for match in _ENTITY.finditer(example)]


def around_entity(example: str) -> tuple[str, str] | None:
    """The words before and after the first marked entity; None when none is marked."""
    match = _ENTITY.search(example)
    return (example[: match.start()].strip(), example[match.end() :].strip()) if match else None
