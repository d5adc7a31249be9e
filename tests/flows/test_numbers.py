"""Which phone numbers the flows take for a text, and which for a call (R4)."""

from datetime import UTC, datetime

import pytest

import bot
from bot.contract import Facts, Said, Say

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALREADY = {"privacy_checked": True, "consent_support": True, "consent_sharing": ["nobody"], "consent_contact": True}

NO_MOBILES = (
    *("01632 960123", "020 7946 0018", "0207 946 0018", "+44 20 7946 0018", "0300 123 4567", "0800 001 066"),
    *(
        "0909 879 0000",
        "070 1234 5678",
        "076 1234 5678",
        "+33 1 70 18 99 00",
        "0033 6 12 34 56 78",
        "my landline 01632960123",
    ),
)
MOBILES = ("07700 900123", "0 7700 900 123", "+44 7700 900123", "07624 200000", "07700 900123 but dont ring")


def answer(flows: bot.Flows, way: str, number: str) -> tuple[str, bot.State]:
    """What is said to a number where the way was chosen by its digit, and the state after it."""
    state, said = bot.State(slots=ALREADY), ""
    for text in ("/refer_self", way, number):
        step = bot.step(flows, state, Said(text), Facts(), NOW)
        state, said = step.state, next(effect.response for effect in step.effects if isinstance(effect, Say))
    return said, state


@pytest.mark.requirement("R4")
@pytest.mark.parametrize("number", NO_MOBILES)
def test_what_is_no_mobile_of_ours_is_not_taken_for_texts(flows: bot.Flows, number: str) -> None:
    said, state = answer(flows, "2", number)
    assert said in {"utter_contact_number_not_mobile", "utter_again_contact_number"}
    assert "contact_number" not in state.slots


@pytest.mark.requirement("R4")
@pytest.mark.parametrize("number", MOBILES)
def test_a_mobile_is_taken_in_the_ways_people_write_it(flows: bot.Flows, number: str) -> None:
    said, state = answer(flows, "2", number)
    assert said == "utter_ask_number_others_see"
    kept = state.slots["contact_number"]
    assert isinstance(kept, dict)
    assert kept["kind"] == "mobile"


def test_a_landline_may_be_rung(flows: bot.Flows) -> None:
    assert answer(flows, "3", "01632 960123")[0] == "utter_ask_number_others_see"
