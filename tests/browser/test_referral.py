"""A person refers themself on the page, from the first screen to the last word, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from safety.types import OnSilence
from tests.browser.house import RealHouse, log_in
from tests.browser.talker import SENT, Talker

pytestmark = pytest.mark.browser

TOLD = {
    "name": "Robin",
    "age_band": "18_over",
    "area": "Worthing",
    "story": "he shouts at me every day and takes my wages",
    "others_affected": ["children"],
    "consent_support": True,
    "consent_sharing": ["housing"],
    "contact_way": "text",
    "contact_may_start": True,
    "safe_now": "safe",
}
DANGER = "he has got a knife"


def be_in_danger(talker: Talker) -> None:
    """Danger at an open question is answered once and asks nothing; what is said next is heard, and leads back to the
    question by one press at most (R29)."""
    asked = talker.question()
    talker.say(DANGER)
    talker.hears("press 55")
    expect(talker.choices).to_have_count(0)
    talker.say("i am ok now")
    if talker.question() != asked:
        talker.say(talker.choices.first.inner_text())
    assert talker.question() == asked


def is_all_there(real: RealHouse) -> None:
    """The answers, and the profile of the page they were given on: no place to write to first."""
    referral = real.referral()
    assert {slot: referral.answers.get(slot) for slot in TOLD} == TOLD
    assert "7700900456" in re.sub(r"\D", "", str(referral.answers["contact_number"]))
    (window,) = referral.answers["contact_times"]
    assert (window["days"], window["start"], window["end"]) == ([0, 2], "10:00", "14:00")
    contact = real.point(referral.conversation_id).contact
    assert (contact.others_see, contact.naming, contact.cover) == ("nobody", False, "utter_cover_wait")
    assert (contact.on_silence, contact.may_start, contact.windows) == (OnSilence.TRY_ONCE_MORE, False, ())


def test_somebody_refers_themself_with_scripts(page: Page, real: RealHouse) -> None:
    loads: list[str] = []
    talker = Talker(page).start(real.chat)
    page.on("load", lambda _: loads.append("load"))
    talker.answer()
    assert SENT in page.content()
    assert (page.url, page.title(), loads) == (real.chat, "Chat", [])
    is_all_there(real)
    assert ("referral", "soon") in real.alerts()


@pytest.mark.requirement("R29")
def test_somebody_in_danger_refers_themself_without_scripts_and_a_practitioner_finds_it(
    page: Page, plain_page: Page, real: RealHouse
) -> None:
    talker = Talker(plain_page, scripts=False).start(real.chat)
    talker.answer("going on at home")
    be_in_danger(talker)
    talker.answer()
    assert SENT in plain_page.content()
    is_all_there(real)
    log_in(page, real.url, real.hire("Sam"))
    expect(page.get_by_role("article").first).to_contain_text("They may be in danger now.")
    page.get_by_role("link", name="Robin").first.click()
    shown = page.get_by_role("main").inner_text()
    order = ("They may be in danger now.", "07700 900456", "Monday and Wednesday, 10:00 to 14:00", DANGER, "my wages")
    places = [shown.index(words) for words in order]
    assert places == sorted(places), "the alert, how to reach them, the signs of danger, and then what they told"


@pytest.mark.requirement("R29")
def test_danger_wakes_somebody_before_anything_was_agreed(page: Page, real: RealHouse) -> None:
    Talker(page).start(real.chat).answer("May we keep")
    be_in_danger(Talker(page))
    assert real.alerts() == {("danger", "urgent")}
