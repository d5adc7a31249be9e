"""Every question can be explained, put in other words, passed over and answered by digits; every turn is answered."""

import random
from datetime import UTC, datetime, timedelta

import pytest

import bot
from bot.contract import Danger, EndSession, Event, Facts, HandedBack, Said, Say, Trouble
from bot.language.models import CollectStep
from safety.lint import names_service, segments

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SERVICE = {"hours": "Mon to Fri, 9am to 5pm", "working_days": 5, "enquiry_days": 30, "name": "Harbour"}
OPEN_EAR = {"note", "daily_reply"}
"""Not a question: nothing is asked, and there is nothing to pass over."""

TEXTS = """1; 1; 1; 1; 2; 3; 4; 5; 9; 0; skip; why; back; again; change; change my name; no, leave it; later
    ; start again; help; bye; wait; go on; /resume; who are you; who reads this; are you a bot; im 12; 07700 900123; Jo
    ; a@b.co; Worthing; mon 10-2; yes; no; 1 2; thanks; hello; asdf qwer; i want to talk to a person; it is hard at home
    ; bluebell moon; delete my messages; dont contact me any more; i have a new number; i want to complain
    ; how do i hide this chat; im worried about my friend"""


def questions(flows: bot.Flows) -> list[CollectStep]:
    """Every question of our own."""
    steps = (step for flow in flows.flows.values() if flow.own for step in flow.steps.values())
    return [step for step in steps if isinstance(step, CollectStep)]


def test_every_question_can_be_explained_and_put_in_other_words(flows: bot.Flows) -> None:
    slots = {step.slot for step in questions(flows)}
    assert not [name for name in slots if flows.slots[name].why not in flows.responses]
    free = {name for name in slots if flows.slots[name].reader == "free_text"}
    assert not [name for name in slots - free if f"utter_again_{name}" not in flows.responses]


@pytest.mark.requirement("R37")
def test_every_question_can_be_answered_or_passed_over_by_digits_alone(flows: bot.Flows) -> None:
    """On a phone each question has numbered lines; one without a line for it is passed over by the word."""
    asked = {step.utter for step in questions(flows) if step.slot not in OPEN_EAR}
    bare = [name for name in asked if not all(variation.buttons for variation in flows.responses[name].variations)]
    assert not bare


def test_no_question_insists_on_an_answer(flows: bot.Flows) -> None:
    assert all(flows.slots[step.slot].skippable and not step.force for step in questions(flows))


@pytest.mark.requirement("R21")
def test_every_question_of_the_referral_has_its_own_silence(flows: bot.Flows) -> None:
    for name in ("pattern_session_start", "consent", "safe_contact", "about_you", "needs", "sending"):
        steps = [step for step in flows.flows[name].steps.values() if isinstance(step, CollectStep)]
        assert steps
        assert all(step.silences and step.silences[-1].then == "pause" for step in steps), name


def event(chance: random.Random) -> Event:
    """Something that may happen in a talk, mostly words."""
    rare = chance.random()
    if rare < 0.02:
        return Danger() if rare < 0.01 else HandedBack()
    return Said(chance.choice(TEXTS.split(";")).strip())


@pytest.mark.requirement("R29")
@pytest.mark.parametrize("seed", range(40))
def test_every_turn_is_answered_in_few_plain_words_and_without_trouble(flows: bot.Flows, seed: int) -> None:
    chance = random.Random(seed)
    state, new = bot.new_state(flows), True
    channel, verified = chance.choice(["sms", "whatsapp", "telegram", "webchat"]), chance.random() < 0.2
    for turn in range(60):
        facts = Facts(channel, new_session=new, verified=verified, fresh_code="4821 7730 1965 2204", service=SERVICE)
        step = bot.step(flows, state, event(chance), facts, NOW + timedelta(minutes=turn))
        said = [effect for effect in step.effects if isinstance(effect, Say)]
        ended = any(isinstance(effect, EndSession) for effect in step.effects)
        assert said or ended
        assert not [effect for effect in step.effects if isinstance(effect, Trouble)]
        assert not [words.response for words in said if names_service(words.text, ["Harbour"]) or "{" in words.text]
        if channel in ("sms", "whatsapp"):
            assert all(segments(words.text).count <= 2 for words in said if ":" not in words.text.partition("\n1 ")[2])
        state, new = step.state, ended or chance.random() < 0.03
