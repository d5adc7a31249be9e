"""The page for trying it out: texts on an invented phone, the alert in the staff mailbox, the desk that stops it."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from backend import demo
from backend.testing import FrozenClock, make_settings
from tests.browser.house import log_in
from tests.browser.looks import fits
from tests.browser.site import served
from tests.peers.ports import free_port

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Demo:
    """The demo as `make run` starts it, on a clock that stands still; so no text waits for the rest of its answer."""

    url: str
    clock: FrozenClock


@pytest.fixture
def running(tmp_path: Path, elsewhere: str) -> Iterator[Demo]:
    clock, port = FrozenClock(), free_port()  # the phone company must know where it will post to
    settings = make_settings(tmp_path, port=port, exit_url=elsewhere, fragment_seconds=0)
    prepared = demo.prepare(settings, clock=clock)
    with served(prepared.app, port) as url, ThreadPoolExecutor(1) as thread:
        yield Demo(url, clock)
        thread.submit(asyncio.run, _end(prepared)).result()


async def _end(prepared: demo.Prepared) -> None:
    """What ends with the server."""
    async with prepared.beside():
        pass


def text(phone: Locator, words: str) -> None:
    """Text from an unlocked phone, and wait for what comes back."""
    theirs = phone.locator(".talk .theirs")
    before = theirs.count()
    phone.get_by_label("Text message").fill(words)
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("log").get_by_text(words, exact=True)).to_be_visible()
    expect(theirs.nth(before)).to_be_visible()


def mails(page: Page, subject: str) -> Locator:
    return page.locator("#mails .subject", has_text=subject)


def test_a_hello_shows_on_the_lock_screen_and_in_the_thread(page: Page, running: Demo) -> None:
    page.goto(f"{running.url}/demo")
    phone = page.get_by_role("region", name="Phone 1")
    phone.get_by_text("No notifications").click()
    text(phone, "hello")
    expect(phone.locator(".talk .theirs").last).to_contain_text("Is now a good time")
    phone.locator("summary").click()
    expect(phone.locator(".notification")).to_contain_text("Hello. Thank you for your message.")
    expect(phone.locator(".notification")).not_to_contain_text("good time to text")
    expect(page.get_by_role("region", name="Phone 2").get_by_text("No notifications")).to_be_visible()
    expect(mails(page, "")).to_have_count(0)


def test_the_same_without_scripts(plain_page: Page, running: Demo) -> None:
    plain_page.goto(f"{running.url}/demo")
    phone = plain_page.get_by_role("region", name="Phone 1")
    phone.locator("summary").click()
    phone.get_by_label("Text message").fill("hello")
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator(".talk .theirs").last).to_contain_text("Is now a good time")


@pytest.mark.requirement("R32")
def test_an_alert_comes_again_until_somebody_at_the_desk_takes_it(page: Page, plain_page: Page, running: Demo) -> None:
    page.goto(f"{running.url}/demo")
    phone = page.get_by_role("region", name="Phone 1")
    phone.locator("summary").click()
    text(phone, "hello")
    text(phone, "hes got a knife")
    expect(phone.locator(".talk .theirs").last).to_contain_text("999")
    urgent, staff = mails(page, "Urgent"), len(demo.PEOPLE)
    expect(urgent).to_have_count(staff)
    assert not {"knife", "07700"} & set(page.locator("#mails").inner_text().split())
    running.clock.advance(minutes=3)
    expect(urgent).to_have_count(2 * staff)
    _take_it_at_the_desk(page, plain_page, running)
    running.clock.advance(minutes=3)
    text(phone, "are you there")  # an alert that was still repeating would have gone before the answer to this
    expect(urgent).to_have_count(2 * staff)
    fits(page, lambda page: page.get_by_role("heading", name="Try it"))


def _take_it_at_the_desk(page: Page, desk: Page, running: Demo) -> None:
    """With a log-in that the page itself names."""
    page.get_by_text("Log-ins for the desk").click()
    email, password = page.locator(".logins li").first.inner_text().split(" · ")
    log_in(desk, running.url, email, password)
    expect(desk.get_by_text("Sent again 1 time.")).to_be_visible()
    desk.get_by_role("button", name="I have it: open it").click()
    desk.get_by_role("link", name="Back to the desk").click()
    expect(desk.get_by_text("They may be in danger now.")).to_have_count(0)
