"""Every word that may reach a survivor, held against docs/words.md."""

import re
from collections.abc import Callable

import pytest

from safety.lint import lock_screen, names_service, not_gsm7, segments
from tests.flows.catalogue import TEXT_CHANNELS, Words, catalogue
from tests.flows.reading import grade, sentences

ALL = catalogue()
ON_A_PHONE = [words for words in ALL if words.channel in TEXT_CHANNELS]
PREVIEWED = [words for words in ALL if words.channel != "webchat"]
"""What shows on a lock screen: everything but the web page."""

TWO_SEGMENTS = {"utter_danger"}
"""The only message that may take a second segment: 999, silence and 55 have to be in one message (R29)."""

NAMES_IT = re.compile(
    r"abus|violen|support (service|worker)|connect|sidedoor|safelives|helpline|referral|coerc|case ?worker|counsel",
    re.IGNORECASE,
)
"""Stricter than the gate's own list: our texts do without these too."""
GIVES_AWAY = re.compile(
    r"danger|\bsafe|unsafe|hurt|999|police|scared|afraid|secret|\bspy|watch|wipe|delete|private|partner|husband"
    r"|some(one|body) else|any(one|body) else|fault|badly|pregnan|baby|consent|agree",
    re.IGNORECASE,
)
RESERVED = set(
    "STOP STOPALL UNSUBSCRIBE END QUIT CANCEL REVOKE OPTOUT START YES UNSTOP HELP INFO".split()  # noqa: SIM905
)
"""Words that carriers, and Twilio, keep for themselves (R24)."""
BLAMES = re.compile(r"\byou (must|missed|failed|should have)\b|are you sure", re.IGNORECASE)
CLAIMS_A_CALL = re.compile(r"\b(we|i)( have|'ve)? (called|rung|phoned|told the police)", re.IGNORECASE)


def faulty(entries: list[Words], is_wrong: Callable[[Words], object]) -> list[str]:
    """The names of the variations that are wrong, with what was found."""
    return [
        f"{words.response} {words.channel} {words.condition}: {found}"
        for words in entries
        if (found := is_wrong(words))
    ]


def too_long(words: Words, allowed: int) -> int:
    """How many units the message takes if that is more than `allowed` segments, else 0."""
    size = segments(words.message)
    return size.units if size.count > allowed else 0


def test_stays_within_the_seven_bit_alphabet() -> None:
    assert not faulty(ALL, lambda words: not_gsm7(words.message))


@pytest.mark.requirement("R5")
def test_fits_one_segment() -> None:
    assert not faulty(
        ON_A_PHONE,
        lambda words: words.response not in TWO_SEGMENTS and too_long(words, 1),
    )


@pytest.mark.requirement("R29")
def test_danger_fits_two_segments_and_names_999_and_55() -> None:
    danger = [words for words in ON_A_PHONE if words.response in TWO_SEGMENTS]
    assert {words.naming for words in danger} == {True, False}
    assert not faulty(danger, lambda words: too_long(words, 2))
    assert all("999" in words.text and "press 55" in words.text for words in danger)


@pytest.mark.requirement("R5")
def test_the_first_forty_characters_give_nothing_away() -> None:
    assert not faulty(PREVIEWED, lambda words: GIVES_AWAY.search(lock_screen(words.message)))


@pytest.mark.requirement("R1")
def test_names_neither_the_service_nor_abuse_until_naming_is_chosen() -> None:
    neutral = [words for words in ALL if not words.naming]
    assert not faulty(neutral, lambda words: names_service(words.message) or NAMES_IT.search(words.message))


@pytest.mark.requirement("R37")
def test_reads_at_grade_five_or_below() -> None:
    in_sentences = [words for words in ALL if not words.response.startswith("utter_label_")]
    assert not faulty(in_sentences, lambda words: (found := round(grade(words.text), 1)) > 5 and found)


@pytest.mark.requirement("R37")
def test_has_no_sentence_over_twenty_five_words() -> None:
    assert not faulty(ALL, lambda words: [found for found in sentences(words.text) if len(found) > 25])


@pytest.mark.requirement("R24")
def test_asks_for_no_word_that_carriers_keep() -> None:
    assert not faulty(ALL, lambda words: set(re.findall(r"[A-Z]{3,}", words.message)) & RESERVED)
    assert not faulty(ALL, lambda words: {title.upper() for title in words.titles} & RESERVED)


def test_blames_nobody_and_presses_nobody() -> None:
    assert not faulty(ALL, lambda words: BLAMES.search(words.message))


@pytest.mark.requirement("R29")
def test_never_says_that_anybody_was_called() -> None:
    assert not faulty(ALL, lambda words: CLAIMS_A_CALL.search(words.message))


@pytest.mark.requirement("R3")
def test_the_first_reply_is_the_same_for_everybody() -> None:
    openers = [words for words in ALL if words.response == "utter_opener"]
    assert openers
    assert not any(words.condition or "{" in words.text for words in openers)
    assert len({words.channel for words in openers}) == len(openers)


@pytest.mark.requirement("R37")
def test_menus_have_at_most_nine_lines() -> None:
    assert not faulty(ALL, lambda words: len(words.titles) > 9)
