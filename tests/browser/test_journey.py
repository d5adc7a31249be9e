"""A talk from the first screen to the last word, with scripts and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from channels.webchat.fake import ANSWER, FIRST_WORDS
from channels.webchat.house import Outcome
from tests.browser.site import CODE, Site, start, stop_time

pytestmark = pytest.mark.browser

WORDS = "Hello there"


def lines(page: Page) -> list[str]:
    """What the log shows, without the hidden "You said:"."""
    return page.locator(".log .words").all_text_contents()


@pytest.mark.requirement("R20")
def test_the_first_screen_says_how_to_leave_before_anything_is_asked(page: Page, site: Site) -> None:
    page.goto(site.url)
    for heading in ("You can leave fast", "This page stays in your history", "Leaving does not stop spyware"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert not site.house.sessions


def test_a_talk_with_scripts_never_loads_the_page_again(page: Page, site: Site) -> None:
    start(page, site)
    loads: list[str] = []
    page.on("load", lambda _: loads.append("load"))
    page.get_by_role("button", name="Yes, now is fine").click()
    expect(page.locator(".line")).to_have_count(3)
    page.get_by_label("Your message").fill(WORDS)
    page.keyboard.press("Enter")
    expect(page.locator(".line")).to_have_count(5)
    assert lines(page)[1:] == ["Yes, now is fine", ANSWER, WORDS, ANSWER]
    assert loads == []
    expect(page.locator(".fate")).to_have_count(0)


def test_the_same_talk_with_scripts_off(plain_page: Page, site: Site) -> None:
    start(plain_page, site)
    plain_page.get_by_role("button", name="Yes, now is fine").click()
    plain_page.get_by_label("Your message").fill(WORDS)
    plain_page.get_by_role("button", name="Send").click()
    expect(plain_page.locator(".line")).to_have_count(5)
    assert lines(plain_page)[1:] == ["Yes, now is fine", ANSWER, WORDS, ANSWER]
    assert plain_page.url == site.chat


def test_scripts_off_new_words_are_one_link_away(plain_page: Page, site: Site) -> None:
    start(plain_page, site)
    site.answer("One more thing")
    plain_page.get_by_role("link", name="Look for new messages").click()
    expect(plain_page.locator(".line").last).to_contain_text("One more thing")


def test_what_a_practitioner_writes_appears_by_itself(page: Page, site: Site) -> None:
    start(page, site)
    site.house.sessions[site.token].person_joined = True
    site.answer("I am Sam", ("Hi Sam", "One moment"))
    expect(page.get_by_text("A person is with you now.")).to_be_visible()
    expect(page.get_by_role("group", name="Answers you can pick").get_by_role("button")).to_have_text(
        ["Hi Sam", "One moment"]
    )


def test_two_tabs_show_the_same_talk_once(page: Page, site: Site) -> None:
    start(page, site)
    other = page.context.new_page()
    other.goto(site.chat)
    page.get_by_label("Your message").fill(WORDS)
    page.keyboard.press("Enter")
    for tab in (page, other):
        expect(tab.locator(".line")).to_have_count(3)
        assert lines(tab)[1:] == [WORDS, ANSWER]


def test_shift_and_enter_makes_a_new_line(page: Page, site: Site) -> None:
    start(page, site)
    page.get_by_label("Your message").focus()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    assert page.get_by_label("Your message").input_value() == "one\ntwo"


def test_a_message_that_cannot_be_sent_can_be_tried_again_and_arrives_once(page: Page, site: Site) -> None:
    start(page, site)
    page.clock.install()
    page.route("**/chat/say", lambda route: route.abort())
    page.get_by_label("Your message").fill(WORDS)
    page.keyboard.press("Enter")
    told = page.locator("#status")
    for _ in range(600):  # simulated seconds; each try fails in real time between them
        if told.inner_text() == "Not sent.":
            break
        page.clock.run_for(1_000)
    expect(told).to_have_text("Not sent.")
    page.unroute("**/chat/say")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".line")).to_have_count(3)
    assert lines(page)[1:] == [WORDS, ANSWER]


def test_a_message_whose_answer_was_lost_is_not_sent_twice(page: Page, site: Site) -> None:
    start(page, site)
    lost = iter([True])

    def lose_the_first_answer(route: object) -> None:
        if next(lost, False):
            route.fetch()  # type: ignore[attr-defined]  # the server gets it
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/chat/say", lose_the_first_answer)
    page.get_by_label("Your message").fill(WORDS)
    page.keyboard.press("Enter")
    expect(page.locator(".fate")).to_have_count(0)
    assert [line.text for line in site.house.sessions[site.token].lines if line.mine] == [WORDS]
    assert lines(page).count(WORDS) == 1


def test_what_is_not_sent_stays_below_what_is(page: Page, site: Site) -> None:
    start(page, site)
    site.house.refuse = Outcome.TOO_MANY
    for words in ("first", "second"):
        page.get_by_label("Your message").fill(words)
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Try again")).to_have_count(2)
    site.house.refuse = None
    site.answer("meanwhile")
    expect(page.get_by_text("meanwhile")).to_be_visible()
    page.get_by_role("button", name="Try again").last.click()
    expect(page.get_by_text(ANSWER)).to_be_visible()
    assert lines(page)[1:] == ["meanwhile", "second", ANSWER, "first"]


def test_a_dropped_line_goes_on_where_it_stopped(page: Page, site: Site) -> None:
    start(page, site)
    page.context.set_offline(True)
    site.answer("while you were away")
    page.context.set_offline(False)
    expect(page.get_by_text("while you were away")).to_have_count(1)


def test_a_line_that_breaks_while_words_arrive_loses_and_doubles_none(page: Page, site: Site) -> None:
    """With a message of the person's own between: what the answer to it brought is not brought again by the stream."""
    start(page, site)
    site.answer("before")
    site.stage.cut()
    site.answer("while it was down")
    page.get_by_label("Your message").fill(WORDS)
    page.keyboard.press("Enter")
    expect(page.get_by_text(ANSWER)).to_be_visible()
    site.stage.cut()
    site.answer("later")
    expect(page.get_by_text("later")).to_be_visible()
    assert lines(page)[1:] == ["before", "while it was down", WORDS, ANSWER, "later"]


