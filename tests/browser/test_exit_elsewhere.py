"""The way out in Firefox and in WebKit, where they can be had (R16, R17); test_exit.py has more of it, in Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from channels.webchat.fake import ANSWER, FIRST_WORDS
from tests.browser.conftest import browser_path
from tests.browser.engines.driver import Driver, NotRun
from tests.browser.engines.firefox import open_firefox
from tests.browser.engines.webkit import open_webkit
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R17")]

OPENERS: dict[str, Callable[..., Driver]] = {"firefox": open_firefox, "webkit": open_webkit}
SECRET = "Words that nobody else may read"


def run_browser(name: str, folder: Path, *, scripts: bool) -> Iterator[Driver]:
    """The browser, or a skip that says why not."""
    path = browser_path(name)
    if path is None:
        pytest.skip(f"not run: no {name} here (tools/find_browser {name} says how to get it)")
    try:
        driver = OPENERS[name](path, folder, scripts=scripts)
    except NotRun as why:
        pytest.skip(f"not run: {why}")
    try:
        yield driver
    finally:
        driver.close()


@pytest.fixture(scope="module", params=list(OPENERS))
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One browser for all tests."""
    yield from run_browser(request.param, tmp_path_factory.mktemp("profile"), scripts=True)


@pytest.fixture
def browser(opened: Driver) -> Iterator[Driver]:
    """The same, with one tab when it is done."""
    yield opened
    opened.close_others()


def start(browser: Driver, site: Site) -> None:
    browser.open(site.elsewhere)
    browser.open(site.chat)
    browser.click("#again .main")
    browser.until(lambda: FIRST_WORDS in browser.source, "the first words")


def talk(browser: Driver, site: Site) -> None:
    """A talk with something in it that must not be seen again."""
    start(browser, site)
    browser.write("#text", SECRET)
    browser.click("#writing .main")
    browser.until(lambda: SECRET in browser.source and ANSWER in browser.source, "the answer")


def is_out(browser: Driver, site: Site) -> None:
    browser.until(lambda: browser.url == site.elsewhere, "the ordinary page")
    site.empties()


def shows_nothing(browser: Driver) -> None:
    assert SECRET not in browser.source
    assert 'id="log"' not in browser.source


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(lambda browser: browser.click("#leave"), id="press"),
        pytest.param(lambda browser: browser.press("Tab", "Tab", "Enter"), id="second stop of the tab key"),
        pytest.param(lambda browser: browser.press("Shift", "Shift", "Shift"), id="Shift three times"),
    ],
)
@pytest.mark.requirement("R16")
def test_leaving_ends_the_session_and_replaces_the_page(
    browser: Driver, site: Site, leave: Callable[[Driver], None]
) -> None:
    talk(browser, site)
    browser.reload()  # the Tab key begins at the top
    entries = browser.run("return history.length")
    leave(browser)
    is_out(browser, site)
    assert browser.run("return history.length") == entries
    browser.until(lambda: browser.cookies == [], "no cookie")


@pytest.mark.requirement("R16")
def test_typing_capitals_and_going_back_with_the_tab_key_never_leaves(browser: Driver, site: Site) -> None:
    start(browser, site)
    browser.click("#text")
    browser.press("Shift+a", "Shift+b", "Shift+c", "Shift+Tab", "Shift+Tab", "Shift+Tab", "Shift", "Shift")
    assert browser.url == site.chat
    assert site.house.sessions
    assert browser.run("return document.getElementById('text').value") == "ABC"


def test_the_screen_is_blank_before_anything_is_waited_for(browser: Driver, site: Site) -> None:
    talk(browser, site)
    shown = browser.run("""document.getElementById("leave").click(); return document.body.innerText;""")
    assert shown.strip() in ("", "Leaving this page.")
    is_out(browser, site)


def test_a_line_on_which_nobody_answers_keeps_nobody_here(browser: Driver, site: Site) -> None:
    talk(browser, site)
    site.stage.deaf.add("/exit")
    browser.click("#leave")
    browser.until(lambda: browser.url == site.elsewhere, "the ordinary page")


def test_back_forward_reload_and_a_new_tab_show_nothing(browser: Driver, site: Site) -> None:
    talk(browser, site)
    browser.click("#leave")
    is_out(browser, site)
    for move in (browser.back, browser.reload, browser.back, browser.forward, browser.forward, browser.reload):
        move()
        shows_nothing(browser)
    browser.new_tab(site.chat)
    shows_nothing(browser)


def test_the_first_screen_leaves_again_when_somebody_goes_back_to_it(browser: Driver, site: Site) -> None:
    browser.open(site.chat)
    browser.open(site.elsewhere)
    browser.back()
    browser.until(lambda: browser.url == site.elsewhere, "the ordinary page")


def test_an_old_cookie_shows_the_first_screen(browser: Driver, site: Site) -> None:
    talk(browser, site)
    (cookie,) = browser.cookies
    browser.click("#leave")
    is_out(browser, site)
    browser.open(site.chat)
    browser.add_cookie({name: cookie[name] for name in ("name", "value", "path")})
    browser.open(site.chat)
    shows_nothing(browser)
    assert "Read this first" in browser.source


def test_leaving_in_one_tab_empties_the_other(browser: Driver, site: Site) -> None:
    talk(browser, site)
    first = browser.new_tab(site.chat)
    browser.until(lambda: SECRET in browser.source, "the same talk")
    browser.click("#leave")
    is_out(browser, site)
    browser.switch(first)
    is_out(browser, site)


@pytest.mark.parametrize("name", list(OPENERS))
def test_leaving_by_a_plain_link_with_scripts_off(name: str, site: Site, tmp_path: Path) -> None:
    for browser in run_browser(name, tmp_path, scripts=False):
        talk(browser, site)
        browser.click("#leave")
        is_out(browser, site)
        browser.back()
        shows_nothing(browser)


def test_a_line_that_was_dropped_goes_on_where_it_stopped(browser: Driver, site: Site) -> None:
    start(browser, site)
    for words in ("before", "while it was down"):
        site.answer(words)
        site.stage.cut()
    browser.until(lambda: "while it was down" in browser.source, "what was missed")
    site.answer("when it was back")
    browser.until(lambda: "when it was back" in browser.source, "what came later")
    shown = browser.run("return Array.from(document.querySelectorAll('#log .words'), (part) => part.textContent)")
    assert shown == [FIRST_WORDS, "before", "while it was down", "when it was back"]
