"""A real server, a real Chromium, and an ordinary page on another origin to leave to."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot import Flows, load_flows
from channels.webchat import ChatSettings, error_handlers, routes
from channels.webchat.fake import FakeChatHouse
from tests.browser.house import RealHouse, serve_house
from tests.browser.site import ARGUMENTS, CODE, PATIENCE_MS, Site, Stage, served

ROOT = Path(__file__).parents[2]

expect.set_options(timeout=PATIENCE_MS)


def find_browser(name: str) -> "subprocess.CompletedProcess[str]":
    """What the tool says of one that is here already."""
    command = [sys.executable, ROOT / "tools/find_browser", name, "--no-install"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def browser_path(name: str) -> str | None:
    """Where a browser is, if it is here."""
    return find_browser(name).stdout.strip() or None


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser's path; fails with a sentence on how to get one."""
    found = find_browser("chromium")
    if found.returncode:
        pytest.fail(found.stderr, pytrace=False)
    return found.stdout.strip()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """For one file at a time: while it runs, this thread has a running event loop, and `asyncio.run` would fail."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[str]:
    """An ordinary page on an origin of its own."""

    async def ordinary(_: Request) -> Response:
        return HTMLResponse("<!doctype html><title>Weather</title><link rel=icon href=data:,><p>Sunny spells")

    with served(Starlette(routes=[Route("/weather", ordinary)])) as url:
        yield f"{url}/weather"


@pytest.fixture(scope="session")
def stage() -> Iterator[tuple[Stage, str]]:
    """The one server, and its address."""
    empty = Stage()
    with served(empty) as url:
        yield empty, url


@pytest.fixture
def open_site(stage: tuple[Stage, str], elsewhere: str) -> Iterator[Callable[..., Site]]:
    """Start a web chat; the keyword arguments are those of ChatSettings."""
    house = FakeChatHouse(codes=[CODE])
    site = Site(stage[1], elsewhere, house, stage[0])

    def start(**settings: Any) -> Site:
        chat = ChatSettings(exit_url=elsewhere, cookie_secure=False, **settings)
        stage[0].app = Starlette(routes=routes(house, chat), exception_handlers=error_handlers(chat))
        return site

    yield start
    stage[0].deaf.clear()
    site.close()


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    return open_site()


@pytest.fixture(scope="session")
def flows() -> Flows:
    """The real flows."""
    return load_flows(ROOT / "flows")


@pytest.fixture
def real(tmp_path: Path, flows: Flows, elsewhere: str) -> Iterator[RealHouse]:
    """The real application on a database of its own."""
    with serve_house(tmp_path, flows, elsewhere) as house:
        yield house


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """An ordinary phone-sized window with scripts."""
    yield from _context(chromium, True)


@pytest.fixture
def plain_context(chromium: Browser) -> Iterator[BrowserContext]:
    """The same with scripts off."""
    yield from _context(chromium, False)


def _context(chromium: Browser, scripts: bool) -> Iterator[BrowserContext]:
    opened = chromium.new_context(java_script_enabled=scripts, viewport={"width": 360, "height": 720})
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def plain_page(plain_context: BrowserContext) -> Page:
    return plain_context.new_page()
