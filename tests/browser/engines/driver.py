"""A browser that is not Chromium, driven by the commands of the W3C WebDriver standard over whichever wire it has."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

PATIENCE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.02
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The standard's own key for a reference to a part of the page."""
KEYS = {"Shift": "\ue008", "Tab": "\ue004", "Enter": "\ue007"}


class NotRun(Exception):  # noqa: N818  # it is no error: the message says why a browser is not run
    """Why this browser cannot be run here."""


class Wire(Protocol):
    """A session with one browser."""

    def call(self, command: str, parameters: Mapping[str, Any]) -> Any:
        """Carry out a command of COMMANDS; its value. Raises CommandError."""
        ...

    def close(self) -> None:
        """End the browser."""
        ...


class CommandError(Exception):
    """The browser refused a command; the code is the standard's."""


@dataclass(frozen=True)
class Command:
    """Its name in Firefox's protocol, and its place in the standard's."""

    marionette: str
    method: str
    path: str


COMMANDS: Mapping[str, Command] = {
    "open": Command("WebDriver:Navigate", "POST", "/url"),
    "url": Command("WebDriver:GetCurrentURL", "GET", "/url"),
    "back": Command("WebDriver:Back", "POST", "/back"),
    "forward": Command("WebDriver:Forward", "POST", "/forward"),
    "reload": Command("WebDriver:Refresh", "POST", "/refresh"),
    "source": Command("WebDriver:GetPageSource", "GET", "/source"),
    "run": Command("WebDriver:ExecuteScript", "POST", "/execute/sync"),
    "find": Command("WebDriver:FindElement", "POST", "/element"),
    "click": Command("WebDriver:ElementClick", "POST", "/element/{id}/click"),
    "write": Command("WebDriver:ElementSendKeys", "POST", "/element/{id}/value"),
    "act": Command("WebDriver:PerformActions", "POST", "/actions"),
    "cookies": Command("WebDriver:GetCookies", "GET", "/cookie"),
    "add_cookie": Command("WebDriver:AddCookie", "POST", "/cookie"),
    "windows": Command("WebDriver:GetWindowHandles", "GET", "/window/handles"),
    "new_window": Command("WebDriver:NewWindow", "POST", "/window/new"),
    "switch": Command("WebDriver:SwitchToWindow", "POST", "/window"),
    "close_window": Command("WebDriver:CloseWindow", "DELETE", "/window"),
}


class Driver:
    """What a person does at the browser, and what they see."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def close(self) -> None:
        self._wire.close()

    @property
    def url(self) -> str:
        return str(self._read("url"))

    @property
    def source(self) -> str:
        return str(self._read("source"))

    @property
    def cookies(self) -> list[dict[str, Any]]:
        return list(self._read("cookies"))

    def add_cookie(self, cookie: Mapping[str, Any]) -> None:
        self._do("add_cookie", cookie=dict(cookie))

    def open(self, url: str) -> None:
        self._do("open", url=url)

    def back(self) -> None:
        self._do("back")

    def forward(self) -> None:
        self._do("forward")

    def reload(self) -> None:
        self._do("reload")

    def run(self, script: str, *arguments: Any) -> Any:
        """What the body of a function gives back."""
        return self._do("run", script=script, args=list(arguments))

    def click(self, selector: str) -> None:
        self._do("click", id=self._find(selector))

    def write(self, selector: str, words: str) -> None:
        self._do("write", id=self._find(selector), text=words)

    def press(self, *keys: str) -> None:
        """Press and let go of each key in turn; "Shift+a" holds the first while the second goes down and up."""
        moves = [move for key in keys for move in _moves(key.split("+"))]
        self._do("act", actions=[{"type": "key", "id": "keyboard", "actions": moves}])

    def new_tab(self, url: str) -> str:
        """Open another tab and stay in it; the handle of the one before it."""
        before, opened = self._do("windows"), self._do("new_window", type="tab")
        self.switch(opened["handle"])
        self.open(url)
        return str(before[0])

    def switch(self, handle: str) -> None:
        self._do("switch", handle=handle)

    def close_others(self) -> None:
        """Leave one tab open."""
        first, *others = self._do("windows")
        for handle in others:
            self.switch(handle)
            self._do("close_window")
        self.switch(first)

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Look until it holds. Raises AssertionError after PATIENCE_SECONDS."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._holds(holds):
            assert time.monotonic() < end, what
            time.sleep(LOOK_EVERY_SECONDS)

    def _read(self, command: str) -> Any:
        """A value; asked for again while the page is just being replaced. Raises CommandError after
        PATIENCE_SECONDS."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._do(command)
            except CommandError:
                if time.monotonic() > end:
                    raise
            time.sleep(LOOK_EVERY_SECONDS)

    def _holds(self, holds: Callable[[], object]) -> bool:
        try:
            return bool(holds())
        except CommandError:  # the page is just being replaced
            return False

    def _find(self, selector: str) -> str:
        return str(self._do("find", using="css selector", value=selector)[ELEMENT])

    def _do(self, command: str, **parameters: Any) -> Any:
        return self._wire.call(command, parameters)


def _moves(chord: list[str]) -> list[dict[str, str]]:
    down = [{"type": "keyDown", "value": KEYS.get(key, key)} for key in chord]
    return down + [{"type": "keyUp", "value": KEYS.get(key, key)} for key in reversed(chord)]
