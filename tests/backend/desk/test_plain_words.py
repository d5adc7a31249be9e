"""Profiles, answers, times and decisions as a practitioner reads them. Pure."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from backend.desk.answers import answer_lines, safe_now
from backend.desk.compose import preview
from backend.desk.contact import contact_lines, hours_in_words, readable_address, verdict
from backend.desk.words import ALERTS, CHANNELS, ago, alert_words, fate_words, unkept_words, wall_time
from backend.reasons import WHY, why_words
from bot import Flows
from safety.gate import REASONS
from safety.triage import ALERTS as TRIAGE_ALERTS
from safety.types import Drop, Hold, OnSilence, Point, PointState, SafeContact, Send, Window
from tests.backend.desk.reasons import reasons_written

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
POINT = Point("sms", PointState.SAFE)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({0, 1, 2, 3, 4}, "Monday to Friday, 18:00 to 21:00."),
        ({5}, "Saturday, 18:00 to 21:00."),
        ({0, 2, 3}, "Monday and Wednesday to Thursday, 18:00 to 21:00."),
        (set(range(7)), "Every day, 18:00 to 21:00."),
    ],
)
def test_hours_are_said_as_people_say_them(days: set[int], words: str) -> None:
    assert hours_in_words([Window(frozenset(days), time(18), time(21))]) == words


def test_no_hours_is_said_and_not_left_blank() -> None:
    assert hours_in_words([]) == "No hours were agreed."


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=119), "1 hour ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_ages(passed: timedelta, words: str) -> None:
    assert ago(NOW, NOW - passed) == words


def test_a_time_is_on_the_clock_of_its_place() -> None:
    assert wall_time(NOW, NOW.replace(hour=19, minute=30), "Europe/London") == "today 19:30"
    summer = datetime(2026, 7, 1, 18, 30, tzinfo=UTC)
    assert wall_time(NOW, summer, "Europe/London") == "Wed 1 Jul 19:30"
    assert wall_time(NOW, NOW + timedelta(days=1), "Asia/Dhaka") == "tomorrow 16:00"


def test_the_verdict_is_the_gates() -> None:
    held = verdict(Hold(NOW.replace(hour=18), "outside_hours"), POINT, NOW, in_talk=False)
    assert (held.words, held.tone) == ("Not now. A message would wait until today 18:00.", "wait")
    assert verdict(Send(), POINT, NOW, in_talk=True).words.startswith("They are here.")
    assert verdict(Send(), POINT, NOW, in_talk=False).words == "You may write to them now."
    assert verdict(Drop("unsafe"), POINT, NOW, in_talk=False).why == REASONS["unsafe"]


def test_a_window_that_opens_too_late_is_named() -> None:
    contact = SafeContact(windows=(Window(frozenset({4}), time(18), time(21)),))
    too_late = verdict(Drop("too_late_in_hours"), replace(POINT, contact=contact), NOW, in_talk=False)
    assert too_late.why == "Their safe hours next open Fri 6 Mar 18:00. Write then."


def test_a_profile_that_says_nothing_allows_nothing() -> None:
    said = {line.question: (line.answer, line.tone) for line in contact_lines(POINT, "+447700900123", "", {}, NOW)}
    assert said["May we write first?"] == ("No. Wait until they write.", "wait")
    assert said["Who else sees it?"][1] == "wait"
    assert said["If somebody else answers"][0] == "Send nothing at all."
    assert said["If they go quiet"][0] == "Wait for them."
    assert said["This contact point"][0] == "Text message: 07700 900123. They called it safe."


def test_what_stops_everything_comes_first() -> None:
    lines = contact_lines(replace(POINT, opted_out=True, paused=True), "+447700900123", "", {}, NOW)
    assert [line.tone for line in lines[:2]] == ["stop", "stop"]


def test_another_way_that_they_named_is_shown_as_not_checked() -> None:
    number = {"e164": "+447700900555", "kind": "mobile"}
    answers = {"contact_way": "call", "contact_number": number, "contact_number_note": "not before 9"}
    first, note = contact_lines(POINT, "", "", answers, NOW)[:2]
    assert first.answer == "Not here. Ring them: 07700 900555. Not checked with them yet."
    assert first.tone == "wait"
    assert note.answer == "“not before 9”"


def test_what_only_the_answers_tell_about_contact_is_shown() -> None:
    answers = {
        "phone_watched": True,
        "contact_way": "text",
        "number_others_see": "yes",
        "contact_times_note": "not Wed",
    }
    said = {line.question: (line.answer, line.tone) for line in contact_lines(POINT, "", "", answers, NOW)}
    assert said["Is it watched?"][1] == "stop"
    assert said["How they want to be reached"][0] == "Not here. Text another number: they gave no number or address."
    assert said["Who else sees that one?"][1] == "stop"
    assert said["About the times, they wrote"][0] == "“not Wed”"


def test_what_was_agreed_for_another_way_stands_apart_from_what_holds_here() -> None:
    answers = {
        "contact_way": "text",
        "contact_times": [{"days": [0, 2], "start": "10:00", "end": "14:00"}],
        "contact_may_start": True,
    }
    lines = contact_lines(replace(POINT, channel="webchat"), "", "", answers, NOW)
    said = {line.question: (line.answer, line.tone) for line in lines}
    assert said["When is it safe there?"] == ("Monday and Wednesday, 10:00 to 14:00.", "plain")
    assert said["May we go first there?"] == ("Yes, they said.", "plain")
    assert said["Reminders there?"][0] == "No."
    order = [line.question for line in lines]
    assert order.index("When is it safe there?") < order.index("This contact point") < order.index("When?")


def test_another_way_without_times_is_minded() -> None:
    lines = contact_lines(POINT, "", "", {"contact_way": "call"}, NOW)
    assert {line.question: line.tone for line in lines}["When is it safe there?"] == "wait"


def test_a_web_chat_has_no_lock_screen() -> None:
    assert preview("Hello.", Send(), replace(POINT, channel="webchat"), NOW, ()).lock_screen == ""


@pytest.mark.parametrize("silence", list(OnSilence))
@pytest.mark.parametrize("state", list(PointState))
def test_every_state_has_words(silence: OnSilence, state: PointState) -> None:
    point = replace(POINT, state=state, contact=SafeContact(on_silence=silence))
    assert all(line.answer for line in contact_lines(point, "+447700900123", "", {}, NOW))


def test_a_number_is_read_as_in_its_own_country() -> None:
    assert readable_address("sms", "+447700900123") == "07700 900123"
    assert readable_address("sms", "+33612345678").startswith("+33 ")
    assert readable_address("webchat", "anything") == ""


def test_answers_come_in_order_and_unknown_ones_are_kept() -> None:
    lines = answer_lines({"zzz_new": True, "area": "Worthing", "name": "Ash", "contact_way": "here", "story": ""})
    assert [(line.question, line.words) for line in lines] == [
        ("May be called", "Ash"),
        ("Near", "Worthing"),
        ("Zzz new", "Yes"),
    ]


def test_not_saying_is_not_the_same_as_safe() -> None:
    assert safe_now({})[1] == "wait"
    assert safe_now({"safe_now": "not_safe"})[1] == "stop"


def test_every_question_of_the_referral_has_a_line_on_the_desk() -> None:
    """A designer who adds a slot to the referral is told to give it words here."""
    flow = (ROOT / "flows").rglob("*.yml")
    asked = {slot for path in flow for slot in re.findall(r"collect: (\w+)", path.read_text("utf-8"))}
    buttons = re.compile(r"/SetSlots\((\w+)=\[?(\w+)\]?\)")
    offered = {
        pair for path in (ROOT / "flows" / "domain").rglob("*.yml") for pair in buttons.findall(path.read_text("utf-8"))
    }
    missing = {
        (slot, value)
        for slot, value in offered
        if slot in asked and value not in {"true", "false"}
        for line in answer_lines({slot: value})
        if line.words == value
    }
    assert not missing


def test_a_preview_warns_of_what_a_stranger_could_use() -> None:
    shown = preview("Ring me on 07700 900555 at the refuge", Send(), POINT, NOW, ())
    assert shown.hints[0] == "Leave out: refuge."
    assert any("a phone number" in hint for hint in shown.hints)
    assert shown.lock_screen == "Ring me on 07700 900555 at the refuge"


def test_every_alert_that_can_be_raised_has_words() -> None:
    raised = {alert.reason for alert, _ in TRIAGE_ALERTS}
    for path in (ROOT / "backend").rglob("*.py"):
        raised |= set(re.findall(r'raise_alert\([^)]*?"(\w+)", "', path.read_text("utf-8")))
    assert raised - ALERTS.keys() == set()
    assert alert_words("something new") == "Something here needs a person to look at it."


def test_every_reason_that_can_be_written_has_words() -> None:
    written = set(reasons_written(ROOT / "backend"))
    assert {"plan_changed", "plan_ended", "another_talk", "appointment_changed", "left", "risk"} <= written
    assert written - WHY.keys() == set()


def test_a_providers_own_code_is_named() -> None:
    assert "twilio-30003" in why_words("twilio-30003")
    assert why_words("") == ""


def test_fates_have_words() -> None:
    assert fate_words("dropped", "late") == f"not sent: {REASONS['late']}"
    assert fate_words("sent", "") == "sent"
    assert set(CHANNELS) >= {"sms", "webchat"}


def test_reviewed_flows_load(flows: Flows) -> None:
    """The cover line is shown from them."""
    assert flows.version


def test_an_agreed_word_that_was_not_kept_is_told_and_not_left_blank() -> None:
    assert unkept_words("code_word") == "(The agreed word, which is not kept.)"
    assert "asks for help quietly" in unkept_words("duress")
    assert unkept_words("engine").startswith("(No words")
