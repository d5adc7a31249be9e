"""Questions to us, and tales of somebody else."""

import pytest

from bot.understanding.addressed import is_question, is_tale


@pytest.mark.parametrize(
    "text", ["is it free", "Who reads this", "ok so what now", "he hits me, is that wrong?", "Can you help"]
)
def test_a_question_begins_or_ends_as_one(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", ["he checks my phone", "delete everything", "maybe later", "island", "whole days"])
def test_what_tells_or_wishes_is_no_question(text: str) -> None:
    assert not is_question(text)


@pytest.mark.parametrize("text", ["He's got my password", "they follow me", "and my son is scared", "its about money"])
def test_what_tells_of_somebody_else_is_a_tale(text: str) -> None:
    assert is_tale(text)


@pytest.mark.parametrize("text", ["delete my messages", "im 13", "hello", "i need somewhere to stay", "history"])
def test_what_is_said_of_oneself_or_to_us_is_none(text: str) -> None:
    assert not is_tale(text)
