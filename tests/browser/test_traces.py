"""What a browser keeps of a talk: one neutral entry in its history, and nothing else (R18, R19)."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.site import ARGUMENTS, Site, start

pytestmark = pytest.mark.browser

CANARY = "Marmalade-Quixote-77"

KEPT = """async () => ({
    local: localStorage.length, session: sessionStorage.length, cookies: document.cookie, state: history.state,
    databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def kept_context(playwright: Playwright, chromium_path: str, profile: Path) -> Iterator[BrowserContext]:
    """A browser with a profile on disk, as on a family computer."""
    opened = playwright.chromium.launch_persistent_context(profile, executable_path=chromium_path, args=ARGUMENTS)
    yield opened
    opened.close()


def say(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send").click()
    page.get_by_text(words).wait_for()


@pytest.mark.requirement("R18")
def test_nothing_is_kept_in_the_browser(page: Page, site: Site) -> None:
    start(page, site)
    say(page, CANARY)
    assert page.evaluate(KEPT) == {
        "local": 0, "session": 0, "cookies": "", "state": None, "databases": 0, "caches": 0, "workers": 0
    }  # fmt: skip
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == ("s", True, "Strict", -1)


@pytest.mark.requirement("R18")
def test_the_address_and_the_title_are_always_the_same(page: Page, site: Site) -> None:
    page.goto(site.url)
    shown = [(page.url, page.title())]
    start(page, site)
    shown.append((page.url, page.title()))
    say(page, CANARY)
    page.reload()
    shown.append((page.url, page.title()))
    assert set(shown) == {(site.chat, "Chat")}


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_whole_talk_leaves_at_most_one_entry_of_the_same_address(
    page: Page, plain_page: Page, site: Site, with_scripts: bool
) -> None:
    chat = page if with_scripts else plain_page
    chat.goto(site.elsewhere)
    start(chat, site)
    say(chat, CANARY)
    say(chat, CANARY + " again")
    entries = chat.context.new_cdp_session(chat).send("Page.getNavigationHistory")["entries"]
    ours = [entry["url"] for entry in entries if entry["url"].startswith(site.url)]
    assert set(ours) == {site.chat}
    assert len(ours) == 1 or not with_scripts  # each form post may add one, always the same


@pytest.mark.requirement("R18")
def test_the_profile_on_disk_holds_no_word_of_the_talk(kept_context: BrowserContext, profile: Path, site: Site) -> None:
    page = kept_context.new_page()
    start(page, site)
    say(page, CANARY)
    token = site.token
    page.get_by_role("link", name="Leave now").click()
    page.wait_for_url(site.elsewhere)
    kept_context.close()
    secrets = [part for word in (CANARY, token) for part in (word.encode(), word.encode("utf-16-le"))]
    files = [path for path in profile.rglob("*") if path.is_file()]
    address = site.url.removeprefix("http://").encode()
    assert any(address in path.read_bytes() for path in files), "a profile with no trace at all was not written yet"
    assert [path.name for path in files if any(secret in path.read_bytes() for secret in secrets)] == []


@pytest.mark.requirement("R19")
def test_every_request_goes_to_one_origin(page: Page, site: Site) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    start(page, site)
    say(page, CANARY)
    page.goto(f"{site.url}/safety")
    page.goto(f"{site.url}/nothing-here")
    assert {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in asked} == {site.url}
    assert not any(CANARY in url for url in asked)


def test_the_first_screen_and_the_chat_weigh_under_40_kilobytes(page: Page, site: Site) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    start(page, site)
    assert 0 < sum(sizes) < 40_000


def test_on_a_line_of_the_second_generation_the_first_words_come_and_the_way_out_works(page: Page, site: Site) -> None:
    """EDGE as browsers' own tools imitate it: 240 kbit/s, and 300 ms for each round."""
    line = {"offline": False, "latency": 300, "downloadThroughput": 30_000, "uploadThroughput": 25_000}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)
    start(page, site)
    say(page, CANARY)
    page.get_by_role("link", name="Leave now").click()
    page.wait_for_url(site.elsewhere)
    site.empties()


def test_nothing_breaks_the_content_security_policy(page: Page, site: Site) -> None:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    start(page, site)
    say(page, CANARY)
    page.get_by_role("link", name="Leave now").click()
    page.wait_for_url(site.elsewhere)
    assert told == []
