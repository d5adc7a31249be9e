"""Everybody can use it: keyboard, small screens, zoom, screen readers (R16, R37, WCAG 2.2 AA)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import COVERED, LOW_CONTRAST, has_no_violation
from tests.browser.site import Site, start
from tests.browser.states import EVERYWHERE, Open

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R16")]

OBSCURED = """() => {
    const part = document.activeElement;
    const box = part.getBoundingClientRect();
    const bar = document.querySelector(".top").getBoundingClientRect();
    if (part === document.body || part.closest(".top, .skip")) return null;
    const x = box.left + box.width / 2;
    const covered = [box.top + 2, box.bottom - 2].some((y) => {
        if (y < bar.bottom || y > innerHeight) return true;
        const there = document.elementFromPoint(x, y);
        return !(part.contains(there) || there.contains(part));
    });
    return covered ? part.outerHTML : null;
}"""
"""What has the focus, if anything lies over it."""

SIZES = ((320, 640), (640, 400), (320, 256), (1280, 800))
"""Pixels: the smallest screen of WCAG, a usual one at 200 % and at 400 %, and the usual one."""
TOUCHED = "button:visible, .button:visible, input:visible, textarea:visible, summary:visible"


@EVERYWHERE
def test_the_way_out_is_the_second_stop_of_the_tab_key_and_the_focus_is_never_covered(
    page: Page, site: Site, opened: Open
) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.emulate_media(reduced_motion="reduce")
    opened(page, site)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")  # the Tab key begins at the top
    stops = []
    for key in ["Tab"] * 12 + ["Shift+Tab"] * 12:
        page.keyboard.press(key)
        stops.append(page.evaluate("document.activeElement.textContent"))
        assert page.evaluate(OBSCURED) is None
    assert stops[:2] == ["Skip to the page", "Leave now"]


@pytest.mark.requirement("R37")
@EVERYWHERE
def test_a_page_is_whole_at_every_size_and_axe_finds_nothing(page: Page, site: Site, opened: Open) -> None:
    opened(page, site)
    large_enough_to_touch(page)
    for size in ("100%", "200%"):
        page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            whole(page, width, height)
    page.evaluate("document.documentElement.style.fontSize = ''")
    for width, height in (SIZES[0], SIZES[-1]):
        page.set_viewport_size({"width": width, "height": height})
        has_no_violation(page)


def large_enough_to_touch(page: Page) -> None:
    """44 pixels high at least, every one."""
    for control in page.locator(TOUCHED).all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44, control.inner_text()


def whole(page: Page, width: int, height: int) -> None:
    """Nothing goes sideways, and the way out is large, in sight and uncovered, at the top of the page and its end."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for place in ("0", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {place})")
        box = page.get_by_role("link", name="Leave now").bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 44
        assert 0 <= box["y"] <= height - box["height"]
        assert 0 <= box["x"] <= width - box["width"]
        assert not page.evaluate(COVERED)


@pytest.mark.requirement("R37")
def test_a_screen_reader_finds_its_way(page: Page, site: Site) -> None:
    start(page, site)
    log = page.get_by_role("log", name="Messages")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_text("Chat")
    expect(page.get_by_role("textbox", name="Your message")).to_be_visible()
    expect(log.get_by_text("Reply:")).to_have_count(1)


@pytest.mark.requirement("R18")
def test_no_field_is_filled_in_corrected_or_sent_to_a_speller(page: Page, site: Site) -> None:
    start(page, site)
    box = page.get_by_label("Your message")
    for name, value in {"autocomplete": "off", "spellcheck": "false", "autocorrect": "off"}.items():
        expect(box).to_have_attribute(name, value)


def test_picking_an_answer_leaves_the_focus_in_the_log(page: Page, site: Site) -> None:
    start(page, site)
    page.get_by_role("button", name="Not now").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".line")).to_have_count(3)
    assert page.evaluate("document.activeElement.id") == "log"


@pytest.mark.requirement("R37")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(page: Page, site: Site, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
    start(page, site)
    page.get_by_role("button", name="Not now").click()
    expect(page.locator(".line")).to_have_count(3)
    assert page.evaluate(LOW_CONTRAST) == []
