"""WebKit (its GTK port, the nearest to Safari that runs here) over WebKitWebDriver, on a screen that nobody sees."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from tests.browser.engines.driver import COMMANDS, PATIENCE_SECONDS, CommandError, Driver, NotRun
from tests.browser.engines.processes import end, start, wait_for
from tests.peers.ports import free_port

NOWHERE = {"proxyType": "manual", "httpProxy": "127.0.0.1:9", "sslProxy": "127.0.0.1:9", "noProxy": ["127.0.0.1"]}
"""A proxy that is not there: only this machine can be reached."""

ANSWERS_WITHIN_SECONDS = 30.0
READ_WITHIN_SECONDS = 10.0
"""A question that comes just as a page is replaced is sometimes never answered; it is asked again."""
WIDTH, HEIGHT = 1000, 1600
"""Tall: what is below the window's edge the driver cannot press."""


class WebKitDriver:
    """The wire: the standard's own, JSON over HTTP."""

    def __init__(self, driver: str, folder: Path, *, scripts: bool) -> None:
        self._screen = start(
            ["Xvfb", "-displayfd", "1", "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
            os.environ,
            tells=True,
        )
        self._driver = None
        try:
            port, home = free_port(), {name: str(folder) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
            environment = os.environ | home | {"DISPLAY": f":{self._display()}", "LIBGL_ALWAYS_SOFTWARE": "1"}
            environment["NO_AT_BRIDGE"] = "1"  # nor is there an accessibility bus, which it would wait for
            environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"  # in a container it cannot make one
            self._driver = start([driver, f"--port={port}"], environment)
            self._begin(f"http://127.0.0.1:{port}", scripts)
        except BaseException:
            self._end()
            raise

    def _display(self) -> str:
        assert self._screen.stdout is not None
        return self._screen.stdout.readline().decode().strip()

    def _begin(self, at: str, scripts: bool) -> None:
        assert self._driver is not None
        self._http = httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False)
        wait_for(lambda: _is_there(self._http, at), self._driver, "WebKitWebDriver")
        arguments = ["--automation", *([] if scripts else ["--enable-javascript=false"])]
        options = {"binary": mini_browser(), "args": arguments}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options, "proxy": NOWHERE}}
        try:
            answer = self._http.post(f"{at}/session", json={"capabilities": wanted}, timeout=ANSWERS_WITHIN_SECONDS)
        except httpx.TimeoutException as error:
            raise NotRun("WebKit's browser was started and did not answer") from error
        if answer.is_error:
            raise NotRun("WebKit's browser does not start here")
        self._session = f"{at}/session/{answer.json()['value']['sessionId']}"
        self._http.post(f"{self._session}/window/rect", json={"width": WIDTH, "height": HEIGHT})

    def call(self, command: str, parameters: Mapping[str, Any]) -> Any:
        at = COMMANDS[command]
        address = self._session + at.path.format_map(parameters)
        if at.method == "GET":
            answer = self._ask(address)
        else:
            answer = self._http.request(at.method, address, json=dict(parameters) if at.method == "POST" else None)
        value = answer.json()["value"]
        if answer.is_error:
            raise CommandError(value["error"])
        return value

    def _ask(self, address: str) -> httpx.Response:
        try:
            return self._http.get(address, timeout=READ_WITHIN_SECONDS)
        except httpx.ReadTimeout as error:
            raise CommandError("no answer") from error

    def close(self) -> None:
        with suppress(httpx.HTTPError):
            self._http.delete(self._session)
        self._http.close()
        self._end()

    def _end(self) -> None:
        for process in (self._driver, self._screen):
            if process is not None:
                end(process)


def _is_there(http: httpx.Client, at: str) -> bool | None:
    try:
        return http.get(f"{at}/status").is_success or None
    except httpx.TransportError:
        return None


def mini_browser() -> str:
    """The small browser that comes with the library. Raises NotRun."""
    found = next(Path("/usr").glob("lib*/**/webkit2gtk-4*/MiniBrowser"), None)
    if found is None:
        raise NotRun("the library came without its MiniBrowser")
    return str(found)


def open_webkit(driver: str, folder: Path, *, scripts: bool = True) -> Driver:
    """Start it, a second time where the first hangs, as it sometimes does under load. Raises NotRun."""
    try:
        return Driver(WebKitDriver(driver, folder, scripts=scripts))
    except NotRun:
        return Driver(WebKitDriver(driver, folder, scripts=scripts))
