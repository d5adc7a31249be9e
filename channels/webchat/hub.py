"""Wakes whoever is waiting for a conversation, inside one process, without sleeping."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock

WRITING_SECONDS = 6.0
"""How long "is writing" lasts after the last sign of it."""


class Hub:
    """A bell for each page that listens to a conversation, and who is at the keyboard in which.

    `recheck_seconds`: how often a waiter looks by itself, for what another process sent: the safety net.
    `seconds` gives a monotonic time.
    """

    def __init__(self, recheck_seconds: float = 2.0, seconds: Callable[[], float] = time.monotonic) -> None:
        self._recheck_seconds, self._seconds = recheck_seconds, seconds
        self._writing: dict[str, float] = {}
        self._bells: dict[str, dict[asyncio.Event, asyncio.AbstractEventLoop]] = {}
        self._lock = Lock()

    def notify(self, conversation: str) -> None:
        """Wake everybody who waits for `conversation`. Safe to call from any thread."""
        with self._lock:
            listening = list(self._bells.get(conversation, {}).items())
        for bell, loop in listening:
            with suppress(RuntimeError):  # the loop closed meanwhile: nobody is left to wake
                loop.call_soon_threadsafe(bell.set)

    def writes(self, conversation: str) -> None:
        """A practitioner is at the keyboard: a sign, never a word, and kept by this process only."""
        now = self._seconds()
        with self._lock:
            self._writing = {key: until for key, until in self._writing.items() if until > now}
            self._writing[conversation] = now + WRITING_SECONDS
        self.notify(conversation)

    def is_writing(self, conversation: str) -> bool:
        """Whether a practitioner was at the keyboard within the last WRITING_SECONDS."""
        return self._writing.get(conversation, 0.0) > self._seconds()

    def wrote(self, conversation: str) -> None:
        """What was being written has been sent."""
        with self._lock:
            self._writing.pop(conversation, None)

    async def wait(self, conversation: str, seconds: float, ready: Callable[[], Awaitable[bool]]) -> bool:
        """True as soon as `ready()` is; False when `seconds` have passed.

        The bell hangs before the first look, so that what happens between looking and waiting is not missed.
        """
        with self._listening(conversation) as bell:
            try:
                async with asyncio.timeout(seconds):
                    while not await ready():
                        await self._ring(bell)
            except TimeoutError:
                return False
        return True

    async def _ring(self, bell: asyncio.Event) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._recheck_seconds):
                await bell.wait()
        bell.clear()

    @contextmanager
    def _listening(self, conversation: str) -> Iterator[asyncio.Event]:
        bell = asyncio.Event()
        with self._lock:
            self._bells.setdefault(conversation, {})[bell] = asyncio.get_running_loop()
        try:
            yield bell
        finally:
            with self._lock:
                del self._bells[conversation][bell]
                if not self._bells[conversation]:
                    del self._bells[conversation]
