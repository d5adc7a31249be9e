"""axe finds nothing in the dark, from right to left and without scripts either; test_access.py has every page (R37)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import has_no_violation
from tests.browser.site import Site, start

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R37")]


def test_no_violation_in_the_dark_with_everything_unfolded(page: Page, site: Site) -> None:
    page.emulate_media(color_scheme="dark")
    start(page, site)
    page.get_by_text("How to stay safe here").click()
    has_no_violation(page)


def test_no_violation_from_right_to_left(open_site: Callable[..., Site], page: Page) -> None:
    site = open_site(language="ar")
    start(page, site)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    has_no_violation(page)


def test_no_violation_with_scripts_off(page: Page, open_site: Callable[..., Site]) -> None:
    """axe is a script itself; so ours are kept from loading instead."""
    site = open_site()
    page.route("**/*.js", lambda route: route.abort())
    start(page, site)
    has_no_violation(page)


def test_axe_would_find_something(page: Page, site: Site) -> None:
    start(page, site)
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    with pytest.raises(AssertionError, match="label"):
        has_no_violation(page)
