"""What read_signs promises, message by message: fragments, softening, typing, and what it never does."""

import pytest

from safety.danger import read_signs
from safety.danger.tables import tables
from safety.types import Level

R29 = pytest.mark.requirement("R29")


@R29
@pytest.mark.parametrize(
    "text",
    [
        "he has a knife",
        "HES GOT A KNIFE!!",
        "hes got a nife",
        "hesgotaknife",
        "k n i f e",
        "he has a kn1fe",
        "🔪",
        "stop he has a knife",
        "999",
        "i want to die",
        "i cant do this anymore",
        "hes going to kill me",
        "he strangled me just now",
        "my dad is hitting my mum",
        "they are taking me to pakistan to get married",
        "hes outside",
        "he locked me in",
        "Sorry to trouble you. My husband has taken a large knife from the drawer and is standing on the stairs.",
    ],
)
def test_urgent_however_it_is_typed(text: str) -> None:
    assert read_signs(text).level is Level.URGENT


@R29
@pytest.mark.parametrize("text", ["help", "Help", "help me", "pls help", "HELP!!!", "hlp", "knife", "gun", "bleeding"])
def test_a_lone_grave_word_or_cry_for_help_is_urgent(text: str) -> None:
    assert read_signs(text).level is Level.URGENT


@pytest.mark.parametrize("text", ["stop", "stop it", "Stop it!", "please stop", "STOP", "stop now", "no stop"])
def test_a_refusal_is_no_danger(text: str) -> None:
    """Triage reads it as an opt-out; it is no cry that wakes somebody."""
    assert read_signs(text).level is not Level.URGENT


@R29
@pytest.mark.parametrize(
    ("recent", "text"),
    [(["hes", "got a"], "knife"), (["i want"], "to die"), (["hes hitting"], "me"), (["hi", "he wont let me"], "leave")],
)
def test_danger_told_in_fragments_is_found(recent: list[str], text: str) -> None:
    assert read_signs(text, recent).level is Level.URGENT


@pytest.mark.parametrize("text", ["ok", "yes", "BN11", "2", "thanks"])
def test_danger_told_before_is_not_raised_again_by_an_ordinary_answer(text: str) -> None:
    assert read_signs(text, ["he has a knife"]).level is Level.NONE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "🙂",
        "shot of espresso please",
        "just killing time before my appointment",
        "bleeding radiators",
        "fire alarm test tomorrow",
        "my battery died",
        "police station appointment on Tuesday",
        "this traffic is killing me",
        "he did not hurt me",
        "im not suicidal",
        "the form asks has he ever threatened to kill you do i have to answer",
        *"0123456789",
    ],
)
def test_ordinary_figurative_denied_and_quoted_words_raise_nothing(text: str) -> None:
    assert read_signs(text).level in (Level.NONE, Level.DISCLOSURE)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("years ago he strangled me", Level.CONCERN),
        ("my friend says her boyfriend threatened to kill her", Level.CONCERN),
        ("he controls the money", Level.DISCLOSURE),
        ("i am being abused", Level.DISCLOSURE),
    ],
)
def test_the_lesser_levels(text: str, level: Level) -> None:
    assert read_signs(text).level is level


def test_the_kind_and_the_words_are_told() -> None:
    signs = read_signs("hello he has a knife please")
    assert signs.kinds[0] == "weapon"
    assert any("knife" in words for words in signs.words)
    assert "knife" not in repr(signs)


def test_the_same_words_are_read_the_same_way() -> None:
    assert read_signs("hes outside", ["hi"]) == read_signs("hes outside", ["hi"])


@R29
@pytest.mark.parametrize(
    "text",
    [
        "on ma nóż",
        "Pomocy!",
        "m-a bătut",
        "mujhe maar raha hai",
        "amake mare",
        "ساعدوني",
        "ele tem uma faca",
        "у нього ніж",
    ],
)
def test_drafted_languages(text: str) -> None:
    assert read_signs(text).level is Level.URGENT


def test_every_rule_is_about_something_and_can_be_anchored() -> None:
    for rules in tables().rules.values():
        for rule in rules:
            assert rule.pattern.anchor, rule.pattern.text


def test_a_very_long_message_is_read_at_both_ends() -> None:
    padding = "we went to the shops and had tea " * 400
    assert read_signs("he has a knife " + padding).level is Level.URGENT
    assert read_signs(padding + " he has a knife").level is Level.URGENT
