"""New sessions, danger, hand-backs, pages that open, and silence."""

from datetime import timedelta
from typing import Any

import pytest

import bot
from bot.contract import (
    CancelTimer,
    Danger,
    EndSession,
    Facts,
    HandedBack,
    HandOver,
    Opened,
    Said,
    Say,
    SetTimer,
    TimerFired,
)

FLOWS = """
flows:
  pattern_session_start:
    description: Is it a good time?
    steps:
      - collect: good_time
        ask_before_filling: true
        next:
          - if: not slots.good_time
            then: [{action: utter_we_wait}, {action: action_end_session, sidedoor: {reason: later}, next: END}]
          - if: slots.session_resumable
            then: carry_on
          - else: fresh
      - id: carry_on
        collect: carry_on
        ask_before_filling: true
        next:
          - if: slots.carry_on
            then: [{action: action_resume, next: END}]
          - else: fresh
      - id: fresh
        action: action_start_fresh
      - link: form
  form:
    description: Two questions
    nlu_trigger: [{intent: form}]
    steps:
      - collect: one
        sidedoor:
          silence:
            - {after: 60, utter: utter_still_there}
            - {after: 120, then: pause}
      - collect: two
      - action: utter_done
  aside:
    description: Something else
    nlu_trigger: [{intent: aside}]
    steps: [{action: utter_aside}]
  always:
    description: May be asked before the privacy check is done
    nlu_trigger: [{intent: always}]
    sidedoor: {anytime: true}
    steps: [{action: utter_aside}]
"""
DOMAIN = """
slots:
  good_time: {type: bool}
  carry_on: {type: bool}
  one: {type: text, sidedoor: {label: The first}}
  two: {type: text}
responses:
  utter_ask_good_time: [{text: Good time?}]
  utter_ask_carry_on: [{text: Carry on?}]
  utter_we_wait: [{text: We wait.}]
  utter_ask_one: [{text: One?}]
  utter_ask_two: [{text: Two?}]
  utter_still_there: [{text: Still there?}]
  utter_done: [{text: "Done {one} {two}"}]
  utter_aside: [{text: Aside.}]
"""


@pytest.fixture
def begun(load: Any, talk: Any) -> Any:
    """A talk whose first question is open."""
    started = talk(load(FLOWS, DOMAIN))
    assert started.say("hello", new_session=True) == ["Good time?"]
    assert started.say("yes") == ["One?"]
    return started


def test_a_new_session_lays_the_open_talk_below_and_takes_it_up_when_asked(begun: Any) -> None:
    begun.say("a")
    assert begun.say("b", new_session=True) == ["Good time?"]
    assert begun.say("yes") == ["Carry on?"]
    assert begun.say("yes") == ["Let us carry on.", "Two?"]
    assert begun.say("b") == ["Done a b"]


def test_starting_fresh_empties_what_lay_below(begun: Any) -> None:
    begun.say("a")
    begun.say("hi", new_session=True)
    begun.say("yes")
    assert begun.say("no") == ["One?"]
    assert begun.state.slots.get("one") is None
    assert begun.state.parked == ()


def test_nothing_below_is_lost_when_it_is_not_a_good_time(begun: Any) -> None:
    begun.say("a")
    begun.say("hi", new_session=True)
    outcome = begun.step(Said("no"))
    assert EndSession("later") in outcome.effects
    assert [frame.flow for frame in begun.state.parked] == ["form"]
    begun.say("hi", new_session=True)
    begun.say("yes")
    assert begun.say("yes")[-1] == "Two?"


def test_a_second_new_session_in_the_middle_of_the_opening_words_begins_them_again(begun: Any) -> None:
    begun.say("hi", new_session=True)
    assert begun.say("hi", new_session=True) == ["Good time?"]
    assert [frame.flow for frame in begun.state.stack] == ["pattern_session_start"]
    assert [frame.flow for frame in begun.state.parked] == ["form"]


@pytest.mark.requirement("R3")
def test_the_first_reply_is_the_same_for_everybody(begun: Any, talk: Any) -> None:
    stranger = talk(begun.flows)
    texts = {tuple(each.say(words, new_session=True)) for each in (begun, stranger) for words in ("hi", "person", "")}
    assert texts == {("Good time?",)}


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("words", ["change", "change one", "back", "leave it", "carry on", "say that again", "/resume"])
def test_nothing_of_the_talk_below_shows_through_the_opening_words(begun: Any, talk: Any, words: str) -> None:
    begun.say("a secret")
    begun.say("change one")
    begun.say("hi", new_session=True)
    stranger = talk(begun.flows)
    stranger.say("hi", new_session=True)
    assert begun.say(words) == stranger.say(words)
    begun.say("/SetSlots(one=x)")
    assert begun.state.slots["one"] == "a secret"


def test_an_answer_to_the_opening_words_is_no_changed_answer(begun: Any) -> None:
    begun.say("a")
    begun.say("change one")
    begun.say("hi", new_session=True)
    assert begun.say("yes") == ["Carry on?"]


