"""The pages with the real house behind them: its flows, its database, its dispatcher."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.app import make_app
from backend.house import utc_now
from backend.testing import make_bench
from tests.browser.site import served

pytestmark = pytest.mark.browser

SECRET = "It is a long story"


@pytest.fixture
def address(tmp_path: Path, elsewhere: str) -> Iterator[str]:
    """The real application on a database of its own, on the clock of this machine."""
    bench = make_bench(tmp_path, exit_url=elsewhere)
    with served(make_app(replace(bench.house, clock=utc_now), hub=bench.hub)) as url:
        yield f"{url}/chat"


def begin(page: Page, address: str) -> None:
    """As far as the second question of the privacy check."""
    page.goto(address)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("group", name="Answers you can pick").get_by_role("button").first.click()
    expect(page.locator(".line.theirs")).to_have_count(2)
    expect(page.get_by_role("group", name="Answers you can pick").get_by_role("button").first).to_be_visible()


@pytest.mark.requirement("R17")
@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_talk_with_the_real_house_is_gone_after_leaving(
    page: Page, plain_page: Page, address: str, elsewhere: str, with_scripts: bool
) -> None:
    chat = page if with_scripts else plain_page
    begin(chat, address)
    chat.get_by_label("Your message").fill(SECRET)
    chat.get_by_role("button", name="Send").click()
    expect(chat.locator(".line.mine").last).to_contain_text(SECRET)
    cookies = chat.context.cookies()
    chat.get_by_role("link", name="Leave now").click()
    chat.wait_for_url(elsewhere)
    chat.context.add_cookies(cookies)  # type: ignore[arg-type]  # what it gave is what it takes
    chat.goto(address)
    expect(chat.get_by_role("button", name="Start")).to_be_visible()
    assert SECRET not in chat.content()
