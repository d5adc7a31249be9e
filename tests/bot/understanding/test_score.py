"""The labelled answers are read at least as well as docs/understanding.md says."""

import re
from types import ModuleType
from typing import Any

from bot.understanding import READERS, Understanding

_ROW = re.compile(r"^\| (\w+) \| (\d+)/(\d+) \| (\d+)/(\d+) \| (\d+)/(\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def test_no_kind_scores_below_what_is_written(
    score: ModuleType, understanding: Understanding, answers: list[Any]
) -> None:
    table = score.table(understanding, answers)
    now = {row[0]: [int(each) for each in row[1:]] for row in _ROW.findall(table)}
    written = {row[0]: [int(each) for each in row[1:]] for row in _ROW.findall(score.PAGE.read_text())}
    assert written.keys() == now.keys()
    for kind, (*parts, guessed, wrong) in written.items():
        got = now[kind]
        assert got[1:6:2] == parts[1::2], f"{kind}: run tools/score_understanding.py --write"
        assert all(each >= before for each, before in zip(got[:6:2], parts[::2], strict=True)), kind
        assert got[6] <= guessed and got[7] <= wrong, kind


def test_the_set_is_large_and_a_third_of_it_is_held_out(answers: list[Any]) -> None:
    held = [answer for answer in answers if answer.split != "tune"]
    assert len(answers) >= 600
    assert len(held) >= len(answers) / 3
    assert {answer.kind for answer in answers} == {*READERS, "commands", "intents"}


def test_no_answer_is_in_both_parts(answers: list[Any]) -> None:
    parts: dict[tuple[str, int, str], str] = {}
    for answer in answers:
        assert parts.setdefault((answer.kind, answer.group, answer.text), answer.split) == answer.split, answer.text


def test_no_answer_that_can_be_read_is_a_command_too(understanding: Understanding, answers: list[Any]) -> None:
    """Commands are looked for first: only 0, which is always a person, may hide an answer."""
    readable = [answer for answer in answers if answer.kind in READERS and answer.expected is not None]
    commands = {answer.text for answer in readable if understanding.command(answer.text) and answer.kind != "free_text"}
    assert commands <= {"0"}
