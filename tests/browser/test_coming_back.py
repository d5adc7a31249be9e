"""Coming back on another day by the number that the chat gave: it goes on where it stopped, and tells nothing (R12)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import RealHouse
from tests.browser.talker import SHORT, Talker

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R21")]

SAID = ("Robin", "Housing")
WRONG = "4H7K-2MXP-9RTD"


def leave_half_way(page: Page, real: RealHouse, elsewhere: str) -> tuple[str, str]:
    """The number to come back with, and the question that was open."""
    talker = Talker(page).start(real.chat)
    asked = talker.answer("How old", SHORT)
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", " ".join(talker.theirs.all_inner_texts()))
    assert found is not None
    page.get_by_role("link", name="Leave now").click()
    page.wait_for_url(elsewhere)
    return found[0], asked


def go_on(talker: Talker, asked: str) -> None:
    """The same check as for everybody, then the very question that was left; nothing of what was said is shown."""
    assert "good time" in talker.question()
    assert asked == talker.answer("How old")
    for words in SAID:
        assert words not in talker.page.content()


@pytest.mark.requirement("R12")
def test_the_number_leads_back_on_another_day(page: Page, plain_page: Page, real: RealHouse, elsewhere: str) -> None:
    number, asked = leave_half_way(page, real, elsewhere)
    real.bench.clock.advance(days=3)
    talker = Talker(plain_page, scripts=False)
    talker.come_back(real.chat, number.lower().replace("-", " "))
    go_on(talker, asked)
    talker.answer()
    answers = real.referral().answers
    assert (answers["name"], answers["age_band"]) == ("Robin", "18_over")


@pytest.mark.requirement("R12")
def test_it_may_be_typed_into_a_new_talk_as_the_chat_says(page: Page, real: RealHouse, elsewhere: str) -> None:
    number, asked = leave_half_way(page, real, elsewhere)
    real.bench.clock.advance(days=3)
    talker = Talker(page).start(real.chat)
    assert "Type it any time" in talker.answer("kept a number")
    talker.say(f"my number is {number}")
    talker.hears("good time")
    go_on(talker, asked)
    talker.page.reload()
    assert number not in talker.page.content()
    assert real.live_sessions() == 1


def test_every_wrong_number_gets_the_same_answer(page: Page, real: RealHouse) -> None:
    for wrong in (WRONG, "nonsense", "  "):
        Talker(page).come_back(real.chat, wrong)
        expect(page.get_by_text("We could not use that. Check it and try again, or press Start.")).to_be_visible()
        assert page.url == real.chat
    assert real.live_sessions() == 0
