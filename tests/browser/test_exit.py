"""The way out: from everywhere, at once, and with nothing to come back to (R16, R17)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.site import Site, markup, start, stop_time
from tests.browser.states import EVERYWHERE, Open
from tests.system.product import until

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R17")]

SECRET = "Words that nobody else may read"


def talk(page: Page, site: Site) -> Page:
    """A talk with something in it that must not be seen again."""
    start(page, site)
    page.get_by_label("Your message").fill(SECRET)
    page.get_by_role("button", name="Send").click()
    page.get_by_text(SECRET).wait_for()
    return page


def press_shift(page: Page, times: int = 3) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def by_click(page: Page) -> None:
    page.get_by_role("link", name="Leave now").click()


def by_keyboard(page: Page) -> None:
    page.get_by_role("link", name="Leave now").focus()
    page.keyboard.press("Enter")


@pytest.mark.requirement("R16")
@EVERYWHERE
def test_one_press_leaves_from_everywhere(page: Page, site: Site, opened: Open) -> None:
    opened(page, site)
    page.get_by_role("link", name="Leave now").click()
    page.clock.run_for(1_000)
    page.wait_for_url(site.elsewhere)
    site.empties()


@pytest.mark.requirement("R16")
def test_one_touch_leaves_on_a_phone(chromium: Browser, site: Site) -> None:
    phone = chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 320, "height": 568})
    page = start(phone.new_page(), site)
    page.get_by_role("link", name="Leave now").tap()
    page.wait_for_url(site.elsewhere)
    site.empties()
    phone.close()


@pytest.mark.parametrize("way", [by_click, by_keyboard, press_shift])
def test_leaving_ends_the_session_and_replaces_the_page(page: Page, site: Site, way: Callable[[Page], None]) -> None:
    talk(page, site)
    before = page.evaluate("history.length")
    way(page)
    page.wait_for_url(site.elsewhere)
    site.empties()
    assert page.evaluate("history.length") == before
    until(lambda: page.context.cookies() == [])


def test_leaving_with_scripts_off(plain_page: Page, site: Site) -> None:
    talk(plain_page, site)
    by_click(plain_page)
    plain_page.wait_for_url(site.elsewhere)
    site.empties()
    assert plain_page.context.cookies() == []


def test_the_screen_is_blank_at_once_and_before_the_server_answers(page: Page, site: Site) -> None:
    talk(page, site)
    held: list[Route] = []
    page.route("**/exit", lambda route: held.append(route))
    # all in one task of the page: blank when the click returns, not a moment later
    shown, blank = page.evaluate(
        """() => {
            const before = document.body.innerText;
            document.getElementById("leave").click();
            return [before, document.body.innerText];
        }"""
    )
    assert SECRET in shown
    assert blank.strip() in ("", "Leaving this page.")
    assert SECRET not in page.content()
    expect(page.get_by_role("alert")).to_have_text("Leaving this page.")
    page.wait_for_url(
        site.elsewhere, wait_until="commit"
    )  # nobody answered /exit: it leaves after a second all the same
    assert len(held) == 1


def test_a_dead_line_does_not_keep_anybody_here(page: Page, site: Site) -> None:
    talk(page, site)
    page.route("**/exit", lambda route: route.abort())
    by_click(page)
    page.wait_for_url(site.elsewhere)


def test_the_page_stays_until_the_server_has_destroyed_the_session(page: Page, site: Site) -> None:
    stop_time(page)
    talk(page, site)
    order: list[str] = []
    page.on("response", lambda response: order.append(f"{response.request.method} {response.url}"))
    by_click(page)
    page.wait_for_url(site.elsewhere)
    assert order[:2] == [f"POST {site.url}/exit", f"GET {site.elsewhere}"]


@pytest.mark.parametrize("with_scripts", [True, False])
def test_back_forward_and_reload_show_nothing(page: Page, plain_page: Page, site: Site, with_scripts: bool) -> None:
    chat = page if with_scripts else plain_page
    talk(chat, site)
    by_click(chat)
    chat.wait_for_url(site.elsewhere)
    for move in (chat.go_back, chat.reload, chat.go_back, chat.go_forward, chat.go_forward, chat.reload):
        move()
        assert SECRET not in markup(chat)
        assert chat.get_by_role("log").count() == 0


def test_the_first_screen_leaves_again_when_somebody_goes_back_to_it(page: Page, site: Site) -> None:
    page.goto(site.chat)
    page.goto(site.elsewhere)
    page.go_back(wait_until="commit")
    page.wait_for_url(site.elsewhere)


def test_a_page_that_comes_back_from_memory_is_blank_and_leaves_again(page: Page, site: Site) -> None:
    talk(page, site)
    shown = page.evaluate(
        """() => {
            document.getElementById("leave").click();
            dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
            return document.documentElement.textContent;
        }"""
    )
    assert SECRET not in shown
    page.wait_for_url(site.elsewhere)


def test_an_old_cookie_shows_the_first_screen(page: Page, site: Site) -> None:
    talk(page, site)
    cookies = page.context.cookies()
    by_click(page)
    page.wait_for_url(site.elsewhere)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # what it gave is what it takes
    page.goto(site.chat)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    assert SECRET not in page.content()


def test_leaving_in_one_tab_empties_the_other(page: Page, site: Site) -> None:
    talk(page, site)
    other = page.context.new_page()
    other.goto(site.chat)
    by_click(page)
    other.wait_for_url(site.elsewhere)


# --- Shift three times --------------------------------------------------------------------------------------------


@pytest.mark.requirement("R16")
def test_typing_capitals_never_leaves(page: Page, site: Site) -> None:
    start(page, site)
    page.get_by_label("Your message").focus()
    page.keyboard.type("I AM OK. Are You?")
    for letter in "ABCDEF":
        page.keyboard.down("Shift")
        page.keyboard.press(letter)
        page.keyboard.up("Shift")
    assert page.url == site.chat
    assert site.house.sessions


@pytest.mark.requirement("R16")
@pytest.mark.parametrize(
    "between",
    [
        pytest.param(lambda page: page.keyboard.press("a"), id="a letter"),
        pytest.param(lambda page: page.mouse.click(10, 300), id="a click"),
        pytest.param(lambda page: page.keyboard.press("Shift+Tab"), id="Shift and Tab"),
        pytest.param(lambda page: page.keyboard.press("Control+Shift+ArrowLeft"), id="Shift and other keys"),
        pytest.param(lambda page: page.clock.run_for(5_001), id="more than five seconds"),
    ],
)
def test_shift_starts_again_after(page: Page, site: Site, between: Callable[[Page], None]) -> None:
    page.clock.install()
    start(page, site)
    press_shift(page, 2)
    between(page)
    press_shift(page, 2)
    assert page.url == site.chat
    assert site.house.sessions


@pytest.mark.requirement("R16")
def test_five_seconds_between_presses_are_enough_and_each_is_told(page: Page, site: Site) -> None:
    stop_time(page)
    start(page, site)
    told = page.locator("#leaving")
    press_shift(page, 1)
    expect(told).to_have_text("Press Shift 2 more times to leave.")
    page.clock.run_for(4_900)
    press_shift(page, 1)
    expect(told).to_have_text("Press Shift 1 more time to leave.")
    page.clock.run_for(4_900)
    press_shift(page, 1)
    page.clock.run_for(1_000)
    page.wait_for_url(site.elsewhere)


@pytest.mark.requirement("R16")
def test_holding_shift_down_is_one_press(page: Page, site: Site) -> None:
    start(page, site)
    for _ in range(6):
        page.keyboard.down("Shift")  # repeats without an up
    page.keyboard.up("Shift")
    assert page.url == site.chat
