"""Blocking calls to a provider, off the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from channels.contract import SendError

T = TypeVar("T")
THREADS = 16


class OffLoop:
    """Threads for the calls to one provider; `timeout` is in seconds, for one connection and for one read."""

    def __init__(self, provider: str, timeout: float) -> None:
        self._provider, self._timeout = provider, timeout
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix=provider)

    async def call(self, blocking: Callable[[], T]) -> T:
        """Run a call in a thread; an answer drop by drop cannot hold us beyond two timeouts. Raises SendError."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(2 * self._timeout):
                return await loop.run_in_executor(self._threads, blocking)
        except TimeoutError:
            pass
        raise SendError(f"{self._provider}-timeout", retryable=True, unknown=True)

    def close(self) -> None:
        """Let go of the threads; a call under way ends at its timeout."""
        self._threads.shutdown(wait=False, cancel_futures=True)
