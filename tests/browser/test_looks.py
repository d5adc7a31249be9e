"""The desk, the demo and a long talk on the smallest and on a usual screen: nothing sideways, first things first."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot import Flows
from tests.browser.house import RealHouse, log_in, serve_house
from tests.browser.looks import COVERED, SIZES, fits
from tests.browser.site import PATIENCE_MS
from tests.browser.talker import SHORT, Talker

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R37")]


@pytest.fixture(scope="module")
def furnished(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory, flows: Flows, elsewhere: str
) -> Iterator[RealHouse]:
    """A house in which somebody has referred themself, was in danger, and still has their page open."""
    with serve_house(tmp_path_factory.mktemp("house"), flows, elsewhere) as house:
        visitor = chromium.new_page(viewport={"width": 320, "height": 640})
        talker = Talker(visitor).start(house.chat)
        talker.answer(answers=SHORT)
        talker.say("he has got a knife")
        talker.hears("press 55")
        yield house
        visitor.close()


@pytest.fixture(scope="module")
def at_desk(chromium: Browser, furnished: RealHouse) -> Iterator[Page]:
    """A practitioner who has logged in."""
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE_MS)
    log_in(page, furnished.url, furnished.hire("Sam"))
    yield page
    page.close()


def test_the_log_in(page: Page, furnished: RealHouse) -> None:
    page.goto(f"{furnished.url}/desk")
    fits(page, lambda page: page.get_by_role("button", name="Log in"))


def test_what_needs_somebody_now(at_desk: Page, furnished: RealHouse) -> None:
    at_desk.goto(f"{furnished.url}/desk")
    fits(at_desk, lambda page: page.get_by_role("button", name="I have it: open it").first)


def test_a_referral(at_desk: Page, furnished: RealHouse) -> None:
    at_desk.goto(f"{furnished.url}/desk/referrals/{furnished.referral().id}")
    fits(at_desk, lambda page: page.get_by_text("They may be in danger now."))


def test_a_conversation(at_desk: Page, furnished: RealHouse) -> None:
    at_desk.goto(f"{furnished.url}/desk/conversations/{furnished.referral().conversation_id}")
    fits(at_desk, lambda page: page.get_by_text("They may be in danger now."))
    at_desk.set_viewport_size({"width": 1280, "height": 800})
    at_desk.reload()
    newest = at_desk.locator("#newest")
    expect(newest).to_contain_text("press 55")
    for part in (newest, at_desk.get_by_role("button", name="Send", exact=True)):
        expect(part).to_be_in_viewport(ratio=1)


def test_a_long_talk_keeps_the_way_out_and_the_newest_words_in_sight(page: Page, furnished: RealHouse) -> None:
    talker = Talker(page).start(furnished.chat)
    talker.answer("If it is not you")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.reload()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(talker.theirs.last).to_be_in_viewport(ratio=1)
        for choice in talker.choices.all():
            choice.click(trial=True)  # fails where something else would take the click
            assert not page.evaluate(COVERED)
