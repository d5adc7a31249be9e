"""Whatever is typed: nothing raises, the same text is read the same way, and no word of it is shown by a repr."""

import json
import random
from datetime import datetime
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import READERS, Asked, Option, Understanding
from bot.understanding.text import plain

_NOW = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"))
_OPTIONS = (Option("a", "Text message", ("text",)), Option("b", "13-15"), Option("c", "None of these"))
_WORDS = """
    yes no not but or and all none except first last next 1 2 9 0 13 under im jo call me x polish
    half 6 ish mon wed fri weekdays morning after before to - , 3pm 10:30 14th march 85 week tomorrow evenings
    07700 900123 +44 ls1 4ap leeds urdu 👍 🤷 ' ٣ ² ½ ǅ İ \u200d \x00
"""
_PIECES = st.sampled_from([*_WORDS.split(), "\x1f", "\n"])
_TYPED = st.one_of(
    st.text(max_size=80), st.lists(_PIECES, max_size=9).map(" ".join), st.lists(_PIECES, max_size=6).map("".join)
)


def _questions() -> list[Asked]:
    bare = [Asked(name, now=_NOW, minimum=1, maximum=10) for name in READERS]
    menus = [Asked(name, now=_NOW, options=_OPTIONS, many=many) for name in READERS for many in (False, True)]
    return bare + menus


@settings(max_examples=150, deadline=None)
@given(_TYPED)
def test_no_reader_raises_and_each_reads_the_same_twice(understanding: Understanding, text: str) -> None:
    for asked in _questions():
        reading = understanding.read(asked, text)
        assert reading == understanding.read(asked, text)
        if reading is not None:
            assert json.loads(json.dumps(reading.value)) == reading.value
            assert 0 < reading.confidence <= 1
            assert reading.source in text


@settings(max_examples=150, deadline=None)
@given(_TYPED)
def test_no_command_or_intent_raises(understanding: Understanding, text: str) -> None:
    assert understanding.command(text) == understanding.command(text)
    intent = understanding.intent(text)
    assert 0 <= intent.confidence <= 1


@given(st.text(max_size=60))
def test_plain_text_keeps_its_length(text: str) -> None:
    assert len(plain(text)) == len(text)


@pytest.mark.requirement("R38")
def test_a_repr_shows_no_word_that_was_typed(understanding: Understanding) -> None:
    reading = understanding.read(Asked("phone", now=_NOW), "07700 900 123 but dont ring")
    command = understanding.command("change my surname")
    shown = f"{reading!r} {command!r} {understanding.intent('is this private')!r} {understanding!r}"
    for word in ("7700", "ring", "surname"):
        assert word not in shown


@pytest.mark.parametrize("name", [name for name in READERS if name != "free_text"])
def test_a_story_is_no_answer(understanding: Understanding, name: str) -> None:
    assert understanding.read(Asked(name, now=_NOW), "yes 2 mon 3pm leeds urdu " * 400) is None
    assert understanding.command("skip " * 400) is None


_SAFETY_KINDS = ("yes_no", "choice", "number", "scale", "date", "time", "days", "hours", "times", "phone", "language")
_MOST_MISREAD = 0.01


def test_a_slip_of_the_thumb_is_asked_about_rather_than_misread(
    score: ModuleType, understanding: Understanding, answers: list[Any]
) -> None:
    """Two letters swapped, one left out or one doubled: the right value or none, but for one answer in a hundred."""
    chance = random.Random(7)
    tried_on = [answer for answer in answers if answer.kind in _SAFETY_KINDS and answer.split == "tune"]
    tried = misread = 0
    for answer in tried_on * 3:
        slipped = _slip(answer.text, chance)
        reading = understanding.read(answer.question, slipped)
        tried += 1
        misread += reading is not None and not score.same(reading.value, answer.expected)
    assert misread / tried <= _MOST_MISREAD


def _slip(text: str, chance: random.Random) -> str:
    places = [place for place in range(len(text) - 1) if text[place].isalpha() and text[place + 1].isalpha()]
    if not places:
        return text
    at = chance.choice(places)
    return chance.choice(
        (
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
        )
    )