def test_what_is_private_waits_for_the_opening_words(begun: Any) -> None:
    begun.say("hi", new_session=True)
    assert "Aside." not in begun.say("/aside")
    assert begun.say("/always") == ["Aside.", "Let us carry on.", "Good time?"]


@pytest.mark.requirement("R29")
def test_danger_before_anything_else(load: Any, talk: Any) -> None:
    started = talk(load(FLOWS, DOMAIN))
    outcome = started.step(Danger(), new_session=True)
    assert [effect for effect in outcome.effects if not isinstance(effect, Say)] == [HandOver("danger", "urgent")]
    assert [effect.lane for effect in outcome.effects if isinstance(effect, Say)] == ["danger"]
    assert started.say("ok") == ["Good time?"]


def test_the_number_0_and_the_way_out_are_heard_right_after_danger(begun: Any) -> None:
    begun.step(Danger())
    assert HandOver("asked") in begun.step(Said("0")).effects
    begun.step(Danger())
    assert EndSession("exit") in begun.step(Said("bye")).effects


def test_handing_back_asks_the_open_question(begun: Any) -> None:
    outcome = begun.step(HandedBack())
    assert [effect.response for effect in outcome.effects if isinstance(effect, Say)] == [
        "utter_handed_back",
        "utter_ask_one",
    ]


def test_a_page_that_opens_in_a_session_asks_the_open_question(begun: Any, talk: Any) -> None:
    assert [effect.response for effect in begun.step(Opened()).effects if isinstance(effect, Say)] == ["utter_ask_one"]
    page = talk(begun.flows)
    opened = page.step(Opened(), new_session=True)
    assert [effect.response for effect in opened.effects if isinstance(effect, Say)] == ["utter_ask_good_time"]


def test_nothing_is_said_after_the_session_has_ended(load: Any, talk: Any) -> None:
    flows = FLOWS.replace("- action: utter_done", "- {action: action_end_session}\n      - action: utter_done")
    started = talk(load(flows, DOMAIN))
    started.say("hi", new_session=True)
    started.say("yes")
    started.say("a")
    outcome = started.step(Said("b"))
    assert outcome.effects[0] == EndSession("done")
    assert not [effect for effect in outcome.effects if isinstance(effect, Say)]


# --- silence ---------------------------------------------------------------------------------------------------------


def _on_the_web(load: Any, talk: Any) -> tuple[Any, bot.Step]:
    started = talk(load(FLOWS, DOMAIN), Facts(channel="webchat"))
    started.say("hello", new_session=True)
    return started, started.step(Said("yes"))


def test_silence_nudges_and_then_pauses(load: Any, talk: Any) -> None:
    started, asked = _on_the_web(load, talk)
    timer = next(effect for effect in asked.effects if isinstance(effect, SetTimer))
    assert timer.after == timedelta(seconds=60)
    nudged = started.step(TimerFired("silence", timer.fence))
    assert [effect.text for effect in nudged.effects if isinstance(effect, Say)] == ["Still there?"]
    timer = next(effect for effect in nudged.effects if isinstance(effect, SetTimer))
    assert timer.after == timedelta(seconds=120)
    assert EndSession("later") in started.step(TimerFired("silence", timer.fence)).effects
    assert started.say("a", new_session=True) == ["Good time?"]


def test_a_timer_of_an_older_question_does_nothing(load: Any, talk: Any) -> None:
    started, asked = _on_the_web(load, talk)
    fence = next(effect.fence for effect in asked.effects if isinstance(effect, SetTimer))
    answered = started.step(Said("a"))
    assert CancelTimer("silence") in answered.effects
    assert started.step(TimerFired("silence", fence)).effects == ()


def test_an_unclear_answer_begins_the_silence_anew(load: Any, talk: Any) -> None:
    started, asked = _on_the_web(load, talk)
    first = next(effect for effect in asked.effects if isinstance(effect, SetTimer))
    second = next(effect for effect in started.step(Said("wait")).effects if isinstance(effect, SetTimer))
    assert second.after == first.after
    assert second.fence != first.fence


def test_there_is_no_silence_timer_on_phones(begun: Any) -> None:
    assert not [effect for effect in begun.step(Said("why")).effects if isinstance(effect, SetTimer)]


def test_the_open_question_has_a_name(load: Any, talk: Any) -> None:
    flows = load(FLOWS, DOMAIN)
    started = talk(flows)
    assert bot.open_slot(flows, started.state) == ""
    started.say("hello", new_session=True)
    assert bot.open_slot(flows, started.state) == "good_time"


def test_what_speaks_against_an_agreed_word_can_be_read_by_flows(load: Any, talk: Any) -> None:
    flows = load(
        """
flows:
  word:
    description: Agrees a word
    nlu_trigger: [{intent: word}]
    steps:
      - collect: word
        next:
          - if: slots.session_word_fault
            then: [{action: utter_another, next: END}]
          - else: END
""",
        """
slots: {word: {type: text}}
responses:
  utter_ask_word: [{text: Word?}]
  utter_another: [{text: "Another, for {session_word_fault}"}]
""",
    )
    started = talk(flows)
    started.say("/word")
    assert started.say("password", word_fault="too_common") == ["Another, for too_common"]
