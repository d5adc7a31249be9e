"""What another understanding made of the words: believed where it is sure, and the built-in layer finds nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.contract import Facts, Said, Say
from bot.conversation_tests.cases import START

TALKING = Path(__file__).parent / "projects" / "talking"
ODD = "summat made of wires"
"""Words that the built-in layer makes nothing of."""


@pytest.fixture(scope="module")
def flows() -> bot.Flows:
    return bot.load_flows(TALKING)


@pytest.fixture
def at(talk: Callable[..., Any], flows: bot.Flows) -> Callable[..., list[str]]:
    """Goes to a question by what is said before, then gives what comes of an event: the names of the responses."""

    def hear(event: Said, *before: str) -> list[str]:
        talking = talk(flows, Facts(channel="sms"))
        for text in before:
            talking.say(text)
        return [effect.response for effect in talking.step(event).effects if isinstance(effect, Say)]

    return hear


def machine(text: str = ODD, confidence: float = 0.9) -> Said:
    """Words that another understanding takes for the question whether this is a machine."""
    return Said(text, "are_you_a_machine", confidence)


def test_alone_the_odd_words_are_not_understood(at: Callable[..., list[str]]) -> None:
    assert at(Said(ODD)) == ["utter_cannot_handle"]


def test_a_sure_reading_starts_a_flow(at: Callable[..., list[str]]) -> None:
    assert at(machine())[0] == "utter_machine"


def test_it_starts_one_above_a_question_that_the_words_do_not_answer(at: Callable[..., list[str]]) -> None:
    assert at(machine(), "sign me up", "Sam") == ["utter_machine", "utter_flow_continue_interrupted", "utter_ask_way"]


@pytest.mark.parametrize("confidence", [0.0, 0.5, 0.79])
def test_an_unsure_one_changes_nothing(at: Callable[..., list[str]], confidence: float) -> None:
    assert at(machine(confidence=confidence)) == at(Said(ODD))


@pytest.mark.parametrize("text", ["by text", "2", "why", "skip", "0", "/SetSlots(way=call)"])
def test_an_answer_and_a_command_go_first(at: Callable[..., list[str]], text: str) -> None:
    before = ("sign me up", "Sam")
    assert at(machine(text, 1.0), *before) == at(Said(text), *before)


def test_a_question_in_ones_own_words_takes_them(at: Callable[..., list[str]]) -> None:
    assert at(machine("Sam", 1.0), "sign me up") == at(Said("Sam"), "sign me up")


def test_an_intent_that_nothing_is_for_leaves_the_built_in_reading(at: Callable[..., list[str]]) -> None:
    text = "when do you close"
    assert at(Said(text, "not_of_this_project", 1.0)) == at(Said(text)) == ["utter_ask_day"]


def test_its_entities_fill_slots(load: Callable[..., bot.Flows]) -> None:
    flows = load(
        "flows:\n  a:\n    description: A\n    nlu_trigger: [{intent: move}]\n    steps:\n"
        "      - collect: town\n      - action: utter_town",
        "slots:\n  town: {type: text, mappings: [{type: from_entity, entity: town}]}\n"
        "responses:\n  utter_ask_town: [{text: Which town?}]\n  utter_town: [{text: 'So, {town}.'}]",
    )
    said = Said("off to leeds me", "move", 0.9, {"town": "Leeds"})
    outcome = bot.step(flows, bot.State(), said, Facts(), START)
    assert [effect.text for effect in outcome.effects if isinstance(effect, Say)] == ["So, Leeds."]


def test_its_words_are_in_no_repr() -> None:
    assert "Leeds" not in repr(Said("off to leeds", "move", 0.9, {"town": "Leeds"}))
