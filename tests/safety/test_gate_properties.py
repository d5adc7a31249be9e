"""The door out, over random profiles, clocks and messages: nothing is ever sent outside what the profile allows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from safety.gate import REASONS, decide
from safety.hours import is_open
from safety.lint import names_service
from safety.profile import SAFETY, loosens, tightened
from safety.types import Drop, Hold, Kind, Outgoing, Point, PointState, Rules, SafeContact, Send, Window
from tests.safety import oracle
from tests.safety.worlds import (
    BANK_HOLIDAYS,
    STARTED,
    cases,
    contacts,
    exact_windows,
    gaps,
    near_changes,
    night_windows,
    windows,
)

RULES = Rules(naming_words=frozenset({"Sparrow House"}), whatsapp_templates=oracle.APPROVED)
World = tuple[Outgoing, Point, datetime]


def decided(world: World) -> oracle.Verdict:
    """What the gate says, in the oracle's words."""
    match decide(*world[:2], RULES, world[2]):
        case Send():
            return oracle.SEND
        case Hold(until=until):
            return until
        case Drop():
            return oracle.DROP


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R7")
@pytest.mark.requirement("R9")
@pytest.mark.requirement("R10")
@given(cases(STARTED, most_faults=1, opens_in=(0, -1, 3, 9)))
@settings(max_examples=150)
def test_what_we_start_goes_waits_or_is_dropped_as_the_profile_says(world: World) -> None:
    assert decided(world) == oracle.verdict(*world)


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R4")
@pytest.mark.requirement("R8")
@given(cases(most_faults=3))
@settings(max_examples=150)
def test_every_kind_of_message_meets_the_same_answer_as_by_hand(world: World) -> None:
    assert decided(world) == oracle.verdict(*world)


@pytest.mark.requirement("R7")
@given(cases(STARTED[1:], most_faults=0, opens_in=(0, 2)), st.lists(exact_windows, min_size=1, max_size=4).map(tuple))
@settings(max_examples=120)
def test_hours_to_the_minute_are_kept_to_the_minute(world: World, hours: tuple[Window, ...]) -> None:
    message, point, now = world
    point = replace(point, contact=replace(point.contact, windows=hours))
    assert decided((message, point, now)) == oracle.verdict(message, point, now)


