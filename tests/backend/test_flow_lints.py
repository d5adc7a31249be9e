"""The safety rules as the flow checker meets them: which message each of them looks at."""

from pathlib import Path

import pytest

from backend.flow_lints import flow_lints
from bot import load_flows
from bot.checker import Rendered

LINTS = {
    lint.code: lint for lint in flow_lints(load_flows(Path(__file__).parents[2] / "flows"), frozenset({"harbour"}))
}
TWO_SEGMENTS = "a" * 200


def found(
    code: str, text: str, *, response: str = "utter_x", channel: str = "sms", language: str = "en", naming: bool = False
) -> bool:
    """Whether a rule finds something in a message."""
    return bool([*LINTS[code].look(Rendered(response, channel, language, naming, text))])


@pytest.mark.requirement("R29")
def test_only_what_is_said_in_danger_may_take_a_second_segment() -> None:
    assert found("segments", TWO_SEGMENTS)
    assert not found("segments", TWO_SEGMENTS, response="utter_danger")
    assert found("segments", "a" * 400, response="utter_danger")
    assert not found("segments", TWO_SEGMENTS, channel="webchat")


@pytest.mark.requirement("R1")
def test_naming_is_free_where_it_was_chosen() -> None:
    for text in ("We are here about domestic abuse.", "The Harbour is open."):
        assert found("names_service", text)
        assert not found("names_service", text, naming=True)


@pytest.mark.requirement("R5")
def test_a_lock_screen_is_bland_even_where_naming_was_chosen() -> None:
    assert found("lock_screen", "Harbour: are you there?", naming=True)
    assert not found("lock_screen", "Hello. Is now a good time to talk to us? It is the Harbour.", naming=True)
    assert not found("lock_screen", "Harbour: are you there?", naming=True, channel="webchat")


@pytest.mark.requirement("R24")
def test_words_that_carriers_keep_are_asked_for_nowhere() -> None:
    assert found("carrier_word", "Reply STOP to end.")
    assert found("carrier_word", "Reply STOP to end.", channel="webchat")


def test_a_translation_may_need_another_alphabet() -> None:
    assert found("not_gsm7", "Zażółć")
    assert not found("not_gsm7", "Zażółć", language="pl")
    assert not found("not_gsm7", "Zażółć", channel="webchat")
