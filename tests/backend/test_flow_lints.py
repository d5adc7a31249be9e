"""The safety rules as the flow checker meets them: which message each of them looks at."""

from dataclasses import replace

import pytest

from backend.flow_lints import flow_lints, stack_lints
from bot.checker import Remark, Rendered
from tests.our_flows import our_flows

LINTS = {lint.code: lint for lint in flow_lints(our_flows(), frozenset({"harbour"}))}
TWO_SEGMENTS = "a" * 200


def found(
    code: str, text: str, *, response: str = "utter_x", channel: str = "sms", language: str = "en", naming: bool = False
) -> bool:
    """Whether a rule finds an error in a message."""
    said = LINTS[code].look(Rendered(response, channel, language, naming, text))
    return any(isinstance(wrong, str) or wrong.is_error for wrong in said)


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


@pytest.mark.requirement("R1")
def test_a_button_names_nothing_either() -> None:
    for channel in ("whatsapp", "telegram", "webchat"):
        message = Rendered("utter_x", channel, "en", False, "Which one?", ("Find a refuge", "Something else"))
        assert [*LINTS["names_service"].look(message)]


@pytest.mark.requirement("R5")
def test_what_was_chosen_to_be_named_is_still_noted_where_a_longer_screen_shows_it() -> None:
    message = Rendered("utter_x", "sms", "en", True, "Hello. Is now a good time to talk to us? It is the Harbour.")
    noted = [wrong for wrong in LINTS["lock_screen"].look(message) if isinstance(wrong, Remark)]
    assert [(wrong.code, wrong.is_error) for wrong in noted] == [("preview", False)]


@pytest.mark.requirement("R5")
def test_messages_that_arrive_together_are_read_together() -> None:
    (rule,) = stack_lints()
    row = [Rendered(f"utter_{text[:3]}", "sms", "en", False, text) for text in ("It may be domestic", "abuse, or not.")]
    assert [wrong.is_error for wrong in rule.look_at_stack(row)] == [True]
    assert not [*rule.look_at_stack(row[:1])]
    page = [replace(message, channel="webchat") for message in row]
    assert not [*rule.look_at_stack(page)]


@pytest.mark.requirement("R24")
def test_words_that_carriers_keep_are_asked_for_nowhere() -> None:
    assert found("carrier_word", "Reply STOP to end.")
    assert found("carrier_word", "Reply STOP to end.", channel="webchat")


def test_a_translation_may_need_another_alphabet() -> None:
    assert found("not_gsm7", "Zażółć")
    assert not found("not_gsm7", "Zażółć", language="pl")
    assert not found("not_gsm7", "Zażółć", channel="webchat")
