"""Wakes whoever is waiting for a conversation, inside one process, without sleeping."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock


class Hub:
    """A bell for each page that listens to a conversation.

    `recheck_seconds`: how often a waiter looks by itself, for what another process sent: the safety net.
    """

    def __init__(self, recheck_seconds: float = 2.0) -> None:
        self._recheck_seconds = recheck_seconds
        self._bells: dict[str, dict[asyncio.Event, asyncio.AbstractEventLoop]] = {}
        self._lock = Lock()

    def notify(self, conversation: str) -> None:
        """Wake everybody who waits for `conversation`. Safe to call from any thread."""
        with self._lock:
            listening = list(self._bells.get(conversation, {}).items())
        for bell, loop in listening:
            with suppress(RuntimeError):  # the loop closed meanwhile: nobody is left to wake
                loop.call_soon_threadsafe(bell.set)

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
