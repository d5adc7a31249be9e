"""Agreed words: what may be one, how it is kept, and what a return code is (R12, R13, R15, R21)."""

import inspect
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety import secret_words
from safety.carrier_words import CARRIER_WORDS
from safety.return_code import RANDOM_SIGNS, SIGNS, new_return_code, read_return_code
from safety.secret_words import (
    COMMON,
    DANGER,
    ORDINARY,
    REFUSALS,
    acceptable,
    candidate,
    matches,
    may_be_guess,
    normalise,
    slow_hash,
)

SALT = b"0123456789abcdef"


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Blue Kettle", "bluekettle"),
        (" blue-kettle! ", "bluekettle"),
        ("BLUE  KETTLE.", "bluekettle"),
        ("\u00c9clair", "eclair"),
        ("ﬁsh", "fish"),
        ("чайник", "чаиник"),
        ("केतली", "केतली"),
    ],
)
def test_a_hurried_thumb_still_types_the_same_word(typed: str, word: str) -> None:
    assert normalise(typed) == word


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("text", ["", "1", "1234", "yes", "Skip", "go back", "yes please", "abc", "!!!!", "x " * 5])
def test_ordinary_short_messages_cannot_be_an_agreed_word(text: str) -> None:
    assert candidate(text) is None


@pytest.mark.parametrize("text", ["he has been hitting me for years", "a" * 41, "one two kettle four five"])
def test_long_messages_cannot_be_an_agreed_word(text: str) -> None:
    assert candidate(text) is None


@pytest.mark.requirement("R12")
@given(st.text(max_size=50) | st.from_regex(r"[a-z]{3,9}( [a-z]{2,9}){0,4}", fullmatch=True))
def test_whatever_may_be_agreed_is_found_again_when_it_is_typed(text: str) -> None:
    if acceptable(text) is None:
        assert candidate(text) == candidate(text.upper().lower()) == normalise(text)


@pytest.mark.requirement("R15")
@pytest.mark.parametrize("word", sorted(ORDINARY | COMMON | DANGER | CARRIER_WORDS))
def test_no_word_of_the_lists_can_be_agreed(word: str) -> None:
    assert acceptable(word) in REFUSALS


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("123456", "no_letter"),
        ("abc", "too_short"),
        ("one two kettle four five", "too_long"),
        ("Stop", "carrier_word"),
        ("c a n c e l", "too_long"),
        ("Can cel", "carrier_word"),
        ("big knife", "danger_word"),
        ("refuge", "names_service"),
        ("Sparrow House", "names_service"),
        ("sparrowhouse", "names_service"),
        ("aaaa", "too_common"),
        ("thank you", "too_common"),
        ("Monday", "too_common"),
        ("blue kettle", None),
        ("Marmalade", None),
    ],
)
@pytest.mark.requirement("R24")
def test_what_may_be_agreed(word: str, reason: str | None) -> None:
    assert acceptable(word, ["Sparrow House"]) == reason


@pytest.mark.requirement("R15")
def test_a_word_is_kept_as_a_slow_salted_hash() -> None:
    kept = slow_hash("bluekettle", SALT)
    assert len(kept) == 33 and kept[:1] == secret_words.VERSION
    assert b"kettle" not in kept
    assert slow_hash("bluekettle", b"another salt 16b") != kept != slow_hash("redkettle", SALT)


@pytest.mark.requirement("R12")
@pytest.mark.requirement("R15")
def test_only_the_same_word_matches_and_nothing_kept_is_compared_with_a_decoy() -> None:
    kept = slow_hash("bluekettle", SALT)
    assert matches(slow_hash("bluekettle", SALT), kept)
    assert not matches(slow_hash("redkettle", SALT), kept)
    decoy = secret_words.VERSION + bytes(secret_words.HASH_BYTES)
    assert not matches(kept, None) and not matches(decoy, None)
    assert "compare_digest" in inspect.getsource(matches)


@pytest.mark.requirement("R21")
def test_a_return_code_looks_like_any_reference_and_holds_53_bits() -> None:
    codes = {new_return_code() for _ in range(500)}
    assert len(codes) == 500 and all(re.fullmatch(r"(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}", code) for code in codes)
    assert RANDOM_SIGNS * math.log2(len(set(SIGNS))) >= 53
    assert not set("AEIOULS") & set("".join(codes))


@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
    "typed",
    ["{}", " {} ", "my code is {}", "{}.", "Code: {}, thanks", "hello again\n{}"],
)
def test_a_return_code_is_read_as_people_type_it(typed: str) -> None:
    for _ in range(50):
        code = new_return_code()
        for written in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), code.replace("-", " - ")):
            for sign, mistaken in (("0", "O"), ("1", "l"), ("1", "I"), ("5", "s")):
                assert read_return_code(typed.format(written.replace(sign, mistaken))) == code


def test_a_wrong_sign_or_two_swapped_ones_are_found() -> None:
    code = new_return_code().replace("-", "")
    for place, sign in enumerate(code):
        for other in SIGNS.replace(sign, ""):
            assert read_return_code(code[:place] + other + code[place + 1 :]) is None
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or read_return_code(swapped) is None


@pytest.mark.parametrize("text", ["", "hello", "I need help", "want some help from you", "1", "{}X", "0" * 12 + "1"])
def test_other_messages_hold_no_code(text: str) -> None:
    assert read_return_code(text) is None


@given(st.text(max_size=200))
def test_any_text_can_be_read_for_a_code(text: str) -> None:
    code = read_return_code(text)
    assert code is None or read_return_code(code) == code


@pytest.mark.parametrize(
    ("signs", "reason"),
    [
        ("🦊", None),
        ("🦊 🍋", None),
        ("👍", "too_common"),
        ("❤️", "too_common"),
        ("🆘", "danger_word"),
        ("🦊🔪", "danger_word"),
    ],
)
def test_emoji_may_only_leave(signs: str, reason: str | None) -> None:
    assert acceptable(signs, only_leaves=True) == reason
    assert acceptable(signs) in REFUSALS
    assert not may_be_guess(signs)


@given(st.text(max_size=8) | st.text("🦊🍋👍🆘❤\ufe0f\u200d ", max_size=8))
def test_whatever_may_be_agreed_for_leaving_is_found_again(text: str) -> None:
    if acceptable(text, only_leaves=True) is None:
        assert candidate(text) is not None
