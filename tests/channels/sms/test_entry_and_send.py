"""A number that is let in is one that may be texted, and the other way round (R4)."""

import phonenumbers
import pytest

from bot.understanding.readers.phone import kind_of
from safety.numbers import may_text
from tests.safety.test_numbers import RANGES


@pytest.mark.requirement("R4")
@pytest.mark.parametrize("number", [number for number, _, _ in RANGES])
def test_entry_and_send_agree(number: str) -> None:
    assert (kind_of(phonenumbers.parse(number, None), number) == "mobile") is may_text(number)
