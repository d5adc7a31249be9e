"""Every way of getting a flow file wrong that we could think of, each with the exact message that the author reads.

A sample is a file of parts: `--- path` before each file of the project, `--- expected` before what is printed. A
project that has
no `domain.yml` of its own gets a small one.
"""

from pathlib import Path

import pytest

import bot
from bot.conversation_tests import load_cases

SAMPLES = sorted((Path(__file__).parent / "broken").glob("*.txt"))

DOMAIN = """\
slots: {nick: {type: text}, age: {type: float}, ok: {type: bool}}
responses:
  utter_hello: [{text: Hello}]
  utter_ask_nick: [{text: Nick?}]
  utter_ask_age: [{text: Age?}]
  utter_ask_ok: [{text: OK?}]
"""
FLOWS = """\
flows: {hello: {description: Says hello, steps: [{action: utter_hello}]}}
"""


def parts(sample: Path) -> dict[str, str]:
    """The files of a sample and what is expected, by name."""
    found: dict[str, str] = {}
    name = ""
    for line in sample.read_text("utf-8").splitlines(keepends=True):
        if line.startswith("--- "):
            name = line[4:].strip()
            found[name] = ""
        else:
            found[name] += line
    return found


def printed(files: dict[str, str], folder: Path) -> str:
    """What the author of `files` reads."""
    whole = {"domain.yml": DOMAIN, "data/hello.yml": FLOWS, **files}
    for name, text in whole.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    with pytest.raises(bot.FlowErrors) as caught:
        load_cases(folder, bot.load_flows(folder))
    return str(caught.value)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_the_message_is_exactly_this(sample: Path, tmp_path: Path) -> None:
    files = parts(sample)
    expected = files.pop("expected")
    assert printed(files, tmp_path).rstrip() == expected.rstrip()


def test_there_are_enough_samples() -> None:
    assert len(SAMPLES) >= 40
