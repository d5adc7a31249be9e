"""WhatsApp's 24 hours, and the lines that go after them (R26)."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.gate import decide
from safety.lint import asks_for_carrier_word, names_service, personal
from safety.sms_text import segments
from safety.types import Drop, Hold, Kind, Outgoing, Point, PointState, Rules, SafeContact, Send, Window
from safety.whatsapp import TEMPLATES

NOW = datetime(2026, 1, 5, 14, tzinfo=UTC)
ALWAYS = SafeContact(windows=(Window(frozenset(range(7)), time(0), time(0)),), may_start=True, reminders=True)
POINT = Point("whatsapp", PointState.SAFE, ALWAYS, confirmed_at=NOW - timedelta(days=2))
STARTED = [Kind.PRACTITIONER, Kind.REMINDER, Kind.CHECK_IN, Kind.RECHECK]
WITHOUT, WITH = Rules(), Rules(whatsapp_templates=frozenset(STARTED))
DAY, SECOND = timedelta(hours=24), timedelta(seconds=1)
WORDS = "Hello. See you on Tuesday."


def gate(heard: timedelta | None, kind: Kind = Kind.PRACTITIONER, rules: Rules = WITHOUT, text: str = WORDS) -> object:
    """The decision on a message to somebody who last wrote so long ago."""
    point = replace(POINT, last_heard_at=None if heard is None else NOW - heard)
    return decide(Outgoing(kind, text, NOW + timedelta(days=2)), point, rules, NOW)


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("kind", STARTED)
def test_free_words_go_until_a_second_before_the_24_hours_are_over(kind: Kind) -> None:
    assert gate(DAY - SECOND, kind) == Send(SECOND)


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("late", [timedelta(0), SECOND, timedelta(days=30)])
@pytest.mark.parametrize("kind", STARTED)
def test_from_then_on_nothing_free_goes(kind: Kind, late: timedelta) -> None:
    assert gate(DAY + late, kind) == Drop("whatsapp_window")


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("kind", STARTED)
def test_an_approved_line_goes_in_their_place(kind: Kind) -> None:
    decision = gate(DAY + SECOND, kind, WITH)
    assert isinstance(decision, Send)
    assert decision.instead == TEMPLATES[kind]


@pytest.mark.requirement("R26")
def test_somebody_who_never_wrote_gets_nothing_free() -> None:
    assert gate(None) == Drop("whatsapp_window")


@pytest.mark.requirement("R26")
def test_a_line_for_another_kind_does_not_serve() -> None:
    assert gate(DAY, Kind.CHECK_IN, Rules(whatsapp_templates=frozenset({Kind.REMINDER}))) == Drop("whatsapp_window")


@pytest.mark.requirement("R26")
def test_inside_the_window_the_words_go_and_no_line() -> None:
    decision = gate(timedelta(hours=1), rules=WITH)
    assert isinstance(decision, Send) and not decision.instead
    assert decision.validity and decision.validity <= timedelta(hours=23)


@pytest.mark.requirement("R26")
def test_the_line_is_what_is_looked_at_for_it_is_what_is_seen() -> None:
    named = "There is help for domestic abuse."
    assert isinstance(gate(DAY, rules=WITH, text=named), Send)
    assert gate(DAY, text=named) == Drop("names_service")


@pytest.mark.requirement("R26")
def test_a_line_opens_no_other_door() -> None:
    closed = replace(POINT, last_heard_at=NOW - 2 * DAY)
    message = Outgoing(Kind.PRACTITIONER, WORDS, NOW + timedelta(days=2))
    for point, why in (
        (replace(closed, opted_out=True), "opted_out"),
        (replace(closed, paused=True), "paused"),
        (replace(closed, state=PointState.UNSAFE), "unsafe"),
        (replace(closed, contact=replace(ALWAYS, may_start=False)), "not_agreed"),
    ):
        assert decide(message, point, WITH, NOW) == Drop(why)
    evening = replace(ALWAYS, windows=(Window(frozenset(range(7)), time(20), time(21)),))
    assert isinstance(decide(message, replace(closed, contact=evening), WITH, NOW), Hold)


@pytest.mark.requirement("R26")
@given(st.integers(0, 60 * 48), st.sampled_from(STARTED), st.booleans())
def test_free_words_never_leave_after_the_window_nor_wait_beyond_it(minutes: int, kind: Kind, lines: bool) -> None:
    heard = timedelta(minutes=minutes)
    decision = gate(heard, kind, WITH if lines else WITHOUT)
    if isinstance(decision, Send) and not decision.instead:
        assert decision.validity and heard + decision.validity <= DAY


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R26")
@pytest.mark.parametrize("text", TEMPLATES.values())
def test_the_lines_are_bland_and_hold_nobody(text: str) -> None:
    assert not names_service(text) and not personal(text) and not asks_for_carrier_word(text)
    assert segments(text).count == 1 and segments(text).encoding == "GSM-7"
