"""A web chat that runs on this machine, and the ordinary first steps in it."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import uvicorn
from playwright.sync_api import Page
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.webchat.fake import FIRST_WORDS, FakeChatHouse
from tests.system.product import until

PATIENCE_MS = 60_000
"""How long a page is waited for. A test that passes does not wait it out, however slow the machine."""

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
"""The last one is what keeps a page under test from reaching the network."""

CODE = "4H7K-2MXP-9RTD"
"""A return code that the house under test knows."""


class Stage:
    """One server for all tests; each puts its own application on. `deaf` are paths on which nobody ever answers."""

    app: ASGIApp

    def __init__(self) -> None:
        self.deaf: set[str] = set()
        self._lines: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # the server outlives each application
            return
        if scope["path"] in self.deaf:
            await asyncio.Event().wait()
        line = asyncio.ensure_future(self.app(scope, receive, send))
        self._lines.add(line)
        try:
            await line
        finally:
            self._lines.discard(line)

    def cut(self) -> None:
        """Drop every line that is open, in the middle of whatever it carries."""
        for line in list(self._lines):
            line.get_loop().call_soon_threadsafe(line.cancel)


@dataclass
class Site:
    """A running web chat. `elsewhere` is the page that leaving leads to."""

    url: str
    elsewhere: str
    house: FakeChatHouse
    stage: Stage

    @property
    def chat(self) -> str:
        return f"{self.url}/chat"

    @property
    def token(self) -> str:
        """The token of the newest live session."""
        return list(self.house.sessions)[-1]

    def empties(self) -> None:
        """Wait until nobody has a session. A page waits for that a second, and then leaves all the same."""
        until(lambda: not self.house.sessions)

    def close(self) -> None:
        """End every session, so that no open stream keeps the server from stopping."""
        for token in list(self.house.sessions):
            del self.house.sessions[token]
            self.house.hub.notify(token)

    def answer(self, text: str, choices: tuple[str, ...] = ()) -> None:
        """Say something to the person who is there."""
        self.house.answer(self.token, text, choices)


def stop_time(page: Page) -> None:
    """From here on, time in the page goes on by `page.clock.run_for` alone: how fast a test is does not count."""
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    page.clock.install(time=noon)
    page.clock.pause_at(noon + timedelta(seconds=1))


def markup(page: Page) -> str:
    """All that a page is made of; of the next one where it is just being replaced."""
    return page.locator("html").inner_html()


@contextmanager
def served(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Run `app` on a port of this machine, or on a free one; gives its address."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=0)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(5)


def start(page: Page, site: Site) -> Page:
    """Open the chat and get past the first screen."""
    page.goto(site.chat)
    page.get_by_role("button", name="Start").click()
    page.get_by_text(FIRST_WORDS).wait_for()
    page.wait_for_load_state()
    return page
