"""The engine's own words fit a phone, name nothing, and can be read by anybody."""

from functools import lru_cache
from pathlib import Path

import pytest

import bot
from bot.checker.reading import HARDEST, grade
from bot.checker.texts import NOT_SENTENCES
from safety.lint import asks_for_carrier_word, lock_screen, names_service, not_gsm7, segments

TALKING = Path(__file__).parent / "projects" / "talking"


@lru_cache
def _defaults() -> dict[str, str]:
    flows = bot.load_flows(TALKING)
    return {name: flows.responses[name].variations[0].text.source for name in sorted(flows.default_responses)}


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("name", _defaults())
def test_it_fits_one_segment_of_seven_bits(name: str) -> None:
    assert not not_gsm7(_defaults()[name].replace("{{context.names}}", ""))
    assert segments(_defaults()[name]).count == 1


@pytest.mark.requirement("R1")
@pytest.mark.parametrize("name", _defaults())
def test_it_names_nothing(name: str) -> None:
    assert not names_service(_defaults()[name])
    assert "999" not in lock_screen(_defaults()[name])


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("name", _defaults())
def test_it_asks_for_no_word_that_carriers_keep(name: str) -> None:
    assert not asks_for_carrier_word(_defaults()[name])


@pytest.mark.requirement("R37")
@pytest.mark.parametrize("name", [name for name in _defaults() if not name.startswith(NOT_SENTENCES)])
def test_it_is_easy_to_read(name: str) -> None:
    assert grade(_defaults()[name]) <= HARDEST
