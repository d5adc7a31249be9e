"""Training examples as Rasa's nlu.yml holds them: a Markdown list of sentences under each intent, entities marked in place."""

import re
from collections.abc import Mapping

from bot.contract import Json

_LINE = re.compile(r"^\s*-\s+(.+?)\s*$", re.MULTILINE)
_ENTITY = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<name>[^)]+)\)|\{[^}]*?\"entity\"\s*:\s*\"(?P<long>[^\"]+)\"[^}]*\})")


def examples_of(document: Mapping[str, Json]) -> dict[str, list[str]]:
    """The examples by intent of one nlu.yml, as PyYAML loads it; look-ups, synonyms and regular expressions are passed over."""
    items = document.get("nlu")
    found: dict[str, list[str]] = {}
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and isinstance(item.get("intent"), str) and isinstance(item.get("examples"), str):
            found.setdefault(str(item["intent"]), []).extend(_LINE.findall(str(item["examples"])))
    return found


def without_marks(example: str) -> str:
    """The sentence as somebody would type it: `change [my name](what)` -> `change my name`."""
    return _ENTITY.sub(lambda match: match["text"], example)


def entities_of(example: str) -> list[tuple[str, str]]:
    """The (entity, words) pairs that are marked in an example."""
    return [(match["name"] or match["long"], match["text"]) for match in _ENTITY.finditer(example)]


def around_entity(example: str) -> tuple[str, str] | None:
    """The words before and after the first marked entity; None when none is marked."""
    match = _ENTITY.search(example)
    return (example[: match.start()].strip(), example[match.end() :].strip()) if match else None
