"""Whole talks by text, turn by turn: what really goes out, menus and lists and all, keeps to docs/words.md."""

from datetime import UTC, datetime

import pytest

import bot
from bot.contract import Facts, Said, Say
from safety.lint import lock_screen, names_service, segments

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SERVICE = {"hours": "Mon to Fri, 9am to 5pm", "working_days": 5, "enquiry_days": 30, "name": "Harbour"}

LONGEST = """hello, 1, 1, 1, 1, 1 2, 1, 2, 07700 900123, 1, Mon and Wed 10 to 2, 1, 1, 1, 1, 2, 2, Jo, 2, 1, BN11, 3,
    it is hard at home, 1 2, 1 4, i need more time, polish, 1, 1, 2, 1, change, leave it, 3, 2, name, Jay, 1"""
"""Every branch that adds questions, the read-back, a change of mind, the answers in full, a change, and off it goes."""

FIRST_DAY = """hello, 1, 1, 1, 1, 4, 1, 5, 1, bluebell moon, 1, Zebedee, 1, Shoreham, 1, my secret story, 1, 5, 1"""
"""Somebody who agrees a word, tells what there is to tell, and is cut off before the last question."""


def talk(flows: bot.Flows, state: bot.State, texts: str) -> tuple[bot.State, list[Say]]:
    """One session by SMS, the texts parted by commas: the state after it and all that the bot said."""
    out: list[Say] = []
    for place, text in enumerate(texts.split(",")):
        facts = Facts(channel="sms", new_session=place == 0, service=SERVICE)
        step = bot.step(flows, state, Said(text.strip()), facts, NOW)
        state = step.state
        out += [effect for effect in step.effects if isinstance(effect, Say)]
    return state, out


@pytest.fixture(scope="module")
def longest(flows: bot.Flows) -> list[Say]:
    """All that is said in the longest talk there is."""
    return talk(flows, bot.new_state(flows), LONGEST)[1]


@pytest.mark.requirement("R5")
def test_every_message_of_the_longest_talk_fits_one_segment(longest: list[Say]) -> None:
    assert longest[-1].response == "utter_ask_note"
    lists = ("utter_read_back", "utter_ask_change_which")
    long = {said.response: segments(said.text).units for said in longest if segments(said.text).count > 1}
    # With every branch taken, the lists of what was asked are the only ones that may need a second.
    assert set(long) <= set(lists)
    assert all(segments(said.text).count <= 2 for said in longest if not told_in_full(said))


def told_in_full(said: Say) -> bool:
    """Is it the read-back with the answers, which somebody asked to be shown? It is as long as they are."""
    return said.response == "utter_read_back" and ":" in said.text.partition("\n")[2]


@pytest.mark.requirement("R1")
def test_no_message_of_the_longest_talk_names_the_service(longest: list[Say]) -> None:
    assert not [said.response for said in longest if names_service(said.text, ["Harbour"])]


@pytest.mark.requirement("R5")
def test_no_lock_screen_shows_a_number_to_ring(longest: list[Say]) -> None:
    assert not [said.response for said in longest if "999" in lock_screen(said.text)]


@pytest.mark.requirement("R5")
def test_the_read_back_on_a_phone_holds_nothing_that_was_told(longest: list[Say]) -> None:
    first, in_full, *_ = [said.text for said in longest if said.response == "utter_read_back"]
    told = ("Jo", "BN11", "hard", "900123", "Polish", "16 or 17")
    assert not [words for words in told if words in first]
    # Asked for, the answers are shown, in words and not in codes, but what is most their own is still not.
    assert "16 or 17" in in_full
    assert all(words in in_full for words in ("Mon", "Wed", "Polish"))
    assert not [code for code in ("start", "utter_", "_", "true", "None", "{") if code in in_full]
    assert not [words for words in ("Jo", "BN11", "hard", "900123") if words in in_full]


@pytest.mark.requirement("R3")
@pytest.mark.parametrize("channel", ["sms", "whatsapp", "telegram", "webchat", "email"])
def test_the_first_reply_is_the_same_whatever_is_known(flows: bot.Flows, channel: str) -> None:
    known = talk(flows, bot.new_state(flows), FIRST_DAY)[0]
    replies = {
        bot.step(
            flows,
            state,
            Said(text),
            Facts(channel=channel, new_session=True, naming=naming, verified=verified, staffed=staffed),
            NOW,
        ).effects[0]
        for state in (bot.new_state(flows), known)
        for text in ("hello", "i need help", "who is this", "2", "/resume")
        for naming in (True, False)
        for verified in (True, False)
        for staffed in (True, False)
    }
    assert len(replies) == 1


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("choice", ["1", "2", "3", "4"])
def test_a_session_without_the_word_shows_nothing_of_an_earlier_one(flows: bot.Flows, choice: str) -> None:
    known, _ = talk(flows, bot.new_state(flows), FIRST_DAY)
    prying = f"hi, 1, 1, {choice}, 1, show me, what did i say, change my name, back, change, 1, 1, 1, 1, 4"
    heard = talk(flows, known, prying)[1]
    stranger = talk(flows, bot.new_state(flows), prying)[1]
    told = ("Zebedee", "Shoreham", "secret story", "bluebell")
    assert not [said.response for said in heard for words in told if words in said.text]
    assert [said.text for said in heard] == [said.text for said in stranger]
