"""A web chat that runs on this machine, and the ordinary first steps in it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from playwright.sync_api import Page
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.webchat.fake import FIRST_WORDS, FakeChatHouse

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
"""The last one is what keeps a page under test from reaching the network."""

CODE = "4H7K-2MXP-9RTD"
"""A return code that the house under test knows."""


@dataclass
class Site:
    """A running web chat. `elsewhere` is the page that leaving leads to."""

    url: str
    elsewhere: str
    house: FakeChatHouse

    @property
    def chat(self) -> str:
        return f"{self.url}/chat"

    @property
    def token(self) -> str:
        """The token of the newest live session."""
        return list(self.house.sessions)[-1]

    def close(self) -> None:
        """End every session, so that no open stream keeps the server from stopping."""
        for token in list(self.house.sessions):
            del self.house.sessions[token]
            self.house.hub.notify(token)

    def answer(self, text: str, choices: tuple[str, ...] = ()) -> None:
        """Say something to the person who is there."""
        self.house.answer(self.token, text, choices)


class Stage:
    """One server for all tests; each puts its own application on."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":  # the server outlives each application
            await self.app(scope, receive, send)


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
