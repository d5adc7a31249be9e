"""Our flows as training files for Rasa Open Source: the examples of all intents, and the settings beside this file."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

CONFIG = Path(__file__).with_name("config.yml")


def write_training_files(examples: Mapping[str, Sequence[str]], folder: Path) -> None:
    """Write `data/nlu.yml` and `config.yml` into a folder. The examples keep their marks, `change [my name](what)`.

    Commands are trained along, so that they are told from what flows are for; their readings are not used.
    """
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data/nlu.yml").write_text("\n".join(_lines(examples)) + "\n", "utf-8")
    shutil.copyfile(CONFIG, folder / "config.yml")


def _lines(examples: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield 'version: "3.1"'
    yield "nlu:"
    for intent, lines in examples.items():
        yield f"  - intent: {intent}"
        yield "    examples: |"
        yield from (f"      - {' '.join(line.split())}" for line in lines)
