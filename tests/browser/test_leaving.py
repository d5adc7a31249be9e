"""Leaving in the middle of a real talk: nothing comes back, and the server holds no live session (R17)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from tests.browser.house import RealHouse
from tests.browser.site import markup
from tests.browser.talker import Talker
from tests.system.product import until

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R17")]

NUMBER = "07700 900456"


def half_way(page: Page, real: RealHouse, *, scripts: bool) -> Talker:
    """A talk with a number in it that nobody else may see."""
    talker = Talker(page, scripts).start(real.chat)
    talker.answer("one you gave us")
    assert NUMBER in page.content()
    return talker


def shows_nothing(page: Page) -> None:
    """Not a word of the talk, and no place to go on with it."""
    assert NUMBER not in markup(page)
    assert page.get_by_role("log").count() == 0
    assert page.get_by_label("Your message").count() == 0


def is_dead(old: APIRequestContext, real: RealHouse) -> None:
    """The old cookie can neither write, nor stay, nor listen."""
    assert old.post(f"{real.chat}/say", form={"text": "hello"}).status == 410
    assert old.post(f"{real.chat}/stay", form={}).status == 410
    assert old.get(f"{real.chat}/events").text().endswith("event: gone\ndata: {}\n\n")


@pytest.mark.parametrize("with_scripts", [True, False])
def test_nothing_comes_back_after_leaving_half_way(
    page: Page, plain_page: Page, real: RealHouse, elsewhere: str, with_scripts: bool
) -> None:
    talker = half_way(page if with_scripts else plain_page, real, scripts=with_scripts)
    chat, cookies = talker.page, talker.page.context.cookies()
    assert real.live_sessions() == 1
    chat.get_by_role("link", name="Leave now").click()
    chat.wait_for_url(elsewhere)
    until(lambda: real.live_sessions() == 0)  # a page waits for that a second, and then leaves all the same
    moves: tuple[Callable[[], object], ...] = (chat.go_back, chat.reload, chat.go_back, chat.go_forward, chat.reload)
    for move in moves:
        move()
        shows_nothing(chat)
    reopened = chat.context.new_page()
    reopened.goto(real.chat)
    shows_nothing(reopened)
    chat.context.add_cookies(cookies)  # type: ignore[arg-type]  # what it gave is what it takes
    is_dead(chat.context.request, real)
    reopened.goto(real.chat)
    expect(reopened.get_by_role("button", name="Start")).to_be_visible()
    shows_nothing(reopened)
    assert real.live_sessions() == 0


@pytest.mark.requirement("R21")
def test_a_page_that_was_left_open_goes_to_sleep(page: Page, real: RealHouse, elsewhere: str) -> None:
    """Whoever comes back to the machine after a quiet quarter of an hour finds nothing to read."""
    half_way(page, real, scripts=True)
    real.bench.clock.advance(minutes=16)
    page.wait_for_url(elsewhere)
    page.goto(real.chat)
    shows_nothing(page)
