"""What words, stacks and hours give away, and how it is graded."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.exposure import LONGEST_PREVIEW, Finding, Place, Shown, look_at, look_at_hours, look_at_stack
from safety.lint import LOCK_SCREEN, names_service

LONDON = ZoneInfo("Europe/London")
FAR = "Thank you for this. We read it a moment ago. "
"""More than 40 characters that would bore a stranger."""


def found(
    text: str, *, channel: str = "sms", naming: bool = False, subject: str = "", sender: str = ""
) -> list[Finding]:
    return list(look_at(channel, Shown(text, subject=subject), naming=naming, names={"harbour"}, sender=sender))


def graded(findings: list[Finding]) -> list[tuple[str, bool]]:
    return [(finding.code, finding.leaks) for finding in findings]


@pytest.mark.requirement("R5")
@pytest.mark.parametrize(
    "text",
    [
        "Are you safe? Please tell us.", "The police can come.", "Who else sees this phone?", "Delete this message.",
        "See www.example.org.", "The Harbour is open.", "Are you alone now?", "If he hurts you again, ring 999.",
        "Dr Green will see you.", "It is about domestic abuse.",
    ],
)  # fmt: skip
def test_the_first_characters_must_bore_a_stranger(text: str) -> None:
    assert graded(found(text))[0] == ("lock_screen", True)
    assert found(text, naming=True)[0].leaks, "whoever looks at a screen did not choose naming"
    assert found(text)[0].instead


@pytest.mark.requirement("R5")
def test_the_same_words_further_back_are_weighed_and_not_refused() -> None:
    assert not found(FAR + "Are you safe?")
    told = FAR + "Are you safe? Who else sees this phone? A worker can help."
    assert graded(found(told)) == [("preview", False)]
    assert graded(found(FAR + "It is the Harbour.", naming=True)) == [("preview", False)]
    assert not found(FAR + "x" * LONGEST_PREVIEW + told)


@pytest.mark.requirement("R5")
def test_what_is_personal_is_noted_wherever_it_stands() -> None:
    assert graded(found(FAR + "Mrs Okafor lives at 12 Mill Road.")) == [("personal", False)]
    assert not found(FAR + "Send a number like 07700 900123.")


@pytest.mark.requirement("R1")
def test_a_sender_names_nothing_either() -> None:
    assert graded(found("Hello.", channel="telegram", sender="Harbour bot")) == [("sender", True)]
    assert graded(found("Hello.", channel="whatsapp", sender="Harbour")) == [("sender", False)]
    assert not found("Hello.", channel="telegram", sender="Harbour bot", naming=True)


@pytest.mark.requirement("R5")
def test_a_subject_comes_first() -> None:
    assert graded(found("Hello.", channel="email", subject="Are you safe")) == [("lock_screen", True)]


def test_what_stands_on_no_lock_screen_is_not_held_to_one() -> None:
    assert not found("Are you safe?", channel="webchat")


@pytest.mark.requirement("R5")
def test_harmless_ones_may_tell_a_story_together() -> None:
    one, two = Shown("Are you safe?"), Shown("A worker can help with children and housing.")
    assert graded(list(look_at_stack([one, two], naming=False))) == [("stack", False)]
    assert not list(look_at_stack([one], naming=False))
    assert not list(look_at_stack([one, Shown("Thank you.")], naming=False))


@pytest.mark.requirement("R1")
def test_a_name_may_not_be_read_across_two_of_them() -> None:
    row = [Shown("See you at the"), Shown("Harbour"), Shown("Hello, women's"), Shown("aid is here")]
    assert graded(list(look_at_stack(row, naming=False))) == [("stack", True)]
    assert not list(look_at_stack(row, naming=True))


@given(st.text(max_size=300), st.booleans())
def test_whatever_a_lock_screen_names_is_found(text: str, naming: bool) -> None:
    first = " ".join(text.split())[:LOCK_SCREEN]
    leaks = any(finding.leaks and finding.place is Place.LOCK_SCREEN for finding in found(text, naming=naming))
    assert leaks or not names_service(first, {"harbour"})


def test_the_same_minute_day_after_day_is_a_pattern_in_wall_time() -> None:
    before_the_change = datetime(2026, 3, 27, 19, 30, tzinfo=UTC)
    walls = [before_the_change + timedelta(days=day, hours=-1 if day > 1 else 0) for day in range(4)]
    (finding,) = look_at_hours(walls, LONDON)
    assert (finding.code, finding.place, finding.leaks) == ("pattern", Place.BILL, False)
    assert "4 days have a message at 19:30" in finding.what
    assert not list(look_at_hours([at + timedelta(minutes=day) for day, at in enumerate(walls)], LONDON))


def test_a_day_of_many_texts_stands_out_on_a_bill() -> None:
    start = datetime(2026, 3, 2, 10, tzinfo=UTC)
    (finding,) = look_at_hours([start + timedelta(minutes=minute) for minute in range(24)], LONDON)
    assert finding.what == "24 messages on 02.03. stand out"
