"""Every page that a person may see, and every state of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from channels.webchat.house import Outcome
from tests.browser.site import Site, start

Open = Callable[[Page, Site], object]


def first_screen(page: Page, site: Site) -> None:
    page.goto(site.chat)


def full_door(page: Page, site: Site) -> None:
    """Too many chats were opened at once."""
    site.house.full = True
    page.goto(site.chat)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("A lot of people are here")).to_be_visible()


def wrong_number(page: Page, site: Site) -> None:
    """A number to come back with that is nobody's."""
    page.goto(site.chat)
    page.get_by_text("I have a number").click()
    page.get_by_label("Your number").fill("0000-0000-0000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("We could not use that")).to_be_visible()


def chat(page: Page, site: Site) -> None:
    start(page, site)


def with_a_person(page: Page, site: Site) -> None:
    """A practitioner has joined, has written, and writes."""
    start(page, site)
    session = site.house.sessions[site.token]
    session.person_joined = True
    site.answer("I am Sam. " * 9)
    site.house.writes(site.token)
    expect(page.get_by_text("A person is writing")).to_be_visible()


def not_sent(page: Page, site: Site) -> None:
    """A message that could not be sent."""
    start(page, site)
    site.house.refuse = Outcome.TOO_MANY
    page.get_by_label("Your message").fill("Hello")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def nearly_idle(page: Page, site: Site) -> None:
    """The warning before the chat closes by itself."""
    page.clock.install()
    start(page, site)
    page.clock.run_for(13 * 60_000 + 1_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()


def ended(page: Page, site: Site) -> None:
    start(page, site)
    site.house.sessions[site.token].ended = True
    page.reload()


def closed(page: Page, site: Site) -> None:
    """Words for a talk that is over, sent by an old page without scripts."""
    page.goto(site.chat)
    page.evaluate("""() => {
        const form = document.querySelector("form");
        form.querySelector("[name=do]").remove();
        form.submit();
    }""")
    expect(page.get_by_text("That chat had closed")).to_be_visible()


def safety(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/safety")


def missing(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/nothing-here")


def broken(page: Page, site: Site) -> None:
    """A server error in the middle of a talk."""
    start(page, site)
    site.house.sessions[site.token].lines = None  # type: ignore[assignment]  # what no part of it expects
    page.reload()


STATES: tuple[Open, ...] = (
    first_screen, full_door, wrong_number, closed, chat, with_a_person, not_sent, nearly_idle, ended, safety, missing,
    broken,
)  # fmt: skip
EVERYWHERE = pytest.mark.parametrize("opened", STATES)
