"""`sidedoor flows expose`: what it prints, and when it fails."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.cli import main

Cli = Callable[..., tuple[int, str]]

FLOWS = """\
flows:
  meet:
    description: Meets somebody.
    nlu_trigger: [{intent: meet}]
    steps:
      - collect: drink
      - action: utter_thanks
      - action: utter_bye
"""
DOMAIN = """\
slots: {drink: {type: categorical, values: [tea, coffee]}}
responses:
  utter_ask_drink:
    - text: "Hello. What would you like to drink today? Say a word."
      buttons: [{title: Tea, payload: /SetSlots(drink=tea)}, {title: Coffee, payload: /SetSlots(drink=coffee)}]
  utter_thanks: [{text: Thank you.}]
  utter_bye: [{text: Goodbye for now.}]
"""


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs `sidedoor flows expose`; the exit code and what was said."""

    def run(*arguments: str) -> tuple[int, str]:
        code = main(["flows", "expose", *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A small project."""
    for name, text in (("data/flows.yml", FLOWS), ("domain.yml", DOMAIN)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return str(tmp_path)


def test_a_talk_is_shown_step_by_step_and_then_what_stays(cli: Cli, small: str) -> None:
    code, out = cli("meet", "--flows", small, "--say", "coffee")
    first, second, rest = out.split("\n\n")[:3]
    assert code == 0
    assert first.splitlines()[:3] == [
        "1. The flow begins.",
        "  Lock screen",
        "      07700 900000: Hello. What would you like to drink toda…",
    ]
    assert "2. They write: coffee" in second
    stack = second.split("Notification centre\n")[1].split("  List of")[0].splitlines()
    assert [line.strip() for line in stack] == ["07700 900000: Thank you.", "07700 900000: Goodbye for now."]
    assert "verify before use" in rest
    assert "1 to 07700 900000 in all" in rest
    assert "Undo: Nothing can be taken back." in out
    assert out.endswith("Nothing leaks.\n")


@pytest.mark.requirement("R5")
def test_of_our_own_talk_from_the_first_word_nothing_leaks(cli: Cli) -> None:
    for channel in ("sms", "webchat"):
        code, out = cli("--channel", channel)
        assert code == 0, out
        assert "They write: hello" in out


@pytest.mark.requirement("R1")
def test_a_leak_is_named_with_what_to_do_and_fails(cli: Cli, small: str) -> None:
    domain = Path(small) / "domain.yml"
    domain.write_text(DOMAIN.replace("Thank you.", "The police know."), "utf-8")
    code, out = cli("utter_thanks", "--flows", small)
    assert code == 1
    assert "! leak [lock_screen]: a lock screen shows `police` in its first 40 characters (R5); begin with" in out
    assert out.endswith("Leaks: 1.\n")


def test_a_response_is_shown_on_the_channel_that_was_asked_for(cli: Cli, small: str) -> None:
    assert "[Tea] [Coffee]" in cli("utter_ask_drink", "--flows", small, "--channel", "telegram")[1]
    assert "1 Tea 2 Coffee" in cli("utter_ask_drink", "--flows", small)[1]


def test_what_there_is_not_is_said(cli: Cli, small: str) -> None:
    code, out = cli("meat", "--flows", small)
    assert code != 0
    assert "There is no flow and no response `meat`. Did you mean `meet`?" in out
