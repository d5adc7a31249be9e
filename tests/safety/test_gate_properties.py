"""The door out, over random profiles, clocks and messages: nothing is ever sent outside what the profile allows."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from safety.gate import REASONS, decide
from safety.hours import is_open
from safety.lint import names_service, personal
from safety.profile import SAFETY, loosens, stale, tightened
from safety.types import Drop, Hold, Kind, Outgoing, Point, PointState, Rules, SafeContact, Send
from tests.safety.worlds import QUARTER, STARTED, cases, contacts, gaps

RULES = Rules(naming_words=frozenset({"Sparrow House"}))
World = tuple[Outgoing, Point, datetime]


def in_talk(point: Point, now: datetime) -> bool:
    lasts = timedelta(minutes=15 if point.channel == "webchat" else 10)
    return point.last_inbound_at is not None and now - point.last_inbound_at < lasts


@pytest.mark.requirement("R2")
@pytest.mark.requirement("R7")
@pytest.mark.requirement("R9")
@pytest.mark.requirement("R10")
@given(cases(STARTED, most_faults=1, opens_in=(0, -1)))
@settings(max_examples=200)
def test_nothing_is_started_outside_what_the_profile_allows(world: World) -> None:
    message, point, now = world
    decision = decide(message, point, RULES, now)
    answer = message.kind in (Kind.REPLY, Kind.DANGER, Kind.PRACTITIONER) and in_talk(point, now)
    assume(isinstance(decision, Send) and not answer)
    assert isinstance(decision, Send) and decision.validity
    contact, where = point.contact, ZoneInfo(point.contact.time_zone)
    assert contact.may_start and not point.opted_out and not point.paused
    assert point.state is PointState.SAFE or (point.state is PointState.STALE and message.kind is Kind.RECHECK)
    assert message.kind is Kind.RECHECK or not stale(point, now)
    assert message.kind is not Kind.REMINDER or contact.reminders
    assert message.kind is Kind.PRACTITIONER or not personal(message.text)
    moment, end = now, now + decision.validity
    while moment < end:
        assert is_open(contact.windows, where, moment)
        moment += QUARTER


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R4")
@pytest.mark.requirement("R8")
@given(cases(most_faults=1, opens_in=(0, -1)))
@settings(max_examples=200)
def test_whatever_goes_names_nothing_is_in_time_and_reaches_a_mobile(world: World) -> None:
    message, point, now = world
    decision = decide(message, point, RULES, now)
    assume(isinstance(decision, Send))
    assert isinstance(decision, Send) and decision.validity
    assert now < now + decision.validity <= message.not_after
    assert point.mobile or point.channel != "sms"
    assert point.contact.naming or not names_service(message.text, RULES.naming_words)


@pytest.mark.requirement("R29")
@given(cases())
@settings(max_examples=300)
def test_danger_in_a_talk_is_never_delayed(world: World) -> None:
    message, point, now = world
    danger = replace(message, kind=Kind.DANGER, text="If you can, ring 999.", not_after=now + timedelta(minutes=5))
    assert not isinstance(decide(replace(message, kind=Kind.DANGER), point, RULES, now), Hold)
    if in_talk(point, now) and (point.mobile or point.channel != "sms"):
        assert isinstance(decide(danger, point, RULES, now), Send)


@pytest.mark.requirement("R7")
@given(cases(STARTED[1:], most_faults=1, opens_in=(2, 5)))
@settings(max_examples=200)
def test_a_hold_ends_inside_the_hours_and_in_time(world: World) -> None:
    message, point, now = world
    decision = decide(message, point, RULES, now)
    assume(isinstance(decision, Hold))
    assert isinstance(decision, Hold)
    assert now < decision.until < message.not_after
    assert is_open(point.contact.windows, ZoneInfo(point.contact.time_zone), decision.until)
    still_agreed = replace(point, confirmed_at=decision.until, expires_at=None)
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
        expires_at=point.expires_at and point.expires_at - earlier,
        last_inbound_at=point.last_inbound_at and draw(st.sampled_from((None, point.last_inbound_at - earlier))),
    )


@pytest.mark.requirement("R14")
@given(st.data(), cases())
@settings(max_examples=400)
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
