"""Starting a browser's programs and ending them again."""

import subprocess
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from tests.browser.engines.driver import LOOK_EVERY_SECONDS, NotRun

START_SECONDS = 60.0

T = TypeVar("T")


def start(command: list[str], environment: Mapping[str, str], *, tells: bool = False) -> subprocess.Popen[bytes]:
    """Start a program; one that `tells` something does so on its standard output."""
    out = subprocess.PIPE if tells else subprocess.DEVNULL
    return subprocess.Popen(command, env=dict(environment), stdout=out, stderr=subprocess.DEVNULL)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and make it."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(look: Callable[[], T | None], process: subprocess.Popen[bytes], what: str) -> T:
    """What `look` finds in the end. Raises NotRun where the program ends before, or takes START_SECONDS."""
    stop = time.monotonic() + START_SECONDS
    while (found := look()) is None:
        if process.poll() is not None or time.monotonic() > stop:
            raise NotRun(f"{what} does not start here")
        time.sleep(LOOK_EVERY_SECONDS)
    return found
