"""What the desk says of WhatsApp's 24 hours before a practitioner writes (R26)."""

from datetime import UTC, datetime

import pytest

from backend.desk.compose import fate_of
from backend.desk.contact import verdict
from backend.desk.words import fate_words
from safety.gate import REASONS
from safety.types import Drop, Kind, Point, Send
from safety.whatsapp import TEMPLATES

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LINE = TEMPLATES[Kind.PRACTITIONER]
POINT = Point("whatsapp")


@pytest.mark.requirement("R26")
def test_a_practitioner_is_told_that_only_a_line_would_go() -> None:
    words, tone = fate_of(Send(instead=LINE), POINT, NOW)
    assert LINE in words and "not your words" in words
    assert tone == "wait"
    said = verdict(Send(instead=LINE), POINT, NOW, in_talk=False)
    assert "bland line" in said.words
    assert said.tone == "wait"


@pytest.mark.requirement("R26")
def test_and_that_nothing_would_go_where_there_is_no_line() -> None:
    assert REASONS["whatsapp_window"] in fate_of(Drop("whatsapp_window"), POINT, NOW)[0]


@pytest.mark.requirement("R26")
def test_the_thread_says_that_the_words_did_not_go() -> None:
    assert fate_words("delivered", "as_template") == f"delivered: {REASONS['as_template']}"
