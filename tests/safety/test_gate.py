"""The door out, rule by rule."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from safety.gate import REASONS, RULES, decide, decide_staff_alert
from safety.staff_texts import STAFF_TEXTS, staff_text
from safety.types import Decision, Drop, Hold, Kind, Outgoing, Point, PointState, Rules, SafeContact, Send, Window

NOW = datetime(2026, 1, 5, 14, tzinfo=UTC)
"""A Monday in winter, two in the afternoon."""

MORNINGS = (Window(frozenset(range(7)), time(9), time(12)),)
AFTERNOONS = (Window(frozenset(range(7)), time(13), time(17)),)
AGREED = SafeContact(windows=AFTERNOONS, may_start=True, reminders=True)
SAFE = Point("sms", PointState.SAFE, AGREED, confirmed_at=NOW - timedelta(days=1))
IN_TALK = Point("sms", last_inbound_at=NOW - timedelta(minutes=2))
BLAND = "Hello. See you on Tuesday at three."
RULES_OF_HOUSE = Rules(naming_words=frozenset({"Sparrow House"}))
STARTED = [Kind.PRACTITIONER, Kind.REMINDER, Kind.CHECK_IN, Kind.RECHECK]


def gate(
    kind: Kind, point: Point, text: str = BLAND, lasts: timedelta = timedelta(days=2), now: datetime = NOW
) -> Decision:
    return decide(Outgoing(kind, text, NOW + lasts), point, RULES_OF_HOUSE, now)


def reason(decision: Decision) -> str:
    assert isinstance(decision, Drop)
    return decision.reason


@pytest.mark.requirement("R2")
@pytest.mark.parametrize("kind", STARTED)
@pytest.mark.parametrize(("state", "why"), [(PointState.UNKNOWN, "not_known_safe"), (PointState.UNSAFE, "unsafe")])
def test_nothing_is_started_to_unknown_or_unsafe(kind: Kind, state: PointState, why: str) -> None:
    assert reason(gate(kind, replace(SAFE, state=state))) == why


@pytest.mark.requirement("R2")
@pytest.mark.parametrize("kind", STARTED)
def test_to_a_safe_point_inside_its_hours_it_goes(kind: Kind) -> None:
    assert isinstance(gate(kind, SAFE), Send)


@pytest.mark.requirement("R2")
@pytest.mark.parametrize("kind", STARTED)
def test_without_leave_to_write_first_nothing_is_started(kind: Kind) -> None:
    assert reason(gate(kind, replace(SAFE, contact=replace(AGREED, may_start=False)))) == "not_agreed"


@pytest.mark.requirement("R2")
@pytest.mark.parametrize("state", [*PointState])
@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.DANGER])
def test_an_answer_goes_within_ten_minutes_whatever_the_state(kind: Kind, state: PointState) -> None:
    point = replace(IN_TALK, state=state)
    last = NOW - timedelta(minutes=2)
    assert isinstance(gate(kind, point, now=last + timedelta(minutes=9, seconds=59)), Send)
    assert reason(gate(kind, point, now=last + timedelta(minutes=10))) == "talk_over"
    assert reason(gate(kind, replace(SAFE, state=state))) == "talk_over"


@pytest.mark.requirement("R21")
def test_on_a_page_the_talk_lasts_as_long_as_an_idle_session() -> None:
    page = replace(IN_TALK, channel="webchat", last_inbound_at=NOW - timedelta(minutes=14))
    assert isinstance(gate(Kind.PRACTITIONER, page), Send)
    assert (
        reason(gate(Kind.PRACTITIONER, replace(page, last_inbound_at=NOW - timedelta(minutes=15)))) == "not_known_safe"
    )


@pytest.mark.requirement("R2")
def test_a_practitioner_answers_in_the_talk_but_never_where_it_is_unsafe() -> None:
    assert isinstance(gate(Kind.PRACTITIONER, IN_TALK), Send)
    assert reason(gate(Kind.PRACTITIONER, replace(IN_TALK, state=PointState.UNSAFE))) == "unsafe"
    assert reason(gate(Kind.REMINDER, IN_TALK)) == "not_known_safe"


@pytest.mark.requirement("R29")
@pytest.mark.parametrize(
    "point",
    [
        replace(SAFE, contact=replace(AGREED, windows=MORNINGS), last_inbound_at=NOW),
        replace(IN_TALK, opted_out=True),
        replace(IN_TALK, paused=True),
        replace(IN_TALK, state=PointState.STALE),
        replace(IN_TALK, state=PointState.UNSAFE),
    ],
)
def test_danger_in_a_talk_is_never_delayed(point: Point) -> None:
    assert isinstance(gate(Kind.DANGER, point, "If you can, ring 999. Press 55 when asked."), Send)


@pytest.mark.requirement("R7")
@pytest.mark.parametrize("kind", STARTED)
def test_outside_the_hours_it_waits_for_the_next_opening(kind: Kind) -> None:
    decision = gate(kind, replace(SAFE, contact=replace(AGREED, windows=MORNINGS)))
    assert decision == Hold(datetime(2026, 1, 6, 9, tzinfo=UTC), "outside_hours")


@pytest.mark.requirement("R8")
@pytest.mark.parametrize("kind", STARTED)
def test_what_would_be_too_late_at_the_next_opening_is_dropped(kind: Kind) -> None:
    decision = gate(kind, replace(SAFE, contact=replace(AGREED, windows=MORNINGS)), lasts=timedelta(hours=19))
    assert decision == Drop("too_late_in_hours", tell_worker=True)


@pytest.mark.requirement("R8")
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.STAFF_ALERT])
def test_late_means_dropped_and_a_worker_told(kind: Kind) -> None:
    assert gate(kind, replace(SAFE, last_inbound_at=NOW), lasts=timedelta(0)) == Drop("late", tell_worker=True)


@pytest.mark.requirement("R8")
def test_a_provider_may_hold_it_only_as_long_as_the_hours_the_message_and_the_talk_last() -> None:
    assert gate(Kind.REMINDER, SAFE) == Send(timedelta(hours=3))
    assert gate(Kind.REMINDER, SAFE, lasts=timedelta(hours=1)) == Send(timedelta(hours=1))
    assert gate(Kind.REPLY, IN_TALK) == Send(timedelta(minutes=8))


@pytest.mark.requirement("R8")
def test_in_the_last_second_of_the_hours_it_waits() -> None:
    nearly_over = datetime(2026, 1, 5, 16, 59, 59, 500_000, tzinfo=UTC)
    assert gate(Kind.REMINDER, SAFE, now=nearly_over) == Hold(datetime(2026, 1, 6, 13, tzinfo=UTC), "outside_hours")


@pytest.mark.requirement("R9")
def test_reminders_are_off_until_the_person_says_so() -> None:
    assert not SafeContact().reminders
    assert reason(gate(Kind.REMINDER, replace(SAFE, contact=replace(AGREED, reminders=False)))) == "reminders_off"
    assert isinstance(gate(Kind.CHECK_IN, replace(SAFE, contact=replace(AGREED, reminders=False))), Send)


@pytest.mark.requirement("R10")
@pytest.mark.parametrize(
    "old",
    [
        replace(SAFE, state=PointState.STALE),
        replace(SAFE, confirmed_at=NOW - timedelta(days=28)),
        replace(SAFE, expires_at=NOW),
        replace(SAFE, confirmed_at=None),
    ],
)
def test_when_the_answers_have_expired_only_a_bland_recheck_goes(old: Point) -> None:
    assert {reason(gate(kind, old)) for kind in STARTED if kind is not Kind.RECHECK} == {"stale"}
    assert isinstance(gate(Kind.RECHECK, old), Send)
    named = replace(old, contact=replace(AGREED, naming=True))
    assert reason(gate(Kind.RECHECK, named, "Is Sparrow House still welcome here?")) == "names_service"


@pytest.mark.requirement("R1")
@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.DANGER, *STARTED])
@pytest.mark.parametrize("text", ["About the abuse", "Here is Sparrow House.", "SPARROW\nHOUSE", "the re\u00adfuge"])
def test_no_word_names_the_service_or_abuse_unless_that_was_chosen(kind: Kind, text: str) -> None:
    point = replace(SAFE, last_inbound_at=NOW)
    assert reason(gate(kind, point, text)) == "names_service"
    if kind is not Kind.RECHECK:
        assert isinstance(gate(kind, replace(point, contact=replace(AGREED, naming=True)), text), Send)


@pytest.mark.requirement("R1")
def test_a_subject_is_read_too() -> None:
    message = Outgoing(Kind.REPLY, BLAND, NOW + timedelta(hours=1), subject="Domestic abuse")
    assert reason(decide(message, IN_TALK, RULES_OF_HOUSE, NOW)) == "names_service"


@pytest.mark.requirement("R4")
@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.DANGER, *STARTED])
def test_no_text_message_goes_to_what_is_no_mobile(kind: Kind) -> None:
    assert reason(gate(kind, replace(SAFE, mobile=False, last_inbound_at=NOW))) == "not_mobile"
    assert isinstance(gate(kind, replace(SAFE, channel="telegram", mobile=False, last_inbound_at=NOW)), Send)


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("text", ["See https://example.org", "Room 2, 14 High Street", "Your case 10023 is open"])
def test_what_we_send_by_ourselves_holds_nothing_personal(text: str) -> None:
    assert {reason(gate(kind, SAFE, text)) for kind in STARTED[1:]} == {"personal"}
    assert isinstance(gate(Kind.PRACTITIONER, SAFE, text), Send)


@pytest.mark.requirement("R13")
@pytest.mark.requirement("R24")
@pytest.mark.parametrize("change", ["opted_out", "paused"])
def test_after_stop_or_while_paused_nothing_is_started_and_answers_look_as_ever(change: str) -> None:
    point = replace(SAFE, last_inbound_at=NOW, **{change: True})
    assert {reason(gate(kind, point)) for kind in STARTED} == {change}
    assert isinstance(gate(Kind.REPLY, point), Send)


def test_without_hours_or_in_a_zone_that_is_none_nothing_is_started() -> None:
    for contact in (replace(AGREED, windows=()), replace(AGREED, time_zone="Nowhere/Atall")):
        assert reason(gate(Kind.REMINDER, replace(SAFE, contact=contact))) == "no_hours"


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("key", STAFF_TEXTS)
def test_a_staff_text_wakes_staff_and_never_reaches_a_person(key: str) -> None:
    words = STAFF_TEXTS[key]
    message = Outgoing(Kind.STAFF_ALERT, words.text, NOW + timedelta(hours=1), words.subject)
    assert decide_staff_alert(message, NOW) == Send(timedelta(hours=1))
    assert reason(decide(message, replace(SAFE, last_inbound_at=NOW), Rules(), NOW)) == "staff_text"
    assert reason(decide_staff_alert(message, NOW + timedelta(hours=1))) == "late"


@pytest.mark.requirement("R38")
def test_no_other_words_go_to_staff() -> None:
    lasts = NOW + timedelta(hours=1)
    for text, subject in [("Jo is waiting", ""), (staff_text("urgent").text, "About Jo")]:
        assert reason(decide_staff_alert(Outgoing(Kind.STAFF_ALERT, text, lasts, subject), NOW)) == "not_in_catalogue"
    reply = Outgoing(Kind.REPLY, staff_text("urgent").text, lasts)
    assert reason(decide_staff_alert(reply, NOW)) == "not_in_catalogue"


def test_every_urgency_has_a_text_and_says_so_again() -> None:
    for urgency in ("urgent", "soon", "routine"):
        assert staff_text(urgency).text and staff_text(urgency, again=True).text
    with pytest.raises(KeyError):
        staff_text("whenever")


OWN_RULES = frozenset({"in_trial"})
"""Rules that we set ourselves; the others carry out a requirement."""


def test_every_rule_says_which_requirement_it_carries_out() -> None:
    assert all((rule.__doc__ or "").startswith("R") for rule in RULES if rule.__name__ not in OWN_RULES)
    assert all(sentence.endswith(".") for sentence in REASONS.values())
