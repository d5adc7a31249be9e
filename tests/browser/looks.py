"""What holds for how a page looks, asked of the page itself."""

from collections.abc import Callable

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

SIZES = ((320, 640), (1280, 800))
"""The smallest screen that WCAG asks for, and a usual one."""

COVERED = """() => {
    const link = document.getElementById("leave");
    const box = link.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const edges = [[box.left + 4, y], [box.right - 4, y], [x, box.top + 4], [x, box.bottom - 4]];
    return edges.some(([x, y]) => !link.contains(document.elementFromPoint(x, y)));
}"""
"""Whether anything lies over the way out."""

LOW_CONTRAST = """() => {
    const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (part) => {
        for (; part; part = part.parentElement) {
            const colour = parse(getComputedStyle(part).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
    };
    const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return [...document.querySelectorAll("body *")]
        .filter((part) => part.checkVisibility() && [...part.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .filter((part) => ratio(light(parse(getComputedStyle(part).color)), light(behind(part))) < 4.5)
        .map((part) => part.textContent.trim());
}"""
"""The words whose contrast with what is behind them is under 4.5 to 1."""


AXE = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.html.slice(0, 100)}`))"""
"""What axe-core finds, a line for each place."""


def has_no_violation(page: Page) -> None:
    """axe-core finds nothing, by its rules for WCAG 2.2 and by its best practices."""
    page.wait_for_function("() => document.getAnimations().length === 0")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(AXE)
    assert not found, "\n".join(found)


def fits(page: Page, first: Callable[[Page], Locator]) -> None:
    """On each screen: no way sideways, what matters first in sight without scrolling, nothing that axe finds; and words
    that stand out."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(page.url)  # a reload would keep the place that was scrolled to
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(first(page)).to_be_in_viewport(ratio=1)
        has_no_violation(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
        assert page.evaluate(LOW_CONTRAST) == []
