"""What holds for every talk, whatever is typed: it never breaks, it is the same each time, there is a way out."""

import json
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.contract import Danger, EndSession, Event, Facts, HandedBack, HandOver, Opened, Said, Say, TimerFired, Trouble
from bot.conversation_tests.cases import START
from tests.our_flows import FOLDER, our_flows

ROOT = Path(__file__).parents[2]
PROJECTS = {
    "talking": ROOT / "tests/bot/projects/talking",
    "asks_before_changing": ROOT / "tests/bot/projects/asks_before_changing",
    "flows": FOLDER,
}

WORDS = [
    "1",
    "2",
    "3",
    "4",
    "5",
    "0",
    "skip",
    "why",
    "back",
    "change",
    "later",
    "help",
    "exit",
    "person",
    "restart",
    "resume",
    "wait",
    "repeat",
    "yes",
    "no",
    "ye",
    "nah",
    "Sam",
    "BN11",
    "12",
    "sign_me_up",
    "opening_times",
    "leave_it",
    "purple",
]
PHRASES = [
    "change my name", "no leave it", "go back", "say that again", "are you a robot", "when are you open",
    "07700 900123", "i want to register", "who reads this", "1 and 3", "tues after 3", "start again", "", " ", "😀",
    "STOP", "a" * 500, "/skip", "/why", "/change", "/resume", "/refer_self", "/form", "change one", "/register",
    "/SetSlots(way=call)",
    "/SetSlots(nope=1, way=null)", "/SetSlots(=)", "/SetSlots(session_verified=true)", "/greet{",
    '/register{"a": [1]}', "/restart", "/session_start", "/session_end", "/SetSlots(good_time=now)",
    "/SetSlots(hours=abc)", "{nick}", "{{slots.nick}}", "\x00", "'; drop table",
]  # fmt: skip

said = st.one_of(st.sampled_from(WORDS + PHRASES), st.text(max_size=30)).map(Said)
events: st.SearchStrategy[Event] = st.one_of(
    said,
    said,
    said,
    said,
    st.sampled_from([Danger(), Opened(), HandedBack(), TimerFired("silence", "3"), TimerFired("x", "")]),
)
facts = st.builds(
    Facts,
    channel=st.sampled_from(["sms", "webchat", "email"]),
    naming=st.booleans(),
    verified=st.booleans(),
    new_session=st.sampled_from([False, False, False, True]),
    staffed=st.booleans(),
    service=st.just({"name": "Harbour", "hours": "9 to 5"}),
)
talks = st.lists(st.tuples(events, facts), min_size=1, max_size=25)


@lru_cache
def _flows(name: str) -> bot.Flows:
    return our_flows() if PROJECTS[name] == FOLDER else bot.load_flows(PROJECTS[name])


def _step(flows: bot.Flows, state: bot.State, event: Event, known: Facts) -> bot.Step:
    """One step, taken twice and with the state written out and read back, which must make no difference."""
    first = bot.step(flows, state, event, known, START)
    assert bot.step(flows, bot.State.from_json(json.loads(json.dumps(state.to_json()))), event, known, START) == first
    assert bot.State.from_json(first.state.to_json()) == first.state
    return first


@pytest.mark.parametrize("project", PROJECTS)
@settings(max_examples=40, deadline=None)
@given(talk=talks)
def test_no_talk_breaks_the_engine(project: str, talk: list[tuple[Event, Facts]]) -> None:
    flows = _flows(project)
    state = bot.new_state(flows)
    for event, known in talk:
        outcome = _step(flows, state, event, known)
        for effect in outcome.effects:
            assert not isinstance(effect, Trouble), effect
            if isinstance(effect, Say):
                assert effect.response in flows.responses
                assert "{" not in effect.text
        state = outcome.state
        assert len(json.dumps(state.to_json())) < 12_000


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("project", PROJECTS)
@settings(max_examples=40, deadline=None)
@given(talk=talks)
def test_a_person_and_the_way_out_are_always_one_word_away(project: str, talk: list[tuple[Event, Facts]]) -> None:
    flows = _flows(project)
    state = bot.new_state(flows)
    for event, known in talk:
        state = _step(flows, state, event, known).state
    calm = Facts()
    asked = bot.step(flows, state, Said("0"), calm, START)
    left = bot.step(flows, state, Said("/exit"), calm, START)
    if not state.session_due:
        assert any(isinstance(effect, HandOver) for effect in asked.effects)
        assert any(isinstance(effect, EndSession) for effect in left.effects)


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("project", PROJECTS)
@settings(max_examples=40, deadline=None)
@given(talk=talks, known=facts)
def test_danger_gets_one_message_and_a_person_wherever_the_talk_is(
    project: str, talk: list[tuple[Event, Facts]], known: Facts
) -> None:
    flows = _flows(project)
    state = bot.new_state(flows)
    for event, facts_then in talk:
        state = bot.step(flows, state, event, facts_then, START).state
    outcome = bot.step(flows, state, Danger(), known, START)
    said = [effect for effect in outcome.effects if isinstance(effect, Say)]
    assert HandOver("danger", "urgent") in outcome.effects
    assert [each.lane for each in said] == ["danger"]
    if not known.new_session:
        assert outcome.state.stack == state.stack


@settings(max_examples=40, deadline=None)
@given(talk=st.lists(said, max_size=12))
def test_nobody_reads_the_same_sentence_three_times_for_being_unclear(talk: list[Said]) -> None:
    flows = _flows("talking")
    state = bot.new_state(flows)
    for event in talk:
        state = bot.step(flows, state, event, Facts(), START).state
    told: list[str] = []
    for _ in range(3):
        outcome = bot.step(flows, state, Said("xqzzy vrrk plmbb"), Facts(), START)
        state = outcome.state
        told += [effect.text for effect in outcome.effects if isinstance(effect, Say)]
    assert all(told.count(text) < 3 for text in told)