def test_the_newest_words_and_answers_are_in_sight_with_scripts_on_or_off(
    page: Page, plain_page: Page, site: Site
) -> None:
    for chat in (page, plain_page):
        start(chat, site)
        for words in ("one", "two", "three"):
            chat.get_by_label("Your message").fill(words)
            chat.get_by_role("button", name="Send").click()
            expect(chat.locator(".line.mine").last).to_contain_text(words)
        expect(chat.locator(".line")).to_have_count(7)
        expect(chat.locator(".line").last).to_be_in_viewport(ratio=1)


def test_choices_are_not_hidden_behind_the_place_to_write(page: Page, site: Site) -> None:
    start(page, site)
    for number in range(4):
        site.answer(f"Something fairly long to fill the page with, for the {number}th time " * 3, ("One", "Two"))
    expect(page.locator(".line")).to_have_count(5)
    last = page.get_by_role("button", name="Two")
    expect(last).to_be_in_viewport(ratio=1)
    last.click(trial=True)  # fails where something else would take the click


@pytest.mark.parametrize("with_scripts", [True, False])
def test_too_much_at_once_keeps_the_words(page: Page, plain_page: Page, site: Site, with_scripts: bool) -> None:
    chat = start(page if with_scripts else plain_page, site)
    site.house.refuse = Outcome.TOO_MANY
    chat.get_by_label("Your message").fill(WORDS)
    chat.get_by_role("button", name="Send").click()
    expect(chat.get_by_text("wait a moment").first).to_be_visible()
    site.house.refuse = None
    chat.get_by_role("button", name="Try again" if with_scripts else "Send").click()
    expect(chat.get_by_text(ANSWER)).to_be_visible()
    assert lines(chat)[1:] == [WORDS, ANSWER]


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_number_leads_straight_back(page: Page, plain_page: Page, site: Site, with_scripts: bool) -> None:
    chat = page if with_scripts else plain_page
    chat.goto(site.chat)
    chat.get_by_text("I have a number").click()
    chat.get_by_label("Your number").fill("0000-0000-0000")
    chat.get_by_role("button", name="Go on").click()
    expect(chat.get_by_text("We could not use that")).to_be_visible()
    chat.get_by_label("Your number").fill(CODE)
    chat.get_by_role("button", name="Go on").click()
    expect(chat.get_by_role("log")).to_be_visible()
    assert chat.url == site.chat


