"""What somebody wants when nothing, or something else, was asked: learned from examples once, and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Self

from bot.understanding.classifier import OUT_OF_SCOPE, Classifier, fingerprint
from bot.understanding.commands import PREFIX
from bot.understanding.examples import entities_of, without_marks
from bot.understanding.shorthand import written_out
from bot.understanding.text import plain, words
from bot.understanding.types import Intent

NOTHING = Intent("", 0.0)
_EXACT = 0.99
"""The confidence of a text that is an example, word for word."""

_Examples = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Intents:
    """A classifier, the examples word for word, and the words that are marked as entities."""

    classifier: Classifier
    exact: Mapping[str, str] = field(repr=False)
    entities: Mapping[str, str] = field(repr=False)

    @classmethod
    def from_examples(cls, examples: Mapping[str, Sequence[str]], cache: Path | None = None) -> Self:
        """Learn every intent that is not a command; `cache` is a folder that keeps what was learned."""
        lines = {name: tuple(each) for name, each in examples.items() if not name.startswith(PREFIX)}
        marked = [pair for each in lines.values() for line in each for pair in entities_of(line)]
        plain_lines = tuple((name, tuple(without_marks(line) for line in each)) for name, each in sorted(lines.items()))
        return cls(
            _learned(plain_lines, cache),
            {_spoken(line): name for name, each in plain_lines for line in each},
            {_spoken(value): entity for entity, value in marked},
        )

    def find(self, text: str) -> Intent:
        """The likeliest intent; the confidence is its probability, and low for a text that is like no example."""
        spoken = _spoken(text)
        if not spoken or not self.classifier.intents:
            return NOTHING
        name, confidence = self.exact.get(spoken, ""), _EXACT
        if not name:
            name, confidence = self._likeliest(text)
        return NOTHING if name == OUT_OF_SCOPE or not name else Intent(name, confidence, self._entities(spoken))

    def is_example(self, text: str) -> bool:
        """Whether the text is one of the examples, word for word."""
        return _spoken(text) in self.exact

    def _likeliest(self, text: str) -> tuple[str, float]:
        probabilities = self.classifier.probabilities(text)
        found = [(value, name) for name, value in probabilities.items() if name != OUT_OF_SCOPE]
        value, name = max(found, default=(0.0, ""))
        return name, round(value, 4)

    def _entities(self, spoken: str) -> dict[str, str]:
        around = f" {spoken} "
        return {entity: value for value, entity in self.entities.items() if f" {value} " in around}


def _spoken(text: str) -> str:
    return " ".join(written_out(word.text for word in words(plain(text))))


@lru_cache(maxsize=8)
def _learned(examples: _Examples, cache: Path | None) -> Classifier:
    """From the cache, where it is whole and of the same examples; else by learning."""
    by_intent = dict(examples)
    if cache is None:
        return Classifier.learn(by_intent)
    kept = cache / f"intents-{fingerprint(by_intent)[:32]}.json"
    try:
        return Classifier.from_json(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        learned = Classifier.learn(by_intent)
        _keep(kept, learned.to_json())
        return learned


def _keep(file: Path, content: str) -> None:
    """Write in one move, so that nobody reads half a file; a folder that cannot be written to is no trouble."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as written:
            written.write(content)
        Path(written.name).replace(file)
    except OSError:
        return
