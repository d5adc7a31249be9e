"""A bare digit is the option's number, whatever the reader; what is not on the menu is unclear."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.contract import Json
from bot.understanding import READERS, Asked, Option, Understanding

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/London"))
MENUS: list[tuple[str, tuple[Option, ...], Json]] = [
    ("yes_no", (Option("true", "Fine to text"), Option("false", "Not a good time")), False),
    ("scale", (Option("1", "Not at all"), Option("2", "A bit"), Option("3", "A lot")), 2),
    ("number", (Option("0", "None"), Option("4", "Four or more")), 4),
    ("days", (Option("week", "Weekdays"), Option("end", "Weekends")), [5, 6]),
    ("hours", (Option("am", "Mornings"), Option("pm", "Afternoons")), [{"start": "12:00", "end": "17:00"}]),
    ("language", (Option("en", "English"), Option("pl", "Polish")), "pl"),
    ("time", (Option("early", "10am"), Option("late", "3pm")), "15:00"),
    ("name", (Option("Jo", "Jo"), Option("Sam", "Sam")), "Sam"),
]


@pytest.mark.parametrize(("reader", "options", "second"), MENUS, ids=[menu[0] for menu in MENUS])
def test_a_digit_picks_the_line_of_the_menu(
    understanding: Understanding, reader: str, options: tuple[Option, ...], second: Json
) -> None:
    asked = Asked(reader, options=options, now=NOW)
    for typed in ("2", " 2. ", "2)", "2️⃣", "2 x", "option 2", "the second one"):
        reading = understanding.read(asked, typed)
        assert reading is not None and reading.value == second, typed
    for typed in ("9", "0", "8!"):
        assert understanding.read(asked, typed) is None, typed


def test_a_value_that_the_reader_cannot_read_is_given_as_it_is(understanding: Understanding) -> None:
    options = (Option("soon", "As soon as you can"), Option("any", "I do not mind"))
    reading = understanding.read(Asked("date", options=options, now=NOW), "1")
    assert reading is not None and reading.value == "soon"


def test_words_still_answer_beside_a_menu(understanding: Understanding) -> None:
    options = (Option("am", "Mornings"), Option("pm", "Afternoons"))
    reading = understanding.read(Asked("hours", options=options, now=NOW), "after 3 but dont ring")
    assert reading is not None and reading.value == [{"start": "15:00", "end": "21:00"}]
    assert reading.rest == "but dont ring"


YES_AND_NO = (Option("yes", "Yes"), Option("no", "No"))


def test_a_menu_of_yes_and_no_reads_words_no_bolder_than_without(
    answers: list[Any], understanding: Understanding
) -> None:
    bare, menu = Asked("yes_no", now=NOW), Asked("yes_no", options=YES_AND_NO, now=NOW)
    for answer in answers:
        if answer.kind == "yes_no" and answer.group == 0 and not answer.text.isdecimal():
            without, beside = understanding.read(bare, answer.text), understanding.read(menu, answer.text)
            assert (without and without.value) == (beside and beside.value), answer.text


@pytest.mark.parametrize("typed", ["yes no", "yes but no", "no wait yes", "yes or no", "no yes"])
def test_a_choice_of_yes_and_no_is_not_guessed_either(understanding: Understanding, typed: str) -> None:
    assert understanding.read(Asked("choice", options=YES_AND_NO, now=NOW), typed) is None


def test_two_options_of_one_word_are_told_apart_by_nothing_but_the_number(understanding: Understanding) -> None:
    options = (Option("mum", "My mum", ("family",)), Option("dad", "My dad", ("family",)))
    asked = Asked("choice", options=options, now=NOW)
    assert understanding.read(asked, "family") is None
    reading = understanding.read(asked, "2")
    assert reading is not None and reading.value == "dad"


def test_a_reader_that_does_not_exist_is_a_fault_of_the_caller(understanding: Understanding) -> None:
    with pytest.raises(KeyError):
        understanding.read(Asked("horoscope", now=NOW), "1")


def test_no_reader_takes_the_menu_without_options_for_an_answer(understanding: Understanding) -> None:
    assert all(understanding.read(Asked(name, now=NOW), "") is None for name in READERS)
