"""A practitioner joins a talk while its page is open: it is seen, the machine is silent, words arrive by themselves."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import RealHouse, log_in
from tests.browser.site import PATIENCE_MS
from tests.browser.talker import Talker

pytestmark = pytest.mark.browser

HELLO = "Hello, I am Sam. I have read what you wrote."


@pytest.fixture
def desk(chromium: Browser, real: RealHouse) -> Iterator[Page]:
    """A practitioner at the desk, in a browser of their own."""
    opened = chromium.new_context(viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(PATIENCE_MS)
    page = opened.new_page()
    page.clock.install()
    log_in(page, real.url, real.hire("Sam"))
    yield page
    opened.close()


@pytest.fixture
def talker(page: Page, real: RealHouse) -> Talker:
    """Somebody who asked for a person, with their page open."""
    talker = Talker(page).start(real.chat)
    talker.answer("May we keep")
    talker.say("0")
    talker.hears("write here")
    return talker


def open_talk(desk: Page) -> None:
    """From the alert to the conversation."""
    desk.reload()
    desk.get_by_role("button", name="I have it: open it").first.click()
    expect(desk.get_by_role("button", name="Take over")).to_be_visible()


def write(desk: Page, words: str) -> None:
    desk.get_by_label("Your message").fill(words)
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.get_by_role("log").get_by_text(words)).to_be_visible()


def draft(desk: Page, words: str) -> None:
    """Write and do not send: the desk previews a draft by itself."""
    desk.wait_for_load_state()
    with desk.expect_response("**/preview"):
        desk.get_by_label("Your message").fill(words)
        desk.clock.run_for(1_000)


@pytest.mark.requirement("R30")
def test_a_practitioner_takes_over_writes_and_hands_back_while_the_page_is_open(talker: Talker, desk: Page) -> None:
    loads: list[str] = []
    talker.page.on("load", lambda _: loads.append("load"))
    with_you = talker.page.get_by_text("A person is with you now.")
    open_talk(desk)
    desk.get_by_role("button", name="Take over").click()
    talker.hears("A person has joined")
    expect(with_you).to_be_in_viewport(ratio=1)
    expect(talker.choices).to_have_count(0)
    talker.say("are you there")
    expect(talker.page.locator(".fate")).to_have_count(0)  # it has arrived
    desk.clock.run_for(5_000)  # the desk looks again by itself
    expect(desk.get_by_role("log").get_by_text("are you there")).to_be_visible()
    talker.hears("A person has joined")  # and nothing since: the machine is silent
    write(desk, HELLO)
    talker.hears(HELLO)
    expect(talker.page.locator(".line").last).to_contain_text("A person:")
    desk.get_by_role("button", name="Hand back to the machine").click()
    expect(talker.theirs.filter(has_text="This is the machine once more")).to_be_visible()
    expect(with_you).to_be_hidden()
    assert "write here" in talker.question()
    talker.say("skip")
    talker.hears("May we keep")
    assert loads == []


def test_a_person_sees_that_the_practitioner_is_writing_and_not_what(talker: Talker, desk: Page) -> None:
    writing = talker.page.get_by_role("status").filter(has_text="A person is writing")
    open_talk(desk)
    draft(desk, HELLO)
    expect(writing).to_be_hidden()  # the machine has the talk
    desk.get_by_role("button", name="Take over").click()
    expect(desk.get_by_text("You have this talk.")).to_be_visible()
    draft(desk, HELLO)
    expect(writing).to_be_visible()
    assert HELLO not in talker.page.content()
    desk.get_by_role("button", name="Send", exact=True).click()
    talker.hears(HELLO)
    expect(writing).to_be_hidden()


@pytest.mark.requirement("R30")
def test_whoever_just_writes_is_announced_first(talker: Talker, desk: Page) -> None:
    open_talk(desk)
    write(desk, HELLO)
    talker.hears(HELLO)
    assert "A person has joined" in talker.theirs.all_inner_texts()[-2]
    expect(talker.page.get_by_text("A person is with you now.")).to_be_visible()