@pytest.mark.requirement("R7")
@given(st.lists(night_windows, min_size=1, max_size=2).map(tuple), near_changes)
@settings(max_examples=150)
def test_around_a_clock_change_every_minute_on_the_wall_counts(
    hours: tuple[Window, ...], place: tuple[str, datetime]
) -> None:
    zone, now = place
    contact = SafeContact(hours, zone, may_start=True, reminders=True)
    point = Point("sms", PointState.SAFE, contact, confirmed_at=now)
    message = Outgoing(Kind.REMINDER, "Hello.", now + timedelta(hours=30))
    assert decided((message, point, now)) == oracle.verdict(message, point, now)
    decision = decide(message, point, RULES, now)
    if isinstance(decision, Send) and decision.validity:
        minutes = range(int(decision.validity.total_seconds()) // 60)
        assert all(oracle.is_agreed(contact, now + minute * oracle.MINUTE) for minute in minutes)


@pytest.mark.requirement("R8")
@given(cases(STARTED, most_faults=1, opens_in=(0, -1)))
@settings(max_examples=120)
def test_a_provider_may_hold_it_only_while_it_might_still_be_sent(world: World) -> None:
    message, point, now = world
    decision = decide(message, point, RULES, now)
    assume(isinstance(decision, Send))
    assert isinstance(decision, Send) and decision.validity
    assert decision.validity <= message.not_after - now
    moment, last = now, now + decision.validity - oracle.SECOND
    while moment < last:
        assert oracle.in_talk(point, moment) or oracle.is_agreed(point.contact, moment)
        assert decision.instead or not oracle.free_words_are_over(point, moment)
        moment += oracle.MINUTE


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R4")
@pytest.mark.requirement("R8")
@given(cases(most_faults=1, opens_in=(0, -1)))
@settings(max_examples=120)
def test_whatever_goes_names_nothing_is_in_time_and_reaches_a_mobile(world: World) -> None:
    message, point, now = world
    decision = decide(message, point, RULES, now)
    assume(isinstance(decision, Send))
    assert isinstance(decision, Send) and decision.validity
    assert now < now + decision.validity <= message.not_after
    assert point.mobile or point.channel != "sms"
    assert point.contact.naming or not names_service(decision.instead or message.text, RULES.naming_words)


@pytest.mark.requirement("R29")
@given(cases())
@settings(max_examples=120)
def test_danger_in_a_talk_is_never_delayed(world: World) -> None:
    message, point, now = world
    danger = replace(message, kind=Kind.DANGER, text="If you can, ring 999.", not_after=now + timedelta(minutes=5))
    assert not isinstance(decide(replace(message, kind=Kind.DANGER), point, RULES, now), Hold)
    reachable = point.may_be_tried and (point.mobile or point.channel != "sms")
    if oracle.in_talk(point, now) and reachable:
        assert isinstance(decide(danger, point, RULES, now), Send)


@pytest.mark.requirement("R29")
@given(cases((Kind.DANGER,)), contacts)
def test_no_part_of_a_profile_but_naming_touches_danger(world: World, other: SafeContact) -> None:
    message, point, now = world
    elsewhere = replace(point, contact=replace(other, naming=point.contact.naming), opted_out=True, paused=True)
    assert decide(message, elsewhere, RULES, now) == decide(message, point, RULES, now)


@pytest.mark.requirement("R7")
@given(st.sampled_from(BANK_HOLIDAYS), st.integers(0, 1439), st.lists(windows, min_size=1, max_size=3).map(tuple))
def test_a_bank_holiday_is_a_day_like_the_same_day_of_another_week(
    day: tuple[int, int], minute: int, hours: tuple[Window, ...]
) -> None:
    """Two weeks on no clock has changed, whichever holiday it is."""
    now = datetime(2026, *day, tzinfo=UTC) + timedelta(minutes=minute)  # type: ignore[misc]  # month and day
    point = Point("sms", PointState.SAFE, SafeContact(hours, may_start=True, reminders=True))
    fortnight = timedelta(days=14)
    here, later = (
        decided((Outgoing(Kind.REMINDER, "Hello.", at + timedelta(days=3)), replace(point, confirmed_at=at), at))
        for at in (now, now + fortnight)
    )
    assert later == (here + fortnight if isinstance(here, datetime) else here)


@pytest.mark.requirement("R7")
@given(cases(STARTED[1:], most_faults=1, opens_in=(2, 5)))
@settings(max_examples=120)
def test_a_hold_ends_inside_the_hours_and_in_time(world: World) -> None:
    message, point, now = world
    decision = decide(message, point, RULES, now)
    assume(isinstance(decision, Hold) and decision.reason == "outside_hours")
    assert isinstance(decision, Hold)
    assert now < decision.until < message.not_after
    assert is_open(point.contact.windows, ZoneInfo(point.contact.time_zone), decision.until)
    still_agreed = replace(point, confirmed_at=decision.until, expires_at=None, last_heard_at=decision.until)
    assert isinstance(decide(message, still_agreed, RULES, decision.until), Send)


@st.composite
def tighter(draw: st.DrawFn, point: Point) -> Point:
    """The same contact point with some of what protects it pulled tighter, and nothing loosened."""
    contact = tightened(point.contact, draw(contacts))
    states = SAFETY[: SAFETY.index(point.state) + 1]
    earlier = draw(gaps)
    return replace(
        point,
        contact=draw(st.sampled_from((point.contact, contact))),
        state=draw(st.sampled_from(states)),
        opted_out=point.opted_out or draw(st.booleans()),
        paused=point.paused or draw(st.booleans()),
        mobile=point.mobile and draw(st.booleans()),
        in_doubt=point.in_doubt or draw(st.booleans()),
        expires_at=point.expires_at and point.expires_at - earlier,
        last_inbound_at=point.last_inbound_at and draw(st.sampled_from((None, point.last_inbound_at - earlier))),
    )


@pytest.mark.requirement("R14")
@given(st.data(), cases())
@settings(max_examples=150)
def test_tightening_never_turns_a_hold_or_a_drop_into_a_send(data: st.DataObject, world: World) -> None:
    message, point, now = world
    before = decide(message, point, RULES, now)
    after = decide(message, data.draw(tighter(point)), RULES, now)
    assert isinstance(before, Send) or not isinstance(after, Send)


@pytest.mark.requirement("R14")
@given(contacts, contacts)
def test_what_holds_until_the_rest_is_confirmed_loosens_nothing(old: SafeContact, new: SafeContact) -> None:
    assert loosens(old, tightened(old, new)) == ()


@given(cases())
def test_every_decision_has_a_reason_that_the_desk_can_say(world: World) -> None:
    decision = decide(*world[:2], RULES, world[2])
    if isinstance(decision, (Drop, Hold)):
        assert REASONS[decision.reason]
