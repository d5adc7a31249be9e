"""Commands and intents are learned from examples, the same way every time, and what was learned is kept."""

from pathlib import Path
from types import ModuleType

import pytest
import yaml

from bot.understanding import Understanding
from bot.understanding.classifier import Classifier, fingerprint
from bot.understanding.commands import NAMES
from bot.understanding.examples import entities_of, without_marks
from bot.understanding.intents import Intents

EXAMPLES = {"greet": ["hello", "hi there"], "ask_cost": ["is it free", "how much is it"], "command_skip": ["skip this"]}


def test_every_example_of_a_command_is_that_command(score: ModuleType, understanding: Understanding) -> None:
    misread = []
    for file in score.NLU:
        for item in yaml.safe_load(file.read_text())["nlu"]:
            name = item["intent"].removeprefix("command_")
            if item["intent"] == name:
                continue
            assert name in NAMES
            for line in item["examples"].splitlines():
                said = without_marks(line.strip()[1:].strip())
                found = understanding.command(said)
                if found is None or found.name != name:
                    misread.append((name, said))
    assert misread == []


def test_every_command_has_examples(score: ModuleType) -> None:
    items = [item for file in score.NLU for item in yaml.safe_load(file.read_text())["nlu"]]
    assert {f"command_{name}" for name in NAMES} <= {item["intent"] for item in items}


def test_an_example_word_for_word_is_certain(understanding: Understanding) -> None:
    found = understanding.intent("Is this private?")
    assert (found.name, found.confidence) == ("ask_private", 0.99)


def test_learning_is_the_same_every_time() -> None:
    assert Classifier.learn(EXAMPLES) == Classifier.learn(dict(reversed(EXAMPLES.items())))


def test_what_was_learned_is_kept_and_used(tmp_path: Path) -> None:
    first = Understanding.from_nlu(EXAMPLES, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    assert Classifier.from_json(kept.read_text()) == Classifier.learn(
        {name: lines for name, lines in EXAMPLES.items() if not name.startswith("command_")}
    )
    assert first.intent("is this free").name == "ask_cost"


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"intents": 3}'])
def test_a_spoilt_cache_is_learned_again(tmp_path: Path, spoilt: str) -> None:
    examples = {"greet": [f"hello {spoilt}"], "thank": ["cheers"]}
    Intents.from_examples(examples, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_text(spoilt)
    fresh = tmp_path / ".." / tmp_path.name
    assert Intents.from_examples(examples, fresh).find("cheers").name == "thank"
    assert kept.read_text() != spoilt


def test_a_folder_that_cannot_be_written_to_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    learned = Intents.from_examples({"thank": ["cheers mate"]}, tmp_path / "file" / "cache")
    assert learned.find("cheers mate").name == "thank"


def test_other_examples_have_another_fingerprint() -> None:
    assert fingerprint(EXAMPLES) != fingerprint({**EXAMPLES, "greet": ["hello"]})


def test_without_examples_nothing_is_understood_and_nothing_fails() -> None:
    empty = Understanding.from_nlu({})
    assert empty.command("skip") is None
    assert empty.intent("hello").confidence == 0.0


def test_a_text_like_no_example_has_a_low_confidence(understanding: Understanding) -> None:
    for text in ("zxqv wprt", "the tortoise ate a lettuce", "٣٣٣", "🙃🙃"):
        assert understanding.intent(text).confidence < 0.5, text


def test_marked_words_are_entities() -> None:
    assert entities_of('move it to [friday](day) at [noon]{"entity": "hour"}') == [("day", "friday"), ("hour", "noon")]
    learned = Intents.from_examples({"move": ["move it to [friday](day)", "change the day"]})
    assert learned.find("move it to friday please").entities == {"day": "friday"}


def test_what_to_change_is_given_in_the_persons_words(understanding: Understanding) -> None:
    found = understanding.command("can i change my Phone number pls")
    assert found is not None and (found.name, found.argument) == ("change", "my Phone number")
