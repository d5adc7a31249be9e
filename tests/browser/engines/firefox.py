"""Firefox over Marionette, the protocol that geckodriver speaks to it: its own program is not to be had everywhere."""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.browser.engines.driver import COMMANDS, PATIENCE_SECONDS, CommandError, Driver
from tests.browser.engines.processes import end, start, wait_for

NOWHERE = {"network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9,
           "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9}  # fmt: skip
"""A proxy that is not there: only this machine can be reached."""
QUIET = {
    **NOWHERE,
    "marionette.port": 0,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


class Marionette:
    """The wire: each message is its length, a colon, and JSON."""

    def __init__(self, path: str, profile: Path, *, scripts: bool) -> None:
        profile.mkdir()
        settings = QUIET | {"javascript.enabled": scripts}
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items())
        (profile / "user.js").write_text("".join(lines), "utf-8")
        command = [path, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
        self._process = start(command, os.environ | {"HOME": str(profile)})
        try:
            self._connect(profile / "MarionetteActivePort")
        except BaseException:
            end(self._process)
            raise

    def _connect(self, told: Path) -> None:
        port = wait_for(lambda: told.read_text("ascii") if told.exists() else None, self._process, "Firefox")
        self._line = socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE_SECONDS)
        self._answers, self._count = self._line.makefile("rb"), 0
        self._receive()
        self._send("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {}}})

    def call(self, command: str, parameters: Mapping[str, Any]) -> Any:
        return self._send(COMMANDS[command].marionette, parameters)

    def close(self) -> None:
        self._line.close()
        end(self._process)

    def _send(self, name: str, parameters: Mapping[str, Any]) -> Any:
        self._count += 1
        message = json.dumps([0, self._count, name, dict(parameters)]).encode()
        self._line.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise CommandError(error["error"])
        return result["value"] if isinstance(result, dict) and "value" in result else result

    def _receive(self) -> Any:
        length = b""
        while (byte := self._answers.read(1)) != b":":
            if not byte:
                raise ConnectionError("Firefox has ended")
            length += byte
        return json.loads(self._answers.read(int(length)))


def open_firefox(path: str, folder: Path, *, scripts: bool = True) -> Driver:
    """Start it with a new profile in `folder`. Raises NotRun."""
    return Driver(Marionette(path, folder / "firefox", scripts=scripts))