@pytest.mark.requirement("R12")
def test_an_ended_chat_takes_no_more_words_and_shows_only_the_last_of_ours(page: Page, site: Site) -> None:
    start(page, site)
    page.get_by_label("Your message").fill(WORDS)
    page.keyboard.press("Enter")
    expect(page.locator(".line")).to_have_count(3)
    site.house.sessions[site.token].ended = True
    site.answer("Take care")
    expect(page.get_by_text("This chat has ended")).to_be_visible()
    expect(page.get_by_label("Your message")).to_be_hidden()
    for _ in range(2):
        expect(page.get_by_role("log").locator(".line")).to_have_count(1)
        expect(page.get_by_role("log")).to_contain_text("Take care")
        page.reload()


@pytest.mark.requirement("R21")
def test_idle_is_warned_of_can_be_extended_and_ends_it(page: Page, site: Site) -> None:
    stop_time(page)
    start(page, site)
    page.get_by_label("Your message").focus()
    warning = page.get_by_role("alertdialog")
    page.clock.run_for(13 * 60_000 - 30_000)
    expect(warning).to_be_hidden()
    page.clock.run_for(31_000)
    expect(warning).to_be_visible()
    expect(page.get_by_role("button", name="Stay here")).to_be_focused()  # so that a screen reader says it
    page.keyboard.press("Enter")
    expect(warning).to_be_hidden()
    expect(page.get_by_label("Your message")).to_be_focused()
    page.clock.run_for(13 * 60_000 + 1_000)
    expect(warning).to_be_visible()
    page.clock.run_for(2 * 60_000)
    page.wait_for_url(site.elsewhere)
    site.empties()


def test_right_to_left_mirrors_the_page(open_site: Callable[..., Site], page: Page) -> None:
    site = open_site(language="ar")
    page.set_viewport_size({"width": 320, "height": 640})
    start(page, site)
    site.answer("مرحبا. هل الوقت مناسب الآن؟", ("نعم", "لا"))
    expect(page.get_by_role("button", name="نعم")).to_be_in_viewport(ratio=1)
    page.get_by_label("Your message").fill("hello")
    page.keyboard.press("Enter")
    mine, theirs, leave = (
        box
        for part in (".line.mine", ".line.theirs", "#leave")
        if (box := page.locator(part).first.bounding_box()) is not None
    )
    assert max(leave["x"], mine["x"]) < 20, "at the end of the line, which is on the left"
    assert theirs["x"] + theirs["width"] > 300, "at its beginning"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator(".words").nth(1).evaluate("(part) => getComputedStyle(part).direction") == "rtl"


@pytest.mark.requirement("R21")
@pytest.mark.requirement("R29")
@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_full_door_takes_words_of_danger(page: Page, plain_page: Page, site: Site, with_scripts: bool) -> None:
    chat = page if with_scripts else plain_page
    site.house.full = True
    chat.goto(site.chat)
    chat.get_by_role("button", name="Start").click()
    expect(chat.get_by_text("A lot of people are here")).to_be_visible()
    expect(chat.get_by_text("Call 999").first).to_be_visible()
    site.house.full = False  # as the real house does for words of danger
    chat.get_by_label("In danger, and you can not call?").fill(WORDS)
    chat.get_by_role("button", name="Send").click()
    expect(chat.get_by_role("log")).to_be_visible()
    assert lines(chat) == [FIRST_WORDS, WORDS, ANSWER]
